/** What is kept of a vendor's file: it is one month's alone, and of the kind it was before. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { BillingPeriod } from '../../src/core/billing-period.ts';
import { fileImport } from '../../src/relay/sources/registry.ts';
import { OCTOBER, startWorld, type CountingWorld } from './counting-world.ts';

jest.setTimeout(60_000);

const SEPTEMBER = '2026-09' as BillingPeriod;
const SEATS = (quantity: number): string => `Client,Product,Seats\nAcme Limited,Basic,${String(quantity)}\n`; // prettier-ignore
const MAILBOXES = 'Primary Domain,Active Mailboxes,Shared Mailboxes\nAcme Limited,4,2\n';

let folder = '';
let world: CountingWorld;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'mcc-imported-'));
});
afterEach(async () => {
  await world.stop();
  rmSync(folder, { recursive: true });
});

const path = (): string => join(folder, 'export.csv');

async function open(settings: Readonly<Record<string, unknown>> = {}): Promise<void> {
  const services = { Basic: 'BASIC', mailboxes: 'MAIL' };
  world = await startWorld([
    { id: 'files', adapter: fileImport, settings: { path: path(), ...settings }, services },
  ]);
}

async function take(content: string, period = OCTOBER, more: object = {}): Promise<void> {
  writeFileSync(path(), content);
  world.later(1);
  await world.counting.refresh({ period, ...more });
}

const said = async (): Promise<string> => (await world.health('files')).error?.message ?? '';

describe('a file', () => {
  it('is said by name, kind and why', async () => {
    await open();
    await take(SEATS(4));
    expect((await world.health('files')).file).toEqual({
      name: 'export.csv',
      profile: 'seat-list',
      reason: expect.stringContaining('recognised as') as unknown,
    });
    expect((await world.latest()).sources[0]?.file?.name).toBe('export.csv');
  });

  it('of one month is refused for another with both months, and the last good counts stay', async () => {
    await open();
    await take(SEATS(3), OCTOBER);
    await take(SEATS(4), SEPTEMBER);
    await take(SEATS(4), OCTOBER);
    expect(await world.health('files')).toMatchObject({ state: 'failed', error: { code: 'SOURCE_MALFORMED' } }); // prettier-ignore
    expect(await said()).toMatch(/counted for 2026-09\. .* 2026-10 too/);
    expect(await world.quantity((await world.latest()).clients[0]!.id, 'BASIC')).toBe('3');
  });

  it('is taken for the same month again, and for another once its own month has a better one', async () => {
    await open();
    await take(SEATS(4), SEPTEMBER);
    await take(SEATS(4), SEPTEMBER);
    await take(SEATS(5), SEPTEMBER);
    await take(SEATS(4), OCTOBER);
    expect(await world.health('files')).toMatchObject({ state: 'fresh', error: null });
  });
});

describe('the kind of file a vendor sends', () => {
  it('is remembered: another is refused with both, in whatever month', async () => {
    await open();
    await take(SEATS(4), SEPTEMBER);
    await take(MAILBOXES, OCTOBER);
    expect(await said()).toMatch(/kind "mailboxes".*"seat-list".*set "profile" to "mailboxes"/);
    expect((await world.health('files')).file).toBeUndefined();
  });

  it('is another once a person confirms it, for good, and the month before stays as it was', async () => {
    await open();
    await take(SEATS(4), SEPTEMBER);
    await take(MAILBOXES, OCTOBER, { confirmProfile: ['files'] });
    expect((await world.health('files')).file?.profile).toBe('mailboxes');
    await take(MAILBOXES.replace(',4,', ',5,'), OCTOBER);
    expect(await said()).toBe('');
    await take(SEATS(4), SEPTEMBER);
    const [september] = await world.counting.health(SEPTEMBER);
    expect(september).toMatchObject({ state: 'fresh', error: null });
  });

  it('is another once the settings say so', async () => {
    await open({ profile: 'mailboxes' });
    await take(MAILBOXES, SEPTEMBER);
    await take(SEATS(4), OCTOBER);
    expect(await said()).toContain('it is not');
    await take(MAILBOXES.replace(',4,', ',5,'), OCTOBER);
    expect((await world.health('files')).file?.reason).toContain('set to');
  });
});
