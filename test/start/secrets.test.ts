// The parts as real processes: where they listen, and that twelve secrets appear nowhere.
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import type { Batch } from '../../src/contract/contract.ts';
import { CREDENTIALS, sampleConfig } from '../../src/sample/config.ts';
import type { RunningProcess } from '../../src/start/child-process.ts';
import { startRelay, startStandIns, type RelayReady, type StandInsReady } from '../../src/start/parts.ts'; // prettier-ignore
import { writeSampleWorkbook } from '../../src/start/sample-workbook.ts';
import { unpackXlsx } from '../../src/workbook/xlsx-container.ts';
import { makeFolder, send, type Answer } from '../relay/fixture.ts';
import { listenersOf, onLinux } from '../relay/listeners.ts';
import { draftFor, OCTOBER, SUNDAY } from '../relay/small-month.ts';

// A slow machine is no fault: only a hanging test is.
jest.setTimeout(120_000);

/** Eight that the stand-ins accept, and four that they refuse and repeat in their words. */
const WRONG = ['0', '1', '2', '3'].map((number) => `canary-${number}-7f3a9c21e5`);
const SECRETS = [...Object.values(CREDENTIALS).flatMap((own) => Object.values(own)), ...WRONG];

const folder = makeFolder();
const data = join(folder, 'data');
const env: NodeJS.ProcessEnv = { PATH: process.env['PATH'] };
const said: string[] = [];
let standIns: RunningProcess<StandInsReady>;
let relay: RunningProcess<RelayReady>;
let token: string | null = null;

/** Every second secret comes from the environment, every other one from a file. */
function hidden(value: string): object {
  const index = SECRETS.indexOf(value);
  const name = `MCC_SECRET_${String(index)}`;
  if (index % 2 === 0) {
    env[name] = value;
    return { env: name };
  }
  const file = join(folder, 'secrets', name);
  writeFileSync(file, `${value}\n`, { mode: 0o600 });
  return { file };
}

function configFor(url: string): object {
  const { connections, services } = sampleConfig(url);
  const hide = (settings: object): object =>
    Object.fromEntries(
      Object.entries(settings as Record<string, string>).map(([key, value]) => [key, SECRETS.includes(value) ? hidden(value) : value]), // prettier-ignore
    );
  const [zero = '', one = '', two = '', three = ''] = WRONG;
  const wrong = [
    { id: 'ninja-2', adapter: 'ninjaone', settings: { baseUrl: `${url}/ninjaone`, clientId: zero, clientSecret: one } },
    { id: 'huntress-2', adapter: 'huntress', settings: { baseUrl: `${url}/huntress`, apiKey: two, apiSecret: three } },
  ]; // prettier-ignore
  const books = { baseUrl: `${url}/conductor/v1`, ...CREDENTIALS.conductor };
  return {
    profile: 'lab', currency: 'USD', timeZone: 'America/Chicago', services,
    connections: [...connections, ...wrong].map((each) => ({ ...each, settings: hide(each.settings) })),
    books: { adapter: 'conductor', settings: hide(books) },
  }; // prettier-ignore
}

async function ask(method: string, path: string, body?: unknown): Promise<Answer> {
  const ca = readFileSync(relay.ready.certificate, 'utf8');
  const port = Number(new URL(relay.ready.url).port);
  const headers = token === null ? {} : { authorization: `Bearer ${token}` };
  const answer = await send({ ca, port }, { method, path, body, headers });
  said.push(answer.text, JSON.stringify(answer.headers));
  return answer;
}

const sim = async (path: string, body?: object): Promise<string> => {
  const post = body && { method: 'POST', body: JSON.stringify(body) };
  const answer = await fetch(`${standIns.ready.url}/_sim/${path}`, post ?? {});
  if (!answer.ok) throw new Error(await answer.text());
  return answer.text();
};

beforeAll(async () => {
  mkdirSync(join(folder, 'secrets'), { mode: 0o700 });
  standIns = await startStandIns({ state: join(folder, 'stand-ins'), world: 'quiet' });
  const config = join(folder, 'relay.json');
  writeFileSync(config, JSON.stringify(configFor(standIns.ready.url)), { mode: 0o600 });
  relay = await startRelay({ config, data, port: 0, env });
  for (const { child } of [relay, standIns]) {
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on('data', (bytes: Buffer | string) => said.push(bytes.toString()));
    }
  }
});
afterAll(async () => {
  await relay.stop();
  await standIns.stop();
  rmSync(folder, { recursive: true, force: true });
});

onLinux('relay and stand-ins listen on this machine alone', () => {
  for (const { child, ready } of [relay, standIns]) {
    const own = listenersOf(child.pid ?? 0);
    expect(own.map(({ port }) => port)).toContain(Number(new URL(ready.url).port));
    for (const { address } of own) expect(['127.0.0.1', '::1']).toContain(address);
  }
});

test('twelve secrets appear in no log, answer, database, workbook or other file', async () => {
  expect(new Set(SECRETS).size).toBe(12);
  await sim('options', { recordExchanges: true, rateLimits: false });
  const echo = {
    message: `No: ${SECRETS.join(' ')}`,
    userFacingMessage: `No: ${SECRETS.join(' ')}`,
  };
  const error = { ...echo, type: 'INVALID_REQUEST_ERROR', code: 'X', httpStatusCode: 400 };
  const path = '/quickbooks-desktop/invoices';
  await sim('faults', { system: 'conductor', match: { method: 'POST', path }, nth: 1, fault: 'status', status: 400, body: { error } }); // prettier-ignore
  await sim('faults', {
    system: 'pax8',
    match: { method: 'GET' },
    fault: 'status',
    status: 403,
    body: echo,
  });

  token = (await ask('POST', '/api/pair', { code: relay.ready.code })).json.token as string;
  await ask('POST', '/_test/clock', { now: SUNDAY });
  const refreshed = await ask('POST', `/api/periods/${OCTOBER}/refresh`, {});
  const states = (refreshed.json.sources as { id: string; state: string }[]).map(({ id, state }) => `${id} ${state}`); // prettier-ignore
  expect(states).toEqual(['ninjaone fresh', 'pax8 failed', 'huntress fresh', 'ninja-2 failed', 'huntress-2 failed']); // prettier-ignore
  const snapshot = (await ask('GET', `/api/periods/${OCTOBER}/snapshots/latest`)).json;
  const [client] = snapshot.clients as { id: string; name: string }[];
  if (!client) throw new Error('the books have customers');
  const draft = draftFor([client]);
  const batch = (await ask('POST', '/api/batches', { key: 'k', draft })).json as Batch;
  await ask('POST', `/api/batches/${batch.id}/approve`, { digest: batch.digest, version: 1 });
  await ask('POST', `/api/batches/${batch.id}/post`, { key: 'post', digest: batch.digest });
  const rejected = await settled(batch);
  expect(rejected.postings).toMatchObject([{ state: 'REJECTED', clientName: client.name }]);
  const [posting] = rejected.postings;
  await ask('POST', `/api/batches/${batch.id}/postings/${posting?.key ?? ''}/decide`, { choice: 'retry' }); // prettier-ignore
  expect((await settled(batch)).state).toBe('COMPLETED');
  await ask('POST', `/api/batches/${batch.id}/spot-checks`, {});
  for (const path of ['/health', '/openapi.json', '/api/session', '/api/sources', '/api/mappings', '/api/audit', '/api/nothing', '/']) await ask('GET', path); // prettier-ignore
  // The headers carry credentials by nature, and what the stand-ins repeated on purpose is theirs.
  const { exchanges } = JSON.parse(await sim('exchanges')) as { exchanges: { fault: unknown }[] };
  const bodies = exchanges
    .filter(({ fault }) => fault === null)
    .map((exchange) => ({ ...exchange, requestHeaders: null }));
  said.push(JSON.stringify(bodies), await sim('books'));
  await writeSampleWorkbook(join(data, 'billing.xlsx'), 'quiet');
  await relay.stop();

  const files = [
    ...filesOf(data),
    ...filesOf(join(folder, 'stand-ins')),
    join(folder, 'relay.json'),
  ];
  expect(files.map((file) => file.split('/').at(-1))).toEqual(
    expect.arrayContaining(['relay.log', 'relay.sqlite', 'billing.xlsx', 'books.jsonl']),
  );
  const texts = [...said, ...files.flatMap(textsOf)];
  expect(texts.length).toBeGreaterThan(50);
  for (const secret of SECRETS) {
    const basic = Buffer.from(secret).toString('base64').slice(0, -4);
    const found = texts.filter((text) => text.includes(secret) || text.includes(basic));
    expect([secret, found.map((text) => text.slice(0, 300))]).toEqual([secret, []]);
  }
});

/** Looks until nothing is on its way any more. */
async function settled({ id }: Batch): Promise<Batch> {
  for (let looks = 0; looks < 100; looks += 1) {
    const seen = (await ask('GET', `/api/batches/${id}`)).json as Batch;
    if (seen.state !== 'POSTING') return seen;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`Batch ${id} does not come to rest.`);
}

const filesOf = (root: string): string[] =>
  readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name));

/** A workbook is packed: what it holds is looked at part by part. */
function textsOf(file: string): string[] {
  const bytes = readFileSync(file);
  const parts = file.endsWith('.xlsx') ? [...unpackXlsx(bytes, file).values()] : [bytes];
  return parts.flatMap((part) => [part.toString('latin1'), part.toString('utf16le')]);
}
