import { describe, expect, test } from '@jest/globals';
import { toDraft } from '../../src/core/drafts.ts';
import type { Flag } from '../../src/core/model.ts';
import {
  causesOf, client, CLIENTS, count, counted, formula, idsOf, invoiceOf, lineOf, month, part, posted, reading, rulesOf, run, snapshot, source, typed, USD,
} from './make.ts'; // prettier-ignore

const flag = (more: Partial<Flag>): Flag => ({
  rule: 'not a quantity', blocks: true, text: 'Oct 2026!C3 holds "n/a".', cell: null, clientId: null, serviceId: null, source: null, impact: null, ...more,
}); // prettier-ignore

describe('quantities', () => {
  test('a cell that is one MCC.COUNT bills the count of the snapshot, not what it shows', () => {
    const result = run([formula('A', 'WS', 65)], { snapshot: snapshot([count('A', 'WS', 31)]) });
    const line = lineOf(result, 'A', 'WS');
    expect(line).toMatchObject({ quantity: '31', amount: '2015.00', entry: 'count' });
    expect(result.totals).toEqual([{ amount: '2015.00', currency: 'USD' }]);
    expect(result.blocked).toBe(false);
  });

  test('a typed cell keeps its number, whatever the source counts', () => {
    const result = run([typed('A', 'WS', 20, 65)], { snapshot: snapshot([count('A', 'WS', 31)]) });
    expect(lineOf(result, 'A', 'WS')).toMatchObject({ quantity: '20', count: { quantity: '31' } });
  });

  test('without a snapshot a count cell is billed as it shows', () => {
    const result = run([
      formula('A', 'WS', 65, { quantity: '7' as never, amount: '455.00' as never }),
    ]);
    expect(result.totals[0]?.amount).toBe('455.00');
    expect(result.blocked).toBe(false);
  });

  test('the basis of the formula wins over that of the service', () => {
    const counts = [count('A', 'M365BS', 18), count('A', 'M365BS', 15, { basis: 'assigned' })];
    const assigned = formula('A', 'M365BS', 14, {
      counted: { client: 'Client A', service: 'M365BS', basis: 'assigned' },
    });
    expect(lineOf(run([assigned], { snapshot: snapshot(counts) }), 'A', 'M365BS').quantity).toBe(
      '15',
    );
    expect(
      lineOf(run([formula('A', 'M365BS', 14)], { snapshot: snapshot(counts) }), 'A', 'M365BS')
        .quantity,
    ).toBe('18');
  });

  test('a missing count is never zero: it blocks and says what to do', () => {
    const never = source('rmm', { state: 'never', lastGoodAt: null });
    const result = run([formula('A', 'WS', 65), typed('B', 'WS', 3, 65)], {
      snapshot: snapshot([], { sources: [never] }),
    });
    const line = lineOf(result, 'A', 'WS');
    expect(line.unknown).toBe(true);
    expect(rulesOf(line.flags)).toEqual(['count missing!']);
    expect(line.flags[0]?.text).toMatch(/Oct 2026!C\d+: No count of Service WS from RMM yet\./);
    expect(invoiceOf(result, 'A').blocked).toBe(true);
    expect(invoiceOf(result, 'B').blocked).toBe(false);
    expect(() => toDraft(result, 'b.xlsx', [])).toThrow(/No count of Service WS/);
  });

  test('a client without an account at the source is unmapped, and blocks', () => {
    const rmm = source('rmm', { clients: ['B'] });
    const result = run([formula('A', 'WS', 65)], { snapshot: snapshot([], { sources: [rmm] }) });
    expect(rulesOf(lineOf(result, 'A', 'WS').flags)).toEqual(['source unmapped!']);
    expect(lineOf(result, 'A', 'WS').flags[0]?.text).toContain(
      'Client A is not linked to an account in RMM.',
    );
  });

  test('a missing count cannot be decided away, and raises no drop to zero', () => {
    const result = run([formula('A', 'WS', 65)], {
      snapshot: snapshot([]),
      previous: month([counted('A', 'WS', 20, 65)]),
      decisions: [{ clientId: 'A', rule: 'count missing', choice: 'keep', reason: '' }],
    });
    expect(rulesOf(lineOf(result, 'A', 'WS').flags)).toEqual(['count missing!']);
  });

  test('a formula that counts another client than its row is named', () => {
    const wrong = formula('A', 'WS', 65, {
      counted: { client: 'Client B', service: 'WS', basis: null },
    });
    const result = run([wrong], { snapshot: snapshot([count('A', 'WS', 3), count('B', 'WS', 9)]) });
    expect(rulesOf(lineOf(result, 'A', 'WS').flags)).toEqual(['count differs!']);
    expect(lineOf(result, 'A', 'WS').flags[0]?.text).toContain('Service WS of Client B');
  });

  test('a group is counted as the sum of its members and is never billed', () => {
    const counts = [count('A', 'M365BS', 18), count('A', 'M365BP', 4)];
    const result = run([formula('A', 'M365', 20)], { snapshot: snapshot(counts) });
    expect(lineOf(result, 'A', 'M365').quantity).toBe('22');
    expect(rulesOf(lineOf(result, 'A', 'M365').flags)).toEqual(['service unknown!']);
  });
});

describe('what blocks', () => {
  test.each([
    ['-1', 'WS', ['negative or fractional!']],
    ['1.5', 'WS', ['negative or fractional!']],
    ['1.5', 'LABOUR', []],
    ['0', 'WS', []],
  ])('a recurring quantity of %s %s gives %j', (quantity, id, rules) => {
    expect(rulesOf(lineOf(run([typed('A', id, quantity, 10)]), 'A', id).flags)).toEqual(rules);
  });

  test('a credit may be negative', () => {
    expect(
      run([typed('A', 'WS', 5, 65), typed('A', 'WS', -1, 65, { kind: 'credit' })]).blocked,
    ).toBe(false);
  });

  test('two rows of one client and service block until a person keeps both', () => {
    const lines = [
      typed('A', 'WS', 5, 65, { cell: 'Oct 2026!C3' }),
      typed('A', 'WS', 6, 65, { cell: 'Oct 2026!C9' }),
    ];
    expect(run(lines).blocked).toBe(true);
    const text = invoiceOf(run(lines), 'A').lines[1]?.flags[0]?.text;
    expect(text).toContain('Oct 2026!C3 and Oct 2026!C9');
    const decisions = [
      {
        clientId: 'A',
        rule: 'two rows for one client',
        choice: 'keep' as const,
        reason: 'two sites',
      },
    ];
    const kept = run(lines, { decisions });
    expect(kept.blocked).toBe(false);
    expect(invoiceOf(kept, 'A').lines[1]?.flags[0]).toMatchObject({
      decided: 'keep',
      blocks: false,
    });
    expect(invoiceOf(kept, 'A').total).toBe('715.00');
  });

  test('an unknown client is one flag with its cells and money, and none of it is billed', () => {
    const lines = [
      typed('A', 'WS', 1, 65),
      typed(null, 'WS', 2, 65, { client: 'Acme ', cell: 'Oct 2026!C7' }),
      typed(null, 'EDR', 2, 8, { client: 'Acme ' }),
    ];
    const result = run(lines);
    expect(rulesOf(result.flags)).toEqual(['client unknown!']);
    expect(result.flags[0]?.text).toContain(
      'Client "Acme" in Oct 2026!C7 and 1 more line (146.00 USD) is not known',
    );
    expect(result.totals[0]?.amount).toBe('65.00');
    expect(result.blocked).toBe(true);
    expect(result.comparison).toEqual({
      compared: 3,
      matched: 1,
      flagged: 0,
      excluded: 0,
      unmapped: 2,
    });
  });

  test('an unknown service is one flag however many clients have it', () => {
    const lines = ['A', 'B', 'C'].map((id) => typed(id, null, 2, 10, { service: 'Legacy AV' }));
    expect(rulesOf(run(lines).flags)).toEqual(['service unknown!']);
  });

  test('a client billed in another currency blocks alone', () => {
    const clients = [client('A', { currency: 'EUR' as never }), client('B')];
    const result = run([typed('A', 'WS', 1, 65), typed('B', 'WS', 1, 65)], {
      clients,
      previous: month([posted('A', 'WS', 1, 65), posted('B', 'WS', 1, 65)]),
    });
    expect(rulesOf(invoiceOf(result, 'A').flags)).toContain('currency differs!');
    expect(invoiceOf(result, 'B').blocked).toBe(false);
    expect(result.rollForward.map(({ currency, difference }) => [currency, difference])).toEqual([
      ['EUR', '0.00'],
      ['USD', '0.00'],
    ]);
  });

  test('a client that is inactive in the books blocks once, and may be held', () => {
    const clients = [client('A', { active: false }), client('B')];
    const lines = [typed('A', 'WS', 1, 65), typed('A', 'EDR', 1, 8), typed('B', 'WS', 1, 65)];
    const result = run(lines, { clients });
    expect(rulesOf(invoiceOf(result, 'A').flags)).toEqual(['client inactive!']);
    expect(run(lines, { clients, held: [{ clientId: 'A', reason: 'closed' }] }).blocked).toBe(
      false,
    );
  });

  test('an amount that is not quantity times price blocks and cannot be kept', () => {
    const wrong = typed('A', 'WS', 3, 65, { amount: '196.00' as never });
    const decisions = [
      { clientId: 'A', rule: 'amount differs', choice: 'keep' as const, reason: '' },
    ];
    expect(rulesOf(lineOf(run([wrong], { decisions }), 'A', 'WS').flags)).toEqual([
      'amount differs!',
    ]);
  });

  test('a wrong grand total blocks all until a person keeps it', () => {
    const wrong = flag({
      rule: 'sheet total differs',
      text: 'The sheet shows 96554.00.',
      cell: 'Oct 2026!O59',
    });
    const lines = [typed('A', 'WS', 3, 65)];
    expect(run(lines, { reading: reading(lines, { flags: [wrong] }) }).blocked).toBe(true);
    const decisions = [
      {
        clientId: null,
        rule: 'sheet total differs',
        choice: 'keep' as const,
        reason: 'text number',
      },
    ];
    expect(run(lines, { reading: reading(lines, { flags: [wrong] }), decisions }).blocked).toBe(
      false,
    );
  });

  test('an unreadable cell in the row of a client blocks that client alone', () => {
    const lines = [typed('A', 'WS', 3, 65), typed('B', 'WS', 3, 65)];
    const bad = flag({ cell: 'Oct 2026!D3' });
    const clientRows = [
      { client: 'Client A', row: 3 },
      { client: 'Client B', row: 4 },
    ];
    const result = run(lines, { reading: reading(lines, { flags: [bad], clientRows }) });
    expect(result.flags).toEqual([]);
    expect(result.invoices.map(({ blocked }) => blocked)).toEqual([true, false]);
    expect(result.cards.map(({ clientId }) => clientId)).toEqual(['A']);
  });

  test('the shown error of a count cell is nothing once its count is known', () => {
    const cell = formula('A', 'WS', 65, { flags: [flag({ rule: 'error value' })] });
    expect(run([cell], { snapshot: snapshot([count('A', 'WS', 3)]) }).blocked).toBe(false);
    expect(run([cell], { snapshot: snapshot([]) }).blocked).toBe(true);
  });
});

describe('sources', () => {
  const late = source('rmm', {
    state: 'late',
    lastGoodAt: '2026-10-30T03:00:00.000Z' as never,
    title: 'Huntress',
    error: {
      code: 'SOURCE_REFUSED',
      message: 'Huntress refused the key (401)',
      remedy: 'Renew the key.',
    },
  });

  test('a late source is one notice that blocks those it counts until a person uses its counts', () => {
    const lines = [formula('A', 'EDR', 8), formula('B', 'EDR', 8), typed('C', 'EDR', 9, 8)];
    const counts = [count('A', 'EDR', 30), count('B', 'EDR', 5), count('C', 'EDR', 2)];
    const given = {
      snapshot: snapshot(counts, { sources: [late] }),
      previous: month([counted('A', 'EDR', 10, 8), posted('C', 'EDR', 9, 8)]),
    };
    const result = run(lines, given);
    expect(rulesOf(result.notices)).toEqual(['source late!']);
    expect(result.notices[0]?.text).toBe(
      'Huntress last answered 30 Oct 2026 03:00 UTC; the counts of then are kept and 2 lines are billed by its counts. Huntress refused the key (401). Renew the key.',
    );
    expect(result.invoices.map(({ clientId, blocked }) => [clientId, blocked])).toEqual([
      ['A', true],
      ['B', true],
      ['C', false],
    ]);
    expect(result.cards).toEqual([]);
    const decisions = [
      {
        clientId: null,
        rule: 'source late',
        choice: 'use late counts' as const,
        reason: '',
        source: 'rmm',
      },
    ];
    const used = run(lines, { ...given, decisions });
    expect(used.blocked).toBe(false);
    expect(used.notices[0]?.decided).toBe('use late counts');
    expect(
      run(lines, { ...given, decisions: [{ ...decisions[0]!, choice: 'keep' }] }).blocked,
    ).toBe(true);
    expect(
      run(lines, { ...given, decisions: [{ ...decisions[0]!, source: 'pax8' }] }).blocked,
    ).toBe(true);
  });

  test('accounts of nobody are one notice of their source and block nothing', () => {
    const unmapped = [
      {
        source: 'rmm',
        kind: 'client' as const,
        ref: '9',
        name: 'Old Mill',
        quantity: '4' as never,
      },
    ];
    const result = run([formula('A', 'WS', 65)], {
      snapshot: snapshot([count('A', 'WS', 3)], { sources: [source('rmm', { unmapped })] }),
    });
    expect(rulesOf(result.notices)).toEqual(['source unmapped']);
    expect(result.notices[0]?.text).toBe(
      'RMM: 1 account belongs to nobody yet: Old Mill (4). Map or mark as never billed.',
    );
    expect(result.blocked).toBe(false);
  });

  test('a source that usually moves and did not is frozen; with too little usual movement it is not', () => {
    const ids = idsOf('K', 8);
    const clients = ids.map((id) => client(id));
    const at = (quantities: readonly number[], period: string) =>
      month(
        ids.map((id, i) => counted(id, 'WS', quantities[i] ?? 0, 65)),
        period,
      );
    const lively = [
      at([1, 2, 3, 4, 5, 6, 7, 8], '2026-07'),
      at([2, 3, 4, 5, 6, 7, 7, 8], '2026-08'),
      at([3, 4, 5, 6, 7, 8, 7, 8], '2026-09'),
    ];
    const calm = [
      at([3, 4, 5, 6, 7, 8, 7, 7], '2026-07'),
      at([3, 4, 5, 6, 7, 8, 7, 8], '2026-08'),
      at([3, 4, 5, 6, 7, 8, 7, 8], '2026-09'),
    ];
    const counts = ids.map((id, i) => count(id, 'WS', [3, 4, 5, 6, 7, 8, 7, 8][i] ?? 0));
    const lines = ids.map((id) => formula(id, 'WS', 65));
    const rules = (history: ReturnType<typeof at>[]) =>
      rulesOf(
        run(lines, {
          clients,
          snapshot: snapshot(counts, { clients }),
          history,
          previous: history.at(-1) ?? null,
        }).notices,
      );
    expect(rules(lively)).toEqual(['source frozen']);
    expect(rules(calm)).toEqual([]);
  });
});

describe('typed over', () => {
  const given = (quantity: number) => ({
    snapshot: snapshot([count('A', 'EDR', quantity)]),
    previous: month([counted('A', 'EDR', 31, 8)]),
  });

  test('a typed number where last month was counted makes a card with both numbers', () => {
    const result = run([typed('A', 'EDR', 20, 8, { cell: 'Oct 2026!E7' })], given(31));
    expect(result.cards).toHaveLength(1);
    expect(result.cards[0]?.reasons.map(({ text }) => text)).toContain(
      "Oct 2026!E7: 20 Service EDR was typed over last month's count; RMM counts 31.",
    );
    expect(result.blocked).toBe(false);
    expect(causesOf(lineOf(result, 'A', 'EDR'))).toEqual(['override -11 -88.00']);
  });

  test('a typed number equal to the count is told on the line and makes no card', () => {
    const result = run([typed('A', 'EDR', 31, 8)], given(31));
    expect(rulesOf(lineOf(result, 'A', 'EDR').flags)).toEqual(['formula typed over']);
    expect(result.cards).toEqual([]);
  });

  test('a line that was always typed is held against the count from 40 a month on', () => {
    const result = (sheet: number, vendor: number) =>
      run([typed('A', 'EDR', sheet, 8)], {
        snapshot: snapshot([count('A', 'EDR', vendor)]),
        previous: month([posted('A', 'EDR', sheet, 8)]),
      });
    expect(rulesOf(lineOf(result(20, 25), 'A', 'EDR').flags)).toEqual(['count differs']);
    expect(rulesOf(lineOf(result(20, 24), 'A', 'EDR').flags)).toEqual([]);
    expect(result(20, 25).cards[0]?.impact).toEqual({ amount: '40.00', currency: 'USD' });
  });

  test('a difference approved last month is not raised again', () => {
    const previous = month([posted('A', 'EDR', 20, 8, { parts: [part('acc-A', 'EDR', 31)] })]);
    const result = run([typed('A', 'EDR', 20, 8)], {
      snapshot: snapshot([count('A', 'EDR', 31)]),
      previous,
    });
    expect(result.cards).toEqual([]);
  });

  test('in the first month the other cells of the service tell that one was typed over', () => {
    const lines = [
      formula('A', 'WS', 65),
      formula('B', 'WS', 65),
      formula('C', 'WS', 65),
      typed('D', 'WS', 2, 65),
    ];
    const result = run(lines, {
      snapshot: snapshot(['A', 'B', 'C', 'D'].map((id) => count(id, 'WS', 9))),
    });
    expect(rulesOf(lineOf(result, 'D', 'WS').flags)).toEqual(['formula typed over']);
  });
});

describe('movement', () => {
  test('nothing is flagged without a month before', () => {
    expect(run([typed('A', 'WS', 50, 65)]).cards).toEqual([]);
  });

  test('a drop to zero blocks until a person keeps it', () => {
    const given = {
      snapshot: snapshot([count('A', 'EDR', 0), count('A', 'WS', 4)]),
      previous: month([counted('A', 'EDR', 14, 8), counted('A', 'WS', 4, 65)]),
    };
    const lines = [formula('A', 'EDR', 8), formula('A', 'WS', 65)];
    const result = run(lines, given);
    expect(rulesOf(lineOf(result, 'A', 'EDR').flags)).toEqual(['dropped!']);
    expect(lineOf(result, 'A', 'EDR').flags[0]?.text).toBe(
      'Service EDR dropped to zero: 14 to 0 (−14), 112.00 USD a month less.',
    );
    expect(invoiceOf(result, 'A').blocked).toBe(true);
    const kept = run(lines, {
      ...given,
      decisions: [
        {
          clientId: 'A',
          rule: 'dropped',
          serviceId: 'EDR',
          choice: 'keep',
          reason: 'agents removed',
        },
      ],
    });
    expect(kept.blocked).toBe(false);
    expect(kept.cards[0]?.decided).toBe(true);
  });

  test('a held client stays on the screen and out of totals and draft', () => {
    const lines = [typed('A', 'WS', 5, 65), typed('B', 'WS', 2, 65)];
    const result = run(lines, {
      decisions: [{ clientId: 'B', rule: 'jump', choice: 'hold', reason: 'ask them' }],
    });
    expect(invoiceOf(result, 'B').held).toBe('ask them');
    expect(result.totals[0]?.amount).toBe('325.00');
    const draft = toDraft(result, 'b.xlsx', []);
    expect(draft.invoices.map(({ clientId }) => clientId)).toEqual(['A']);
    expect(draft.held).toEqual([{ clientId: 'B', reason: 'ask them' }]);
    expect(result.comparison).toEqual({
      compared: 2,
      matched: 1,
      flagged: 0,
      excluded: 1,
      unmapped: 0,
    });
  });

  test('a line of last month that is gone is listed with the money it took along', () => {
    const result = run([typed('A', 'WS', 5, 65)], {
      previous: month([posted('A', 'WS', 5, 65), posted('A', 'EDR', 5, 8)]),
    });
    expect(invoiceOf(result, 'A').gone).toMatchObject([
      { serviceId: 'EDR', delta: { movement: 'gone', quantity: '-5', amount: '-40.00' } },
    ]);
    expect(rulesOf(lineOf(result, 'A', 'EDR').flags)).toEqual(['line gone']);
    expect(invoiceOf(result, 'A').previousTotal).toBe('365.00');
  });

  test('a one-off of last month is gone without a flag', () => {
    const previous = month([
      posted('A', 'WS', 5, 65),
      posted('A', 'LABOUR', 3, 150, { kind: 'one-off' }),
    ]);
    const result = run([typed('A', 'WS', 5, 65)], { previous });
    expect(result.cards).toEqual([]);
    expect(causesOf(lineOf(result, 'A', 'LABOUR'))).toEqual(['one-off -3 -450.00']);
  });

  test('a client that left is one reason, not one for each line', () => {
    const previous = month([
      posted('A', 'WS', 5, 65),
      posted('B', 'WS', 5, 65),
      posted('B', 'SRV', 2, 145),
    ]);
    const result = run([typed('A', 'WS', 5, 65)], { previous });
    expect(result.cards.map(({ clientId, reasons }) => [clientId, rulesOf(reasons)])).toEqual([
      ['B', ['line gone']],
    ]);
    expect(invoiceOf(result, 'B')).toMatchObject({ document: 'none', lines: [], total: '0.00' });
    expect(toDraft(result, 'b.xlsx', []).invoices).toHaveLength(1);
  });

  test('what one client lost and another gained is one card', () => {
    const previous = month([
      counted('A', 'WS', 20, 65),
      counted('A', 'SRV', 1, 145),
      counted('B', 'WS', 90, 65),
      counted('B', 'SRV', 2, 145),
    ]);
    const counts = [
      count('A', 'WS', 0),
      count('A', 'SRV', 1),
      count('B', 'WS', 110),
      count('B', 'SRV', 2),
    ];
    const lines = ['A', 'B'].flatMap((id) => [formula(id, 'WS', 65), formula(id, 'SRV', 145)]);
    const result = run(lines, { previous, snapshot: snapshot(counts) });
    expect(result.cards).toHaveLength(1);
    expect(result.cards[0]).toMatchObject({ clientId: 'A', pairedWith: { clientId: 'B' } });
    expect(rulesOf(result.cards[0]?.reasons ?? []).sort()).toEqual(
      ['dropped!', 'jump', 'wrong mapping'].sort(),
    );
  });

  test('sorting the rows renames no line and moves nothing', () => {
    const lines = [
      typed('A', 'WS', 5, 65),
      typed('A', 'LABOUR', 2, 150, { kind: 'one-off', note: 'Move' }),
      typed('A', 'LABOUR', 1, 150, { kind: 'one-off', note: 'Install' }),
    ];
    const ids = (given: typeof lines) =>
      invoiceOf(run(given), 'A')
        .lines.map(({ id, description }) => `${id} ${description}`)
        .sort();
    expect(ids([...lines].reverse())).toEqual(ids(lines));
  });
});

test('a client that an earlier approval bills blocks nothing and is in no draft, held or not', () => {
  const lines = [typed('A', 'WS', 5, 65), typed('B', 'WS', -2, 65)];
  const taken = new Map([['B', 'posted MB2610-0010']]);
  expect(run(lines).blocked).toBe(true);
  const result = run(lines, { taken, held: [{ clientId: 'B', reason: 'ask them' }] });
  expect(result.blocked).toBe(false);
  expect(invoiceOf(result, 'B').taken).toBe('posted MB2610-0010');
  expect(result.rollForward.map(({ difference }) => difference)).toEqual(['0.00']);
  const draft = toDraft(result, 'b.xlsx', []);
  expect(draft.invoices.map(({ clientId }) => clientId)).toEqual(['A']);
  expect(draft.held).toEqual([]);
});

describe('documents', () => {
  test('a negative total is a credit memo, zero lines alone are no document', () => {
    const lines = [
      typed('A', 'WS', -2, 65, { kind: 'credit' }),
      typed('B', 'WS', 0, 65),
      typed('C', 'WS', 1, 65),
      typed('C', 'WS', -1, 65, { kind: 'credit' }),
    ];
    const result = run(lines);
    expect(result.invoices.map(({ document }) => document)).toEqual([
      'credit memo',
      'none',
      'invoice',
    ]);
    expect(toDraft(result, 'b', []).invoices.map(({ clientId }) => clientId)).toEqual(['A', 'C']);
  });

  test('a line of quantity 0 is shown and not billed', () => {
    const result = run([typed('A', 'WS', 0, 65), typed('A', 'EDR', 1, 8)]);
    expect(invoiceOf(result, 'A').lines).toHaveLength(2);
    expect(toDraft(result, 'b', []).invoices[0]?.lines.map(({ serviceId }) => serviceId)).toEqual([
      'EDR',
    ]);
  });

  test('the roll-forward names every step from last month to this one', () => {
    const previous = month([
      posted('A', 'WS', 10, 60),
      posted('B', 'WS', 4, 65),
      posted('C', 'EDR', 9, 8),
      posted('A', 'LABOUR', 1, 150, { kind: 'one-off' }),
    ]);
    const lines = [
      typed('A', 'WS', 12, 65),
      typed('B', 'WS', 3, 65),
      typed('D', 'SRV', 1, 145),
      typed('B', 'WS', -1, 5, { kind: 'credit' }),
    ];
    const [roll] = run(lines, { previous }).rollForward;
    expect(roll).toEqual({
      currency: USD,
      opening: '1082.00',
      closing: '1115.00',
      difference: '0.00',
      movements: [
        { name: 'new lines', amount: '145.00' },
        { name: 'up', amount: '120.00' },
        { name: 'down', amount: '-65.00' },
        { name: 'gone lines', amount: '-72.00' },
        { name: 'price', amount: '60.00' },
        { name: 'one-offs', amount: '-150.00' },
        { name: 'credits', amount: '-5.00' },
        { name: 'adjustments', amount: '0.00' },
        { name: 'held back', amount: '0.00' },
      ],
    });
  });
});

test('the given clients are used for names', () =>
  expect(invoiceOf(run([typed('A', 'WS', 1, 1)]), 'A').clientName).toBe(CLIENTS[0]?.name));
