// What a cell can say: every row of the table of errors (ux.md 2.3), in cell and text.
import { openPage, json, usual, type Page } from './relay.ts';
import { october } from './month.ts';
import type * as Shared from '../../functions/runtime.ts';

process.env.TZ = 'UTC';
let page: Page;
let shared: typeof Shared;

beforeAll(async () => {
  page = openPage();
  await import('../../functions/functions.ts');
  shared = await import('../../functions/runtime.ts');
});

beforeEach(() => {
  page.answer(usual);
  page.token('token');
  page.online(true);
  page.asked.length = 0;
  shared.runtime.snapshots.clear();
});

const nothing = null;
const late = 'Huntress last answered 29 Oct 06:10. Sync it in the MCC pane.';

describe('COUNT', () => {
  const rows: [string, unknown[], unknown][] = [
    ['name', ['Acme Limited', 'WS', nothing, nothing], 33],
    ['code', ['C017', 'ws', nothing, nothing], 33],
    ['a code that is a number', [4711, 'M365BP', nothing, nothing], 5],
    ['a confirmed alias', [' acme ', 'Managed  Workstation', nothing, nothing], 33],
    ['a true zero', ['C004', 'WS', nothing, nothing], 0],
    ['a group, summed', ['C017', 'M365', nothing, nothing], 31],
    ['a group with one member counted', ['Delta Dental', 'M365', nothing, nothing], 5],
    ['another basis', ['C017', 'M365BS', nothing, 'assigned'], 19],
    ['the stamp of MCC_AsOf', ['C017', 'WS', '2026-10|snap-1', nothing], 33],
    ['a month in words', ['C017', 'WS', 'Oct 2026', nothing], 33],
    ['an Excel date', ['C017', 'WS', 46296, nothing], 33],
    ['an empty cell on desktop', ['C017', 'WS', 0, 0], 33],
    ['an empty text', ['C017', 'WS', '', ''], 33],
    ['a late source: the number stays', ['C004', 'EDR', nothing, nothing], 14],
  ];
  test.each(rows)('answers %s', async (_, args, expected) => {
    expect(await page.call('MCCCOUNT', ...args)).toEqual({
      value: expected,
      error: null,
      words: '',
    });
  });

  const errors: [string, unknown[], string, string][] = [
    [
      'an empty client',
      [nothing, 'WS'],
      '#VALUE!',
      'Client is empty. Point the first argument at the client name or code.',
    ],
    [
      'an empty client on desktop',
      [0, 'WS'],
      '#VALUE!',
      'Client is empty. Point the first argument at the client name or code.',
    ],
    [
      'an empty service',
      ['C017', ''],
      '#VALUE!',
      'Service is empty. Point the second argument at the service name.',
    ],
    [
      'an unknown client',
      ['Acme Ltd', 'WS'],
      '#VALUE!',
      'No client "Acme Ltd". Did you mean "Acme Limited" (C017)?',
    ],
    [
      'a client nothing resembles',
      ['Zzyzx Holdings', 'WS'],
      '#VALUE!',
      'No client "Zzyzx Holdings". Look it up in the MCC pane.',
    ],
    [
      'a client that matches two',
      ['Smith', 'WS'],
      '#VALUE!',
      '"Smith" matches 2 clients. Use the code: C004 or C031.',
    ],
    ['an unknown service', ['C017', 'M356'], '#VALUE!', 'No service "M356". Did you mean "M365"?'],
    [
      'an unreadable month',
      ['C017', 'WS', '13/2026'],
      '#VALUE!',
      'Month not understood: "13/2026". Use 2026-09 or a date.',
    ],
    [
      'a number that is no date',
      ['C017', 'WS', 12],
      '#VALUE!',
      'Month not understood: "12". Use 2026-09 or a date.',
    ],
    [
      'an error in the client',
      ['#REF!', 'WS'],
      '#VALUE!',
      'The client cell contains #REF!. Fix that cell first.',
    ],
    [
      'an error object in the service',
      ['C017', { type: 'Error', basicValue: '#N/A' }],
      '#VALUE!',
      'The service cell contains #N/A. Fix that cell first.',
    ],
    [
      'an unknown basis',
      ['C017', 'WS', nothing, 'sold'],
      '#VALUE!',
      'No basis "sold". Use billable, assigned, bought, active, peak.',
    ],
    [
      'a client without an account',
      ['C017', 'EDR'],
      '#N/A',
      'Acme Limited is not linked to an account in Huntress. Map it in the MCC pane.',
    ],
    [
      'a service not on the agreement',
      ['C017', 'MAIL'],
      '#N/A',
      "Mail security is not on Acme Limited's agreement. Use IFNA(...,0) to show 0.",
    ],
    [
      'a source that never answered',
      ['C017', 'BAK'],
      '#N/A',
      'No count from Backup export for October 2026 yet.',
    ],
    [
      'a service nobody counts',
      ['C017', 'FW'],
      '#N/A',
      'No source counts Firewall. Map it in the MCC pane, or type the quantity.',
    ],
    ['a future month', ['C017', 'WS', '2026-11'], '#N/A', 'November 2026 has not started.'],
    [
      'a posted month without the line',
      ['C017', 'MAIL', '2026-09'],
      '#N/A',
      'September 2026 is posted and has no Mail security line for Acme Limited.',
    ],
  ];
  test.each(errors)('says what is wrong with %s', async (_, args, error, words) => {
    const full = Array.from({ length: 4 }, (_unused, index) => args[index] ?? null);
    expect(await page.call('MCCCOUNT', ...full)).toEqual({ value: null, error, words });
  });

  test('never says more than 120 characters, however long a name is', async () => {
    const long =
      'Gesellschaft für außerordentlich lange Namen und noch längere Bezeichnungen mbH & Co. KG '.repeat(
        3,
      );
    const { words } = await page.call('MCCCOUNT', long, 'WS', null, null);
    expect(Array.from(words).length).toBeLessThanOrEqual(120);
  });
});

describe('when the relay is in trouble', () => {
  const ask = (): Promise<unknown> => page.call('MCCCOUNT', 'C017', 'WS', '2026-10', null);
  const cell = (words: string): unknown => ({ value: null, error: '#N/A', words });

  test('signed out: no request is sent', async () => {
    page.token(null);
    expect(await ask()).toEqual(cell('Sign in to MCC: open the MCC pane.'));
    expect(page.asked).toEqual([]);
  });

  const rows: [string, number, string][] = [
    ['the token is not accepted', 401, 'Sign in to MCC: open the MCC pane.'],
    ['the account may not', 403, 'Your account cannot see these counts.'],
    ['it is down, after three tries', 503, 'MCC did not answer (503). Refresh in the MCC pane.'],
    ['it is busy', 429, 'MCC is busy. It will be tried again in 30 s.'],
  ];
  test.each(rows)('%s', async (_, status, words) => {
    page.answer(() => json({}, status));
    expect(await ask()).toEqual(cell(words));
    expect(page.asked.length).toBe([503, 429].includes(status) ? 3 : 1);
  });

  test('offline', async () => {
    page.online(false);
    page.answer(() => null);
    expect(await ask()).toEqual(cell('Offline, and this snapshot is not on this computer.'));
  });

  test('an answer of another version', async () => {
    page.answer(() => json({ id: 'x' }));
    expect(await ask()).toEqual(cell('MCC was updated and this pane was not. Reload the add-in.'));
  });

  test('a passing trouble heals by itself, and a later call asks anew', async () => {
    let calls = 0;
    page.answer((path, headers) => (++calls === 1 ? json({}, 502) : usual(path, headers)));
    expect(await ask()).toEqual({ value: 33, error: null, words: '' });
    page.answer(() => json({}, 500));
    expect(await ask()).toEqual({ value: 33, error: null, words: '' });
  });
});

describe('requests', () => {
  test('10,000 cells ask once, and recalculating asks nobody', async () => {
    const cells = await page.callMany('MCCCOUNT', 10_000, 'C017', 'WS', '2026-10|snap-1', null);
    expect(new Set(cells.map((one) => one.value))).toEqual(new Set([33]));
    expect(page.asked).toEqual(['/api/periods/2026-10/snapshots/snap-1']);
    await page.callMany('MCCCOUNT', 1_000, 'C004', 'WS', '2026-10|snap-1', null);
    expect(page.asked.length).toBe(1);
  });

  test('a bad client fails alone', async () => {
    const all = [
      ...Array.from({ length: 50 }, () => 'C017'),
      'Nobody & Sons',
      ...Array.from({ length: 50 }, () => 'C017'),
    ];
    const cells = await Promise.all(
      all.map((name) => page.call('MCCCOUNT', name, 'WS', '2026-10', null)),
    );
    expect(cells.filter((one) => one.error !== null).length).toBe(1);
  });

  test('asking for the newest costs a 304 when nothing changed', async () => {
    await page.call('MCCCOUNT', 'C017', 'WS', '2026-10', null);
    const again = await shared.runtime.snapshots.newest(october.period);
    expect(again.id).toBe('snap-1');
    expect(page.asked.length).toBe(2);
  });
});

describe('the other functions', () => {
  test('PREV is what was posted, of groups too', async () => {
    expect((await page.call('MCCPREV', 'C017', 'WS', null)).value).toBe(30);
    expect((await page.call('MCCPREV', 'C017', 'M365', null)).value).toBe(18);
    expect((await page.call('MCCPREV', 'C017', 'WS', 2)).value).toBe(30);
  });

  test('PREV says what it does not know', async () => {
    expect(await page.call('MCCPREV', 'C017', 'EDR', 1)).toEqual({
      value: null,
      error: '#N/A',
      words: 'September 2026 is posted and has no Endpoint detection line for Acme Limited.',
    });
    expect((await page.call('MCCPREV', 'C017', 'WS', 3)).words).toBe(
      'Only 2 months were posted before October 2026.',
    );
    expect(await page.call('MCCPREV', 'C017', 'WS', 25)).toEqual({
      value: null,
      error: '#VALUE!',
      words: '"25" is no number of months back. Use 1 to 24.',
    });
  });

  test('DELTA is the count minus what was posted; a new line is all of it', async () => {
    expect((await page.call('MCCDELTA', 'C017', 'WS', null)).value).toBe(3);
    expect((await page.call('MCCDELTA', 'C017', 'M365', null)).value).toBe(13);
    expect((await page.call('MCCDELTA', 'C004', 'WS', null)).value).toBe(0);
    expect((await page.call('MCCDELTA', 'C017', 'WS', '2026-09')).words).toBe(
      'Nothing was posted before September 2026.',
    );
  });

  test('ASOF is the moment of a source, or of the oldest source of a service', async () => {
    expect((await page.call('MCCASOF', 'pax8')).value).toBeCloseTo(46326.375, 6);
    expect((await page.call('MCCASOF', 'EDR')).value).toBeCloseTo(46324.2569, 3);
    expect((await page.call('MCCASOF', 'Backup export')).words).toBe(
      'No count from Backup export for October 2026 yet.',
    );
    expect((await page.call('MCCASOF', 'Pax9')).error).toBe('#VALUE!');
  });

  test('STATUS speaks the words of the books', async () => {
    expect((await page.call('MCCSTATUS', 'C017', null)).value).toBe('Posted MB2610-0042');
    expect((await page.call('MCCSTATUS', 'C004', null)).value).toBe('Needs you');
    expect((await page.call('MCCSTATUS', 'C031', null)).value).toBe('Not started');
  });
});

test('the pane hears the same words as the cell, by address', async () => {
  await page.call('MCCCOUNT', 'C004', 'EDR', null, null);
  const told = shared.runtime.registry.problems();
  const problem = await page.call('MCCCOUNT', 'Acme Ltd', 'WS', null, null);
  const all = shared.runtime.registry.problems();
  expect(all.length).toBe(told.length + 1);
  expect(all.at(-1)).toMatchObject({
    error: problem.error,
    words: problem.words,
    client: 'Acme Ltd',
  });
  expect(all.at(-1)?.cell).toMatch(/^Oct 2026!C\d+$/);
  expect(shared.runtime.registry.inFlight()).toBe(0);
});

test('an old count carries the reason for care', async () => {
  await page.call('MCCCOUNT', 'C004', 'EDR', null, null);
  const cells = Array.from({ length: 400 }, (_, index) =>
    shared.runtime.registry.at(`Oct 2026!C${index}`),
  );
  expect(cells.some((cell) => cell?.words === late && cell.value === 14)).toBe(true);
});
