/** The lab: by its configuration file alone everything a relay talks to is somebody else's. */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { loadConfig, parseConfig } from '../../src/relay/config.ts';
import { openConnections } from '../../src/relay/connections.ts';
import { plainConfig, startTestRelay, type TestRelay } from './fixture.ts';
import { startServer, type Server } from './replay-server.ts';

jest.setTimeout(60_000);

interface Operation {
  readonly operationId: string;
  readonly security: readonly unknown[];
  readonly parameters: readonly { readonly in: string; readonly name: string }[];
}
interface OpenApi {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
}

const CODE = 'ATTACKME00';

describe('a lab relay with nothing in hand but its address', () => {
  let clock: Server;
  let time = '2031-02-28T23:59:59.000Z';
  let relay: TestRelay;
  let document: OpenApi;
  beforeAll(async () => {
    clock = await startServer(() => ({ body: { now: time } }));
    const lab = { clockUrl: `${clock.url}/clock`, pairingCode: CODE };
    relay = await startTestRelay({ ...plainConfig(), lab });
    document = (await relay.ask({ path: '/openapi.json' })).json as OpenApi;
  });
  afterAll(async () => {
    await relay.remove();
    await clock.close();
  });
  const pathOf = (id: string): string =>
    Object.entries(document.paths).find(([, operations]) =>
      Object.values(operations).some(({ operationId }) => operationId === id),
    )?.[0] ?? '';
  const pair = () => relay.ask({ method: 'POST', path: pathOf('pair'), body: { code: CODE } });

  it('pairs as often as the code of the file is offered', async () => {
    const tokens = [await pair(), await pair()].map(({ json }) => json.token as string);
    expect(new Set(tokens).size).toBe(2);
    for (const token of tokens) {
      const headers = { authorization: `Bearer ${token}` };
      expect((await relay.ask({ path: pathOf('session'), headers })).status).toBe(200);
    }
    const wrong = { method: 'POST', path: pathOf('pair'), body: { code: 'WRONG00000' } };
    expect((await relay.ask(wrong)).status).toBe(403);
  });

  it('lives in the time of the clock it is pointed at', async () => {
    // A token ends after thirty idle days, so each look in another year has its own.
    const seen = async (): Promise<string> => {
      const { token } = (await pair()).json as { token: string };
      const headers = { authorization: `Bearer ${token}` };
      return String((await relay.ask({ path: pathOf('session'), headers })).json.now);
    };
    expect((await seen()).slice(0, 16)).toMatch(/^2031-0(2-28T23:59|3-01T00:00)$/);
    time = '2032-02-29T12:00:00.000Z';
    const asked = clock.seen.length;
    while (clock.seen.length < asked + 2) await new Promise((done) => setImmediate(done));
    expect((await seen()).slice(0, 10)).toBe('2032-02-29');
  });

  it('answers every operation of /openapi.json asked wrongly with a problem, never a defect', async () => {
    const { token } = (await pair()).json as { token: string };
    const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
    );
    expect(operations.length).toBeGreaterThan(15);
    for (const { path, method, operation } of operations) {
      const hostile = path.replaceAll(/\{\w+\}/g, encodeURIComponent("../'; drop table batch;--"));
      const body = method === 'get' ? {} : { body: { constructor: 1, key: null } };
      const asked = { method: method.toUpperCase(), path: hostile, ...body };
      const strange = await relay.ask(asked);
      const known = await relay.ask({ ...asked, headers: { authorization: `Bearer ${token}` } });
      const where = `${method} ${path}`;
      if (operation.security.length > 0) expect([where, strange.status]).toEqual([where, 403]);
      expect({ where, status: known.status, isDefect: known.status >= 500 && known.status !== 502 }).toMatchObject({ where, isDefect: false });
      if (known.status >= 400) expect([where, known.json?.code, known.json?.remedy]).toEqual([where, expect.any(String), expect.any(String)]);
    }
  }); // prettier-ignore
});

describe('the keys of the lab', () => {
  it.each(['local', 'sample'])('are refused in the %s profile', (profile) => {
    const config = { ...plainConfig(), profile, lab: { pairingCode: CODE } };
    expect(() => parseConfig(config, {})).toThrow('lab: is for the lab profile only. Remove it.');
  });

  it.each([
    [{ clockUrl: 'https://time.example/now' }, 'lab.clockUrl: must be this machine'],
    [{ clockUrl: 'http://10.0.0.1/now' }, 'lab.clockUrl: must be this machine'],
    [{ pairingCode: 'short' }, 'lab.pairingCode: must be 10 digits or capitals'],
    [{ clock: 'x' }, 'lab.clock: this key is not known'],
  ])('are checked: %j', (lab, words) => {
    expect(() => parseConfig({ ...plainConfig(), lab }, {})).toThrow(words);
  });

  it('stop the start when the clock does not answer, and say what it should say', async () => {
    const gone = await startServer(() => ({}));
    await gone.close();
    const lab = { clockUrl: gone.url };
    await expect(startTestRelay({ ...plainConfig(), lab })).rejects.toThrow(
      /lab\.clockUrl: .* does not answer with \{"now"/,
    );
  });

  it('stand in an example that is accepted as it is', () => {
    const { config } = loadConfig('docs/lab.example.json', {});
    expect(openConnections(config).sources).toHaveLength(1);
    expect(JSON.parse(readFileSync('docs/lab.example.json', 'utf8'))).toMatchObject({
      lab: { pairingCode: CODE },
    });
  });
});
