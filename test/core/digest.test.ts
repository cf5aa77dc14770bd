import { createHash } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import canonicalize from 'canonicalize';
import fc from 'fast-check';
import { compareWithApproved } from '../../src/core/approval.ts';
import { batchDigest, canonicalText, invoiceDigest } from '../../src/core/digest.ts';
import type { DraftInvoice } from '../../src/core/drafts.ts';
import { toInvoiceContent } from '../../src/core/invoices.ts';
import type { InvoiceContent } from '../../src/core/model.ts';
import {
  lineAmount,
  negateAmount,
  parseQuantity,
  parseUnitPrice,
  sumAmounts,
} from '../../src/core/money.ts';
import { PERIOD, USD } from './make.ts';
import { property, RUNS } from './property.ts';

// The package is CommonJS with ES typings: at run time its default is the function.
const rfc8785 = canonicalize as unknown as (value: unknown) => string;
const sha256 = (text: string): string => createHash('sha256').update(text, 'utf8').digest('hex');

describe('canonical text', () => {
  const json = fc.letrec<{ value: unknown }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 4 },
      fc.string({ unit: 'binary' }).filter((text) => text.isWellFormed()),
      fc.maxSafeInteger(), fc.boolean(), fc.constant(null),
      fc.array(tie('value'), { maxLength: 5 }),
      fc.dictionary(fc.string().filter((text) => text !== '__proto__'), tie('value'), { maxKeys: 6 }),
    ),
  })).value; // prettier-ignore

  property(
    'equals that of the package "canonicalize" (RFC 8785)',
    [json],
    (value) => {
      expect(canonicalText(value)).toBe(rfc8785(value));
      expect(canonicalText(JSON.parse(canonicalText(value)))).toBe(canonicalText(value));
    },
    RUNS * 2,
  );

  test('is written as RFC 8785 writes it', () => {
    expect(
      canonicalText({ b: 1, a: [true, null, 'é\u20ac\n"\\'], '\u{1f600}': 0, '\ufb33': -0 }),
    ).toBe('{"a":[true,null,"é€\\n\\"\\\\"],"b":1,"\u{1f600}":0,"\ufb33":0}');
    expect(canonicalText({ a: undefined, b: '' })).toBe('{"b":""}');
  });

  test.each([
    [0.5],
    [Number.NaN],
    [2 ** 53],
    [Number.POSITIVE_INFINITY],
    ['\ud800'],
    [{ '\udfff': 1 }],
    [undefined],
    [() => 1],
    [[undefined]],
    [1n],
  ])('refuses %p, which two programs could write differently', (value) =>
    expect(() => canonicalText(value)).toThrow('Broken promise'),
  );
});

// Invoices of any shape, with lines that add up.
const lineOf = fc.record({
  serviceId: fc.constantFrom('WS', 'SRV', 'EDR'), kind: fc.constantFrom('recurring' as const, 'one-off' as const, 'credit' as const),
  quantity: fc.integer({ min: 1, max: 500 }), price: fc.nat({ max: 99_999 }), description: fc.constantFrom('Workstation', 'Server', 'Ünïcode & "quoted"'),
}); // prettier-ignore
const drafts = fc.array(lineOf, { minLength: 1, maxLength: 8 }).map((lines): DraftInvoice => {
  const built = lines.map((line, index) => {
    const quantity = parseQuantity(String(line.kind === 'credit' ? -line.quantity : line.quantity));
    const unitPrice = parseUnitPrice((line.price / 1000).toFixed(3));
    const amount = lineAmount(quantity, unitPrice, USD);
    const { serviceId, kind, description } = line;
    return {
      lineId: `A|${serviceId}|${kind}|${index}`,
      serviceId,
      kind,
      description,
      quantity,
      unitPrice,
      amount,
      cell: `S!A${index}`,
      source: null,
    };
  });
  return {
    clientId: 'A',
    currency: USD,
    lines: built,
    total: sumAmounts(
      built.map(({ amount }) => amount),
      USD,
    ),
  };
});
const target = {
  clientName: 'Acme', customerId: '80000001-1', mappingVersion: 3,
  itemIds: new Map([['WS', 'item-ws'], ['SRV', 'item-srv'], ['EDR', 'item-edr']]),
}; // prettier-ignore
const issue = { period: PERIOD, series: 'main', revision: 1 };
const content = (draft: DraftInvoice): InvoiceContent => toInvoiceContent(draft, target, issue);

describe('invoice content', () => {
  property(
    'an invoice keeps its signs, a credit memo turns all of them, and both add up',
    [drafts],
    (draft) => {
      const made = content(draft);
      const turned = made.document === 'credit memo';
      expect(turned).toBe(draft.total.startsWith('-') && draft.total !== '-0.00');
      expect(made.total).toBe(turned ? negateAmount(draft.total) : draft.total);
      expect(made.total.startsWith('-')).toBe(false);
      expect(
        sumAmounts(
          made.lines.map(({ amount }) => amount),
          USD,
        ),
      ).toBe(made.total);
      for (const line of made.lines)
        expect(lineAmount(line.quantity, line.unitPrice, USD)).toBe(line.amount);
      expect(made.lines.map(({ lineId }) => lineId)).toEqual(
        [...made.lines.map(({ lineId }) => lineId)].sort(),
      );
    },
  );

  const one = (more: Partial<DraftInvoice['lines'][number]> = {}, total = '130.00'): DraftInvoice => ({
    clientId: 'A', currency: USD, total: total as never,
    lines: [{ lineId: 'A|WS|recurring|1', serviceId: 'WS', kind: 'recurring', description: 'Workstation', quantity: '2' as never, unitPrice: '65' as never, amount: '130.00' as never, cell: 'Oct!C3', source: 'rmm', ...more }],
  }); // prettier-ignore

  test('is dated the last day of the month and goes to the mapped customer and items', () => {
    expect(content(one())).toEqual({
      clientId: 'A',
      period: '2026-10',
      series: 'main',
      revision: 1,
      currency: 'USD',
      document: 'invoice',
      invoiceDate: '2026-10-31',
      customerId: '80000001-1',
      mappingVersion: 3,
      total: '130.00',
      lines: [
        {
          lineId: 'A|WS|recurring|1',
          serviceId: 'WS',
          itemId: 'item-ws',
          kind: 'recurring',
          description: 'Workstation',
          quantity: '2',
          unitPrice: '65',
          amount: '130.00',
        },
      ],
    });
  });

  test.each([
    [
      'a wrong amount',
      one({ amount: '131.00' as never }, '131.00'),
      'Acme, Workstation (Oct!C3): 2 × 65 is 130.00, not 131.00.',
    ],
    ['a wrong total', one({}, '130.01'), 'Acme: the lines sum to 130.00, the total says 130.01.'],
    [
      'a service without item',
      one({ serviceId: 'FW' }),
      'Acme: service FW has no item in the books.',
    ],
    [
      'a negative recurring quantity',
      one({ quantity: '-2' as never, amount: '-130.00' as never }, '-130.00'),
      'a recurring quantity is never negative',
    ],
    [
      'nothing to bill',
      one({ quantity: '0' as never, amount: '0.00' as never }, '0.00'),
      'Acme: there is no line to bill.',
    ],
    [
      'a line twice',
      { ...one({}, '260.00'), lines: [...one().lines, ...one().lines] },
      'Acme: line A|WS|recurring|1 comes twice.',
    ],
  ])('refuses %s by name', (_, draft, words) => expect(() => content(draft)).toThrow(words));
});

describe('digests', () => {
  const shuffled = <T>(list: readonly T[], seed: number): T[] =>
    [...list]
      .map((item, index) => [Math.sin(seed + index), item] as const)
      .sort((a, b) => a[0] - b[0])
      .map(([, item]) => item);

  property(
    'the order of lines changes nothing; any changed field changes it',
    [drafts, fc.nat()],
    (draft, seed) => {
      const made = content(draft);
      const digest = invoiceDigest(made, sha256);
      expect(digest).toMatch(/^[0-9a-f]{64}$/);
      expect(invoiceDigest({ ...made, lines: shuffled(made.lines, seed) }, sha256)).toBe(digest);
      for (const [edited] of editsOf(made)) expect(invoiceDigest(edited, sha256)).not.toBe(digest);
    },
    RUNS / 2,
  );

  test('does not change from one version of the program to the next', () => {
    const fixed: InvoiceContent = {
      clientId: 'A', period: PERIOD, series: 'main', revision: 1, currency: USD, document: 'invoice', invoiceDate: '2026-10-31', customerId: 'C1', mappingVersion: 1, total: '130.00' as never,
      lines: [{ lineId: 'l', serviceId: 'WS', itemId: 'i', kind: 'recurring', description: 'Ünïcode', quantity: '2' as never, unitPrice: '65' as never, amount: '130.00' as never }],
    }; // prettier-ignore
    expect(invoiceDigest(fixed, sha256)).toBe(
      sha256(
        '{"clientId":"A","currency":"USD","customerId":"C1","document":"invoice","invoiceDate":"2026-10-31","lines":[{"amount":"130.00","description":"Ünïcode","itemId":"i","kind":"recurring","lineId":"l","quantity":"2","serviceId":"WS","unitPrice":"65"}],"mappingVersion":1,"period":"2026-10","revision":1,"series":"main","total":"130.00","v":1}',
      ),
    );
  });

  test('a batch digest covers the batch, its version, connection, snapshots, policy, totals and invoices', () => {
    const seal = {
      batchId: 'b1', version: 1, ledgerConnection: 'qbd', snapshotIds: ['s1', 's2'], policyVersion: 'p1', totals: [{ amount: '1.00' as never, currency: USD }],
      invoices: [{ postingKey: 'k1', digest: 'd1' }, { postingKey: 'k2', digest: 'd2' }],
    }; // prettier-ignore
    const digest = batchDigest(seal, sha256);
    expect(
      batchDigest(
        { ...seal, invoices: [...seal.invoices].reverse(), snapshotIds: ['s2', 's1'] },
        sha256,
      ),
    ).toBe(digest);
    const others = [
      { ...seal, batchId: 'b2' }, { ...seal, version: 2 }, { ...seal, ledgerConnection: 'xero' }, { ...seal, snapshotIds: ['s1'] }, { ...seal, policyVersion: 'p2' },
      { ...seal, totals: [{ amount: '1.01' as never, currency: USD }] }, { ...seal, invoices: [{ postingKey: 'k1', digest: 'd1' }, { postingKey: 'k2', digest: 'd3' }] },
      { ...seal, invoices: seal.invoices.slice(1) },
    ]; // prettier-ignore
    expect(new Set([digest, ...others.map((each) => batchDigest(each, sha256))]).size).toBe(
      others.length + 1,
    );
  });
});

/** Every single edit of an invoice, with the line and field it should be named by. */
function editsOf(
  invoice: InvoiceContent,
): readonly (readonly [InvoiceContent, string | null, string])[] {
  const fields = ['serviceId', 'itemId', 'description', 'quantity', 'unitPrice', 'amount'] as const;
  const headers = ['customerId', 'invoiceDate', 'currency', 'series', 'document'] as const;
  return [
    ...invoice.lines.flatMap((line, index) =>
      fields.map((field) => {
        const lines = invoice.lines.with(index, { ...line, [field]: `${line[field]}9` });
        return [{ ...invoice, lines }, line.lineId, field] as const;
      }),
    ),
    ...invoice.lines.map(
      (line, index) =>
        [{ ...invoice, lines: invoice.lines.toSpliced(index, 1) }, line.lineId, 'line'] as const,
    ),
    ...headers.map(
      (field) => [{ ...invoice, [field]: `${invoice[field]}x` }, null, field] as const,
    ),
    [{ ...invoice, mappingVersion: invoice.mappingVersion + 1 }, null, 'mappingVersion'],
  ];
}

describe('compared with what was approved', () => {
  property('the order of invoices and lines is no change', [drafts], (draft) => {
    const made = content(draft);
    const other = { ...made, clientId: 'B' };
    const reordered = { ...made, lines: [...made.lines].reverse() };
    expect(compareWithApproved([made, other], [other, reordered])).toEqual([]);
  });

  property(
    'any single edit is named by client, line and field, with old and new value',
    [drafts, fc.nat()],
    (draft, choice) => {
      const made = content(draft);
      const edits = editsOf(made);
      const [edited, lineId, field] = edits[choice % edits.length]!;
      const other = { ...made, clientId: 'B' };
      const lapses = compareWithApproved([made, other], [edited, other]);
      expect(lapses).toHaveLength(1);
      expect(lapses[0]).toMatchObject({ clientId: 'A', lineId, field });
      expect(lapses[0]?.approved).not.toBe(lapses[0]?.now);
    },
  );

  test('words name the line and both values', () => {
    const draft = (quantity: string, amount: string): DraftInvoice => ({
      clientId: 'A', currency: USD, total: amount as never,
      lines: [{ lineId: 'A|WS|recurring|1', serviceId: 'WS', kind: 'recurring', description: 'Workstation', quantity: quantity as never, unitPrice: '65' as never, amount: amount as never, cell: 'Oct!C3', source: null }],
    }); // prettier-ignore
    const [was, is] = [content(draft('18', '1170.00')), content(draft('31', '2015.00'))];
    expect(compareWithApproved([was], [is]).map(({ words }) => words)).toEqual([
      'Workstation: quantity was 18, now 31.',
    ]);
    expect(compareWithApproved([was], []).map(({ words }) => words)).toEqual([
      'The approved invoice of 1170.00 is no longer in the sheet.',
    ]);
    expect(compareWithApproved([], [is]).map(({ words }) => words)).toEqual([
      'The invoice of 2015.00 was not approved.',
    ]);
  });
});
