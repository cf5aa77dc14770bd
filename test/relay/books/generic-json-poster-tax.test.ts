/** A description whose lines carry a tax code: the codes are listed, and each line needs one. */
import { describe, expect, it, jest } from '@jest/globals';
import type { InvoiceContent } from '../../../src/core/model.ts';
import { genericJsonPoster } from '../../../src/relay/accounting/generic-json-poster.ts';
import { booksWorld, created } from './books-world.ts';
import { keysOf } from './case.ts';
import { posterSettings, posterWithout } from './generic-json-poster.ts';

// A slow machine is no fault: only a hanging test is.
jest.setTimeout(120_000);

const TAX_CODES = {
  list: { path: '/none/tax-codes', rows: '/codes', total: '/total' },
  row: { id: '/code', name: '/name', active: { at: '/open', equals: true } },
};
type Settings = ReturnType<ReturnType<typeof posterSettings>>;

/** The lines of these documents name a place for the code. */
function coded(documents: readonly ('invoice' | 'creditMemo')[], more: object) {
  return (address: string): Settings => {
    const settings = structuredClone(posterSettings('none')(address));
    for (const document of documents) {
      Object.assign(settings[document].create.body.lines.fields, { '/taxCode': 'taxCodeId' });
    }
    return { ...settings, ...more };
  };
}
const settings = coded(['invoice', 'creditMemo'], { taxCodes: TAX_CODES });
const { openSim } = booksWorld({ ...posterWithout, settings });
const taxOf = (of: typeof settings): string =>
  genericJsonPoster.configured(of('http://127.0.0.1:9')).limits.tax;

const withCode = (content: InvoiceContent, taxCodeId: string): InvoiceContent => ({
  ...content,
  lines: content.lines.map((line) => ({ ...line, taxCodeId })),
});

describe('a tax code on each line', () => {
  it('is one of the list, and arrives', async () => {
    const { company, content, ledger } = await openSim();
    expect(await company.taxCodes?.()).toEqual([
      { id: 'S', name: 'Standard', active: true },
      { id: 'Z', name: 'Zero rated', active: true },
      { id: 'OLD', name: 'Before 2020', active: false },
    ]);
    const one = withCode(content, 'Z');
    expect(company.checkLimits(one, keysOf(1))).toBeNull();
    await created(company, one, 1);
    await created(company, { ...one, document: 'credit memo' }, 2);
    const codes = ledger.all('document').map(({ lines }) => lines.map(({ taxCode }) => taxCode));
    expect(new Set(codes.flat())).toEqual(new Set(['Z']));
    expect(codes).toHaveLength(2);
    expect(await company.create(withCode(content, 'OLD'), keysOf(3))).toMatchObject({
      verdict: 'rejected',
      reason: 'There is no tax code OLD.',
    });
  });

  it('is asked for where there is none, by the setting that gives it', async () => {
    const { company, content } = await openSim();
    const words =
      'line 1, tax code: JSON books needs one on each line: name it in books.tax.default';
    expect(company.checkLimits(content, keysOf(1))).toBe(words);
  });

  it('is asked for too where only credit memos carry it', () => {
    expect(taxOf(settings)).toBe('code per line');
    expect(taxOf(coded(['creditMemo'], { taxCodes: TAX_CODES }))).toBe('code per line');
    expect(taxOf(coded([], {}))).toBe('books');
  });

  it.each(['invoice', 'creditMemo'] as const)('needs the list of codes, for %s too', (document) => {
    const without = coded([document], {})('http://127.0.0.1:9');
    expect(() => genericJsonPoster.parseSettings(without)).toThrow(
      /taxCodes: a line takes taxCodeId, so say where the codes are listed/,
    );
  });
});
