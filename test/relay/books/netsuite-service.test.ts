/** How NetSuite is reached: so many at once, signed in by a key, the account that answers. */
import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it, jest } from '@jest/globals';
import { netsuite } from '../../../src/relay/accounting/netsuite.ts';
import { createHttp } from '../../../src/relay/http.ts';
import { NETSUITE_CREDENTIALS } from '../../../src/sim/books/netsuite-sign-in.ts';
import { booksWorld, created } from './books-world.ts';
import { keysOf } from './case.ts';
import { memoryTools } from './memory-tools.ts';
import { netsuiteBearer, netsuiteCase, netsuiteSettings, netsuiteSignIn } from './netsuite.ts';

// A slow machine is no fault: only a hanging test is.
jest.setTimeout(120_000);

const { openSim } = booksWorld(netsuiteCase);
const { replay } = booksWorld({ ...netsuiteCase, prelude: netsuiteSignIn });
const http = createHttp({ allowLoopback: true, random: () => 0, delay: () => Promise.resolve() });
const SEPTEMBER = { from: '2026-09-01', to: '2026-09-30' };

describe('at once', () => {
  it('stays below what the smallest account takes, reading a whole month', async () => {
    const { sim, company, content, ledger } = await openSim({ rateLimits: true, latencyMs: 5, recordExchanges: true });
    const own = ledger.get('document', await created(company, content, 1));
    if (!own) throw new Error('no document');
    for (let position = 0; position < 30; position += 1) {
      const id = String(8000 + position);
      ledger.put('document', id, { ...own, id, externalId: null });
    }
    expect(await company.list(SEPTEMBER)).toHaveLength(31);
    expect(sim.standIns.exchanges().filter(({ status }) => status === 429)).toEqual([]);
  });

  it('the stand-in does refuse six at once', async () => {
    const { sim } = await openSim({ rateLimits: true });
    const headers = await netsuiteBearer(sim);
    const ask = () => fetch(`${sim.url}/netsuite/services/rest/record/v1/customer?limit=1`, { headers });
    sim.standIns.setOptions({ rateLimits: true, latencyMs: 50 });
    const statuses = await Promise.all(Array.from({ length: 30 }, async () => (await ask()).status));
    expect(statuses).toContain(429);
  });
}); // prettier-ignore

describe('signing in', () => {
  it('again when the token ends; a create is not repeated by itself', async () => {
    const { sim, company, content } = await openSim();
    sim.standIns.revokeTokens();
    expect((await company.create(content, keysOf(1))).verdict).toBe('not sent');
    expect((await company.create(content, keysOf(1))).verdict).toBe('created');
    sim.standIns.revokeTokens();
    expect(await company.lookup(content, keysOf(1))).toMatchObject({ verdict: 'found' });
  });

  it('with another key is refused, and neither the key nor the statement is told', async () => {
    const { sim, content } = await openSim();
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    const settings = { ...netsuiteSettings(sim.url), privateKey: pem };
    const company = netsuite.connect(settings, http, memoryTools());
    const outcome = await company.create(content, keysOf(1));
    expect(outcome).toMatchObject({ verdict: 'not sent', reason: expect.stringMatching(/sign-in refused/) });
    expect(JSON.stringify(outcome)).not.toMatch(/PRIVATE|eyJ/);
    await expect(company.customers()).rejects.toMatchObject({ code: 'SOURCE_REFUSED' });
  });

  it.each([
    ['no key', 'canary'],
    ['a certificate', '-----BEGIN CERTIFICATE-----\ncanary\n-----END CERTIFICATE-----'],
    ['a key of another kind', ed25519()],
  ])('%s is refused before anything is asked', (_what, privateKey) => {
    const settings = { ...netsuiteSettings('http://127.0.0.1:9'), privateKey };
    expect(() => netsuite.parseSettings(settings)).toThrow(/privateKey: is not the private key of the certificate/);
  });

  it('goes to the address of the account alone', () => {
    const settings = (accountId: string) => ({ ...NETSUITE_CREDENTIALS, accountId });
    for (const accountId of ['1234567', '1234567_SB1', 'TSTDRV1234567']) {
      expect(() => netsuite.parseSettings(settings(accountId))).not.toThrow();
    }
    for (const accountId of ['evil.example/', '1234567-sb1.evil', '', '1@2']) {
      expect(() => netsuite.parseSettings(settings(accountId))).toThrow(/accountId: is the id of the account/);
    }
    expect(() => netsuite.parseSettings({ ...settings('1'), baseUrl: 'https://evil.example' })).toThrow(/baseUrl/);
  });
}); // prettier-ignore

describe('the account', () => {
  it('is the one that answers, by its own address', async () => {
    const href = 'https://1234567-sb1.suitetalk.api.netsuite.com/services/rest/record/v1/customer?limit=1&offset=0';
    const { company } = await replay(() => ({ body: { links: [{ rel: 'self', href }], items: [] } }));
    expect(await company.identity()).toMatchObject({ id: '1234567_SB1', name: 'NetSuite account 1234567_SB1' });
    const nobody = await replay(() => ({ body: { links: [], items: [] } }));
    await expect(nobody.company.identity()).rejects.toMatchObject({ code: 'SOURCE_MALFORMED' });
  });
}); // prettier-ignore

function ed25519(): string {
  const { privateKey } = generateKeyPairSync('ed25519');
  return privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
}
