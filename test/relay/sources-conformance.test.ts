/** One test for every source of the registry, over real HTTP, from its recording. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { parsePeriod } from '../../src/core/billing-period.ts';
import { AppError, type ErrorCode } from '../../src/core/errors.ts';
import { createHttp, type Http } from '../../src/relay/http.ts';
import * as registry from '../../src/relay/sources/registry.ts';
import type { CountSource } from '../../src/relay/sources/source.ts';
import { isQuestion, recordingOf, replay, type Recording } from './recording.ts';
import { startServer, type Reply, type Seen, type Server } from './replay-server.ts';

// A slow machine is no fault: only a hanging test is.
jest.setTimeout(60_000);

const sources: readonly CountSource[] = Object.values(registry);
const CANARY = /canary/;
/** A slow machine must not make an answer late; where none comes, three times this is waited. */
const [LATE_MS, HANG_MS] = [20_000, 150];
const waits: number[] = [];
const httpWaiting = (timeoutMaxMs: number): Http =>
  createHttp({
    allowLoopback: true,
    now: () => Date.parse('2026-10-31T10:00:00Z'),
    random: () => 0.5,
    timeoutMaxMs,
    delay: (ms) => {
      waits.push(ms);
      return Promise.resolve();
    },
  });
const http = httpWaiting(LATE_MS);
const impatient = httpWaiting(HANG_MS);

let server: Server | null = null;
let folder = '';
beforeEach(() => {
  waits.length = 0;
  folder = mkdtempSync(join(tmpdir(), 'mcc-sources-'));
});
afterEach(async () => {
  await server?.close();
  server = null;
  rmSync(folder, { recursive: true });
});

it('has a recording of every source', () => {
  expect(sources.length).toBeGreaterThan(3);
  for (const { id } of sources) expect(recordingOf(id).counts.length).toBeGreaterThan(3);
});

it('has an id and a title nobody else has', () => {
  expect(new Set(sources.map(({ id }) => id)).size).toBe(sources.length);
  expect(new Set(sources.map(({ title }) => title)).size).toBe(sources.length);
});

describe.each(sources.map((source) => [source.id, source] as const))('%s', (id, source) => {
  const recording = recordingOf(id);
  const period = parsePeriod(recording.period);

  it('counts what the recording holds, over all pages', async () => {
    const answer = await countFrom(source, recording, (seen) => replay(recording, seen));
    expect(answer.counts).toEqual(recording.counts);
    expect(answer.asOf).toBe(recording.asOf ?? null);
    if (source.kind === 'api') expect(server?.seen.length).toBe(recording.exchanges.length);
  });

  it('names the first missing setting and asks nobody', async () => {
    for (const name of Object.keys(recording.settings)) {
      if (recording.optional?.includes(name)) continue;
      const settings = { ...recording.settings, [name]: undefined };
      const error = await failure(() => source.count(settings, period, http));
      expect(error).toMatchObject({ code: 'SETUP_MISSING' });
      expect(error.message).toContain(source.title);
      expect(error.message).toMatch(new RegExp(`${name}: (is missing|name either)`));
      expect(error.message).not.toMatch(CANARY);
    }
  });

  it('refuses a setting it does not know', () => {
    expect(() => source.parseSettings({ ...recording.settings, colour: 'red' })).toThrow(AppError);
  });
});

const apis = sources.filter(({ kind }) => kind === 'api');
describe.each(apis.map((source) => [source.id, source] as const))('%s over HTTP', (id, source) => {
  const recording = recordingOf(id);
  const isData = (seen: Seen): boolean => isQuestion(recording, seen);

  const bad: readonly (readonly [string, Reply, ErrorCode])[] = [
    ['refused credentials', { status: 401, body: { error: 'canary-body' } }, 'SOURCE_REFUSED'],
    ['missing rights', { status: 403, body: { error: 'canary-body' } }, 'SOURCE_REFUSED'],
    ['a request it does not take', { status: 400, body: { error: 'no' } }, 'SOURCE_REFUSED'],
    ['too many requests, for ever', { status: 429, body: '' }, 'SOURCE_BUSY'],
    ['500 for ever', { status: 500, body: 'oops' }, 'SOURCE_DOWN'],
    ['502 of a proxy', { status: 502, body: '<html>Bad gateway</html>' }, 'SOURCE_DOWN'],
    ['503', { status: 503, body: '' }, 'SOURCE_DOWN'],
    ['a broken connection', { reset: true }, 'SOURCE_DOWN'],
    ['no answer', { hang: true }, 'SOURCE_DOWN'],
    ['an empty body', { body: '' }, 'SOURCE_MALFORMED'],
    ['a log-in page', { body: '<!doctype html><title>Sign in</title>' }, 'SOURCE_MALFORMED'],
    ['text', { body: 'hello' }, 'SOURCE_MALFORMED'],
    ['a number', { body: '12' }, 'SOURCE_MALFORMED'],
    ['an object without the list', { body: { renamed: [] } }, 'SOURCE_MALFORMED'],
    ['202', { status: 202, body: {} }, 'SOURCE_MALFORMED'],
    ['a redirect', { status: 302, headers: { location: 'http://127.0.0.1:9/x' }, body: '' }, recording.redirect ?? 'SOURCE_MALFORMED'],
  ]; // prettier-ignore

  it.each(bad)('%s has one code and no secret in its message', async (_what, reply, code) => {
    const error = await failure(() =>
      countFrom(
        source,
        recording,
        (seen) => (isData(seen) ? reply : replay(recording, seen)),
        'hang' in reply ? impatient : http,
      ),
    );
    expect(error).toMatchObject({ code });
    expect(error.message).toContain(source.title);
    expect(`${error.message} ${JSON.stringify(error.cause)}`).not.toMatch(CANARY);
  });

  it('a cut answer is malformed or down, never a shorter list', async () => {
    const error = await failure(() =>
      countFrom(source, recording, (seen) => {
        const whole = replay(recording, seen);
        return isData(seen) ? { ...whole, cutAt: 20 } : whole;
      }),
    );
    expect(['SOURCE_MALFORMED', 'SOURCE_DOWN']).toContain(error.code);
  });

  it('a JSON text that ends early is malformed', async () => {
    const error = await failure(() =>
      countFrom(source, recording, (seen) => {
        const text = JSON.stringify(replay(recording, seen).body);
        return { body: isData(seen) ? text.slice(0, -3) : text };
      }),
    );
    expect(error.code).toBe('SOURCE_MALFORMED');
  });

  it('an empty list is a fault and not a month without customers', async () => {
    const error = await failure(() =>
      countFrom(source, recording, (seen) => {
        const reply = replay(recording, seen);
        return isData(seen) ? { ...reply, body: nothingAt(recording, seen.path) } : reply;
      }),
    );
    expect(error).toMatchObject({ code: 'SOURCE_MALFORMED' });
    expect(error.message).toContain(`it lists no ${recording.nothing?.what ?? ''} at all`);
  });

  it('waits as told after 429 and then counts', async () => {
    const busy = { status: 429, headers: { 'retry-after': '7' }, body: '' };
    let first = true;
    const answer = await countFrom(source, recording, (seen) => {
      const isFirst = first && isData(seen);
      first &&= !isFirst;
      return isFirst ? busy : replay(recording, seen);
    });
    expect(answer.counts).toEqual(recording.counts);
    expect(waits).toEqual([7000]);
  });

  it('stops when the list gives the same page again and again', async () => {
    const [first] = recording.exchanges.filter(
      ({ request }) => request.method === 'GET' || request.question !== undefined,
    );
    const error = await failure(() =>
      countFrom(source, recording, (seen) =>
        isData(seen) ? (first?.response ?? {}) : replay(recording, seen),
      ),
    );
    expect(error.code).toBe('SOURCE_MALFORMED');
    expect(server?.seen.length).toBeLessThan(Math.max(10, recording.exchanges.length + 1));
  });

  const numbers = recording.numbers ?? [];
  if (numbers.length > 0) it.each<readonly [string, unknown]>([['null', null], ['text', '12'], ['negative', -1], ...(recording.decimals ? [] : [['half', 0.5] as const]), ['1e400', '1e400']])(
    'a count that is %s is never a number', async (what, value) => {
      const error = await failure(() =>
        countFrom(source, recording, (seen) => {
          const reply = replay(recording, seen);
          const text = JSON.stringify(reply.body)
            .replace(new RegExp(`("(?:${numbers.join('|')})"):"?[\\d.]+"?`), `$1:${what === '1e400' ? '1e400' : JSON.stringify(value)}`);
          return isData(seen) ? { ...reply, body: text } : reply;
        }),
      );
      expect(error.code).toBe('SOURCE_MALFORMED');
      expect(error.message).toMatch(new RegExp(numbers.join('|')));
    },
  ); // prettier-ignore

  it('a dead service is down', async () => {
    const gone = await startServer(() => ({}));
    await gone.close();
    const settings = { ...recording.settings, baseUrl: gone.url };
    const error = await failure(() => source.count(settings, parsePeriod('2026-10'), http));
    expect(error.code).toBe('SOURCE_DOWN');
    expect(error.message).toContain('ECONNREFUSED');
  });

  it('sends the credentials to no address but its own table or loopback', async () => {
    for (const baseUrl of ['https://evil.example', 'http://10.0.0.1', 'http://127.0.0.1@evil.example', 'ftp://127.0.0.1']) {
      const settings = { ...recording.settings, baseUrl };
      const error = await failure(() => source.count(settings, parsePeriod('2026-10'), http));
      expect(error.code).toBe('SETUP_MISSING');
    } // prettier-ignore
    const strict = createHttp();
    const settings = { ...recording.settings, baseUrl: 'http://127.0.0.1:9' };
    const error = await failure(() => source.count(settings, parsePeriod('2026-10'), strict));
    expect(error).toMatchObject({ code: 'SETUP_MISSING' });
    expect(error.message).toContain('sample and lab');
  });
});

describe.each(
  apis.filter(({ id }) => recordingOf(id).exchanges.some(({ request }) => request.method === 'POST' && request.question === undefined)).map((one) => [one.id, one] as const),
)('%s signing in', (id, source) => {
  const recording = recordingOf(id);
  const signIns = recording.exchanges.filter(
    ({ request }) => request.method === 'POST' && request.question === undefined,
  ).length;

  it('signs in once more when the token runs out between two pages', async () => {
    let asked = 0;
    const answer = await countFrom(source, recording, (seen) => {
      if (!isQuestion(recording, seen)) return replay(recording, seen);
      asked += 1;
      return asked === 2 ? { status: 401, body: '' } : replay(recording, seen);
    });
    expect(answer.counts).toEqual(recording.counts);
    const again = (server?.seen.filter((one) => !isQuestion(recording, one)).length ?? 0) - signIns;
    expect(again).toBeGreaterThan(0);
    expect(again).toBeLessThanOrEqual(signIns);
  });

  it.each([400, 401])('says so when signing in is refused with %i', async (status) => {
    const error = await failure(() =>
      countFrom(source, recording, () => ({ status, body: { error: 'invalid_client' } })),
    );
    expect(error.code).toBe('SOURCE_REFUSED');
    expect(error.message).not.toMatch(CANARY);
    // Each account that is signed in to on its own is tried once.
    expect(server?.seen.length).toBeLessThanOrEqual(signIns);
  });
}); // prettier-ignore

async function countFrom(
  source: CountSource,
  recording: Recording,
  answer: (seen: Seen) => Reply,
  by = http,
) {
  const period = parsePeriod(recording.period);
  if (source.kind === 'file') {
    const path = join(folder, String(recording.settings.path));
    writeFileSync(path, recording.file ?? '');
    return source.count({ ...recording.settings, path }, period, by);
  }
  server = await startServer(answer);
  return source.count({ ...recording.settings, baseUrl: server.url }, period, by);
}

function nothingAt({ nothing }: Recording, path: string): unknown {
  const other = Object.entries(nothing?.others ?? {}).find(([end]) => path.endsWith(end));
  return other ? other[1] : nothing?.body;
}

async function failure(work: () => Promise<unknown>): Promise<AppError> {
  try {
    await work();
  } catch (error) {
    if (error instanceof AppError) return error;
    throw error;
  }
  throw new Error('it succeeded');
}
