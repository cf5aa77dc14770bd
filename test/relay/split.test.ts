/** One account over several clients: exact, explained, in the trail, and never a client twice. */
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import type { Split } from '../../src/core/model.ts';
import { addQuantities, type Quantity } from '../../src/core/money.ts';
import { countHandlers } from '../../src/relay/counts/handlers.ts';
import { hashedId } from '../../src/relay/counts/words.ts';
import { answerOf, OCTOBER, sourceOf, startWorld, type CountingWorld, type Row } from './counting-world.ts'; // prettier-ignore

/** A city with two departments in one account of the vendor. */
const ROWS: Row[] = [
  ['77', 'City of Larkspur', 'AGENT', '20'],
  ['77', 'City of Larkspur', 'AGENT-YEARLY', '11'],
  ['1', 'Gamma Legal', 'AGENT', '4'],
];
const SHARES: Split = {
  by: 'shares',
  parts: [
    { clientId: 'C-1', shares: 2 },
    { clientId: 'C-2', shares: 1 },
  ],
};

let rows: Row[];
let world: CountingWorld;

beforeEach(async () => {
  rows = ROWS;
  const adapter = sourceOf('edr', () => Promise.resolve(answerOf(rows)));
  world = await startWorld([
    { id: 'edr', adapter, services: { AGENT: 'EDR', 'AGENT-YEARLY': 'EDR' } },
  ]);
  await world.counting.refresh({ period: OCTOBER });
});
afterEach(() => world.stop());

const split = (rule: Split, ref = '77') =>
  world.counting.confirm(
    { source: 'edr', kind: 'client', ref, target: null, split: rule, person: 'Lee', requestId: 'r1' },
    [OCTOBER],
  ); // prettier-ignore

const edr = async () =>
  (await world.latest()).counts.filter(({ serviceId }) => serviceId === 'EDR');

it('gives each client its part of every SKU, and all parts sum to what the vendor counts', async () => {
  await split(SHARES);
  expect(await world.quantity('C-1', 'EDR')).toBe('20');
  expect(await world.quantity('C-2', 'EDR')).toBe('11');
  expect(await world.quantity('C-3', 'EDR')).toBe('4');
  expect(addQuantities((await edr()).map(({ quantity }) => quantity))).toBe('35');
});

it('says in each part of how many it is one, by which rule, whose and of when', async () => {
  await split(SHARES);
  const count = (await edr()).find(({ clientId }) => clientId === 'C-2');
  const given = { rule: '1 of 3 shares', by: 'Lee', at: world.now() };
  expect(count?.parts).toEqual([
    { account: '77', sku: 'AGENT', quantity: '7', split: { whole: '20', ...given } },
    { account: '77', sku: 'AGENT-YEARLY', quantity: '4', split: { whole: '11', ...given } },
  ]);
});

it('is in the audit trail with the names of the books, and in the list of links', async () => {
  await split(SHARES);
  const entries = await world.ports.store.selectFrom('audit').selectAll().execute();
  expect(entries.at(-1)).toMatchObject({ person: 'Lee', action: 'split account' });
  expect(entries.at(-1)?.words).toBe(
    'City of Larkspur (77) at edr is split: Acme Limited 2 of 3 shares, Beta Dental 1 of 3 shares; before: open.',
  );
  const handlers = countHandlers(world.ports, world.counting);
  const { mappings } = await handlers.mappings({ query: {} } as never);
  expect(mappings.find(({ ref }) => ref === '77')).toMatchObject({ state: 'split', split: SHARES, by: 'Lee' });
  expect((await world.health('edr')).unmapped).toEqual([]);
}); // prettier-ignore

it('stays when the source is asked again, and follows its count', async () => {
  await split(SHARES);
  rows = ROWS.map((row) => (row[2] === 'AGENT-YEARLY' ? [row[0], row[1], row[2], '12'] : row));
  await world.counting.refresh({ period: OCTOBER });
  expect(await world.quantity('C-1', 'EDR')).toBe('21');
  expect(await world.quantity('C-2', 'EDR')).toBe('11');
});

it('with fixed quantities leaves the rest to one, and is unknown when they are too many', async () => {
  const rule: Split = {
    by: 'quantities',
    parts: [{ clientId: 'C-1', sku: 'AGENT', quantity: '15' as Quantity }],
    rest: 'C-2',
  };
  await split(rule);
  expect([await world.quantity('C-1', 'EDR'), await world.quantity('C-2', 'EDR')]).toEqual(['15', '16']); // prettier-ignore
  rows = [['77', 'City of Larkspur', 'AGENT', '14'], ROWS[2]!];
  await world.counting.refresh({ period: OCTOBER });
  expect([await world.quantity('C-1', 'EDR'), await world.quantity('C-2', 'EDR')]).toEqual([null, null]); // prettier-ignore
  expect(await world.quantity('C-3', 'EDR')).toBe('4');
  expect((await world.health('edr')).gaps).toEqual(
    ['C-1', 'C-2'].map((clientId) => ({
      ...{ clientId, name: 'City of Larkspur', since: null },
      reason: 'its split gives away more AGENT than the 14 counted',
    })),
  );
});

it('ends when the account is linked to one client: nothing is counted twice', async () => {
  await split(SHARES);
  const answer = { source: 'edr', kind: 'client', ref: '77', target: 'C-1' } as const;
  await world.counting.confirm({ ...answer, person: 'Lee', requestId: 'r2' }, [OCTOBER]);
  expect(await world.quantity('C-1', 'EDR')).toBe('31');
  expect(await world.quantity('C-2', 'EDR')).toBeNull();
});

it.each<[string, Split, string]>([
  ['a client twice', { by: 'shares', parts: [SHARES.parts[0] as never, SHARES.parts[0] as never, SHARES.parts[1] as never] }, 'named twice'],
  ['an unknown client', { by: 'shares', parts: [{ clientId: 'C-9', shares: 1 }, { clientId: 'C-1', shares: 1 }] }, 'there is no client "C-9"'],
  ['one client alone', { by: 'quantities', parts: [{ clientId: 'C-1', sku: 'AGENT', quantity: '1' as Quantity }], rest: 'C-1' }, 'at least two clients'],
  ['a quantity of none', { by: 'quantities', parts: [{ clientId: 'C-1', sku: 'AGENT', quantity: '0' as Quantity }], rest: 'C-2' }, 'no quantity'],
])('refuses %s', async (_what, rule, words) => {
  await expect(split(rule)).rejects.toThrow(words);
  expect(await world.quantity('C-1', 'EDR')).toBeNull();
}); // prettier-ignore

it.each<[string, 'hashed' | 'listed']>([
  ['hashed, as nothing else is said', 'hashed'],
  ['listed beside the hash, where the configuration says so', 'listed'],
])('ids are kept %s', async (_what, ids) => {
  const hash = hashedId('edr', 'PC-7');
  const answer = { asOf: null, counts: answerOf([ROWS[2]!]).counts.map((one) => ({ ...one, ids: ['PC-7'] })) };
  const source = sourceOf('edr', () => Promise.resolve(answer));
  const other = await startWorld([{ id: 'edr', adapter: source, services: { AGENT: 'EDR' } }]);
  Object.assign(other.ports.connections[0]!.config, { ids });
  await other.counting.refresh({ period: OCTOBER });
  const [count] = (await other.latest()).counts;
  await other.stop();
  expect(count?.parts[0]?.ids).toEqual([ids === 'hashed' ? hash : `${hash}:PC-7`]);
}); // prettier-ignore
