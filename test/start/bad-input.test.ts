// Everything bad of posting-safety 3.5 A, D and E through the front door: real sheets, a real relay
// over HTTPS, the stand-ins over HTTP. Each trouble is named with what to do; nothing is posted.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals'; // prettier-ignore
import { toDraft } from '../../src/core/drafts.ts';
import type { Snapshot, SourceHealth } from '../../src/core/model.ts';
import { sampleConfig } from '../../src/sample/config.ts';
import { FAULT_KINDS } from '../../src/sim/faults.ts';
import type { CellInput } from '../../src/workbook/memory-workbook.ts';
import { idOf, OCTOBER, startSmallMonth, type SmallMonth } from '../relay/small-month.ts';
import { BAD_CELLS, gridWith } from '../workbook/bad-cells.ts';
import { booksInTrouble } from './bad-input-books.ts';
import { configurations } from './bad-input-config.ts';
import { CREATE_FAULTS, VENDOR_FAULTS, type FaultKind } from './bad-input-faults.ts';
import { VENDORS } from './bad-input-vendors.ts';
import { closeSheet, fingerprint, flagsOf, withoutAdvice, wordsOf } from './bad-input-steps.ts';

// A slow machine is no fault: only a hanging test is.
jest.setTimeout(120_000);

const LATEST = `/api/periods/${OCTOBER}/snapshots/latest`;
const REFRESH = `/api/periods/${OCTOBER}/refresh`;

describe('A: a bad cell', () => {
  const HARBOR = { id: idOf(1), name: 'Harbor Dental', code: '00417' };
  const CUSTOMERS = [
    HARBOR,
    { id: idOf(2), name: 'Birch Law', code: '00418' },
    { id: idOf(3), name: 'Harbor 👩‍⚕️ Dental' },
    { id: idOf(4), name: 'Ha\u0301rbor'.normalize('NFC') },
  ];
  let month: SmallMonth;
  let snapshot: Snapshot;
  let before: string;
  beforeAll(async () => {
    month = await startSmallMonth(CUSTOMERS);
    snapshot = await month.good('GET', LATEST);
    before = await fingerprint(month);
  });
  afterEach(async () => {
    // Nothing of a bad cell reaches the store or the books.
    expect(await fingerprint(month)).toBe(before);
  });
  afterAll(() => month.stop());

  test('rows 1 to 34 are all there', () => {
    const numbers = new Set(BAD_CELLS.map(({ number }) => number));
    expect([...numbers]).toEqual(Array.from({ length: 34 }, (_, index) => index + 1));
  });

  test('20, 21: an hour is billed to the thousandth, in exact decimals', async () => {
    const services = snapshot.services.map((service) => ({ ...service, unit: 'hour' as const }));
    const billed = async (input: CellInput): Promise<unknown> => {
      const made = await closeSheet(gridWith('quantity', input), { ...snapshot, services });
      const lines = toDraft(made, 'Hours.xlsx', []).invoices.flatMap((invoice) => invoice.lines);
      const { quantity, amount } = lines.find(({ cell }) => cell === 'Oct 2026!C5') ?? {};
      return [quantity, amount];
    };
    expect(await billed(1.005)).toEqual(['1.005', '65.33']);
    expect(await billed({ value: 0.1 + 0.2, formula: '0.1+0.2' })).toEqual(['0.3', '19.50']);
  });

  test.each(BAD_CELLS.map((bad) => [`${String(bad.number)} ${bad.name}`, bad] as const))(
    '%s',
    async (_name, { sheet, verdict }) => {
      const made = await closeSheet(sheet, snapshot);
      const line = made.invoices.flatMap(({ lines }) => lines).find((one) => one.cell === 'Oct 2026!C5'); // prettier-ignore
      if (verdict.kind === 'blocks') {
        const found = flagsOf(made).filter(({ rule, blocks }) => blocks && rule === verdict.rule);
        expect(found.map(({ text }) => text)).toEqual(
          expect.arrayContaining([expect.stringMatching(verdict.says)]),
        );
        expect(withoutAdvice(found.map(({ text }) => text))).toEqual([]);
        expect(() => toDraft(made, 'Bad.xlsx', [])).toThrow(verdict.says);
        return;
      }
      const quantity = verdict.kind === 'reads' ? verdict.quantity : undefined;
      expect(line?.quantity).toBe(quantity);
      if (verdict.kind === 'reads' && verdict.rule) {
        // Read exactly, and still a person must look: as text it is not in the sheet's own sum.
        expect(flagsOf(made).map(({ text }) => text)).toEqual(
          expect.arrayContaining([expect.stringMatching(verdict.says ?? /./)]),
        );
        const words = wordsOf(() => toDraft(made, 'Bad.xlsx', []));
        expect(words).toMatch(/C5/);
        expect(withoutAdvice([words])).toEqual([]);
        return;
      }
      const billed = toDraft(made, 'Bad.xlsx', []).invoices.flatMap(({ lines }) => lines);
      expect(billed.find((one) => one.cell === 'Oct 2026!C5')?.quantity).toBe(
        quantity === '0' ? undefined : quantity,
      );
      expect(billed.find((one) => one.cell === 'Oct 2026!D6')?.amount).toBe('40.00');
    },
  );
});

test('every fault that a stand-in knows strikes the vendors and the books', () => {
  const struck = (faults: readonly { fault: FaultKind | null }[]) =>
    FAULT_KINDS.filter((kind) => !faults.some(({ fault }) => fault === kind));
  // A question that arrives twice is answered as one.
  expect(struck(VENDOR_FAULTS)).toEqual(['twice']);
  // A create has no pages; what the books show of it is patched when it is read back. What the
  // network doubles is found by the sweep (test/relay/books/hostile.test.ts).
  expect(struck(CREATE_FAULTS)).toEqual(['repeat-page', 'twice']);
});

describe('D: trouble with a vendor', () => {
  let month: SmallMonth;
  let good: Snapshot;
  beforeAll(async () => {
    month = await startSmallMonth([], (sim) => {
      const connections = VENDORS.map(({ connection }) => connection(sim));
      return { connections, services: sampleConfig(sim).services };
    });
    // Several pages of each list, so that a page can come twice.
    month.sim.standIns.setOptions({ pageSizeMax: 20 });
    good = await month.good('GET', LATEST);
    expect(good.sources.map(({ state }) => state)).toEqual(VENDORS.map(() => 'fresh'));
    expect(good.counts.length).toBeGreaterThan(200);
  });
  beforeEach(() => month.mend());
  afterAll(() => month.stop());

  test.each(VENDOR_FAULTS.map((one) => [one.name, one] as const))(
    '%s',
    async (_name, { fault, more, value, says }) => {
      for (const { system, values: bad } of VENDORS) {
        const values = value ? { set: bad[value] } : {};
        await month.fault({ system, match: { method: 'GET' }, fault, ...more, ...values });
      }
      const { sources } = await month.good<{ sources: SourceHealth[] }>('POST', REFRESH, {});
      for (const { title, state, error } of sources) {
        expect([title, state]).toEqual([title, 'failed']);
        expect(error?.code).toMatch(/^SOURCE_/);
        expect(error?.message).toContain(title);
        expect(error?.message).toMatch(says);
        expect(withoutAdvice([error?.remedy ?? ''])).toEqual([]);
      }
      const now = await month.good<Snapshot>('GET', LATEST);
      // The last good counts, whole: nothing became zero, nobody was forgotten.
      expect(now.counts).toEqual(good.counts);
      expect(now.sources.map(({ unmapped }) => unmapped)).toEqual(good.sources.map(({ unmapped }) => unmapped)); // prettier-ignore
      const { notices } = await closeSheet(gridWith('quantity', 3), now);
      for (const { title, error } of sources) {
        const told = notices.filter(({ text }) => text.startsWith(title) && text.includes(error?.remedy ?? '?')); // prettier-ignore
        expect(told.map(({ text }) => text)).toEqual([expect.stringMatching(/the counts of then are kept/)]); // prettier-ignore
      }
    },
  );

  test('once it is over, the same counts are fresh again', async () => {
    const { sources } = await month.good<{ sources: SourceHealth[] }>('POST', REFRESH, {});
    expect(sources.map(({ state, error }) => [state, error])).toEqual(VENDORS.map(() => ['fresh', null])); // prettier-ignore
    const { counts } = await month.good<Snapshot>('GET', LATEST);
    const bare = (all: Snapshot['counts']) => all.map((count) => ({ ...count, asOf: null }));
    expect(bare(counts)).toEqual(bare(good.counts));
  });
});

describe('D: trouble with the books', booksInTrouble);

describe('E: a bad configuration', configurations);
