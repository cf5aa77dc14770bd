/** What a number was made of, for a person: every basis side by side, the gaps, who came and went. */
import { countOf, type CountIndex } from './counts.ts';
import { idKey } from './ids.ts';
import { BASES, type Basis, type ClientId, type Count, type CountPart, type ServiceId } from './model.ts'; // prettier-ignore
import { isNegative, isZero, negateQuantity, subtractQuantities, type Quantity } from './money.ts';

/** The same thing counted in each way that some source knows. */
export function countedByBasis(
  index: CountIndex,
  clientId: ClientId,
  serviceId: ServiceId,
): readonly Count[] {
  return BASES.flatMap((basis) => {
    const answer = countOf(index, clientId, serviceId, basis);
    return answer.kind === 'count' ? [answer.count] : [];
  });
}

/** From what is paid for to what is used. */
const ORDER: readonly Basis[] = ['bought', 'assigned', 'active'];
const MORE = {
  bought: 'bought', assigned: 'assigned', active: 'active',
  billable: 'billable', peak: 'there at the peak',
} as const; // prettier-ignore

/** "5 bought but not assigned", "2 billed but not bought"; nothing where two agree. */
export function nameGaps(counts: readonly Count[], billed: Quantity): readonly string[] {
  const known = ORDER.flatMap((basis) => counts.find((count) => count.basis === basis) ?? []);
  const steps = known.slice(1).map((next, at) => {
    const before = known[at] ?? next;
    return gap(before.quantity, MORE[before.basis], next.quantity, MORE[next.basis]);
  });
  const others = counts.filter(({ basis }) => !ORDER.includes(basis));
  const against = [...known.slice(0, 1), ...others].map((count) =>
    gap(count.quantity, MORE[count.basis], billed, 'billed'),
  );
  return [...against, ...steps].flatMap((words) => words ?? []);
}

function gap(here: Quantity, hereWords: string, there: Quantity, thereWords: string): string | null {
  const difference = subtractQuantities(here, there);
  if (isZero(difference)) return null;
  return isNegative(difference)
    ? `${negateQuantity(difference)} ${thereWords} but not ${hereWords}`
    : `${difference} ${hereWords} but not ${thereWords}`;
} // prettier-ignore

export interface Comings {
  readonly joined: readonly string[];
  readonly left: readonly string[];
  readonly stayed: number;
}

/** By the ids of both months; null where one of them does not name all it counts. */
export function compareIds(
  before: readonly CountPart[],
  now: readonly CountPart[],
): Comings | null {
  if (![...before, ...now].every(isNamed)) return null;
  const [had, has] = [idsOf(before), idsOf(now)];
  if (had.size + has.size === 0) return null;
  return {
    joined: [...has].filter(([key]) => !had.has(key)).map(([, id]) => id),
    left: [...had].filter(([key]) => !has.has(key)).map(([, id]) => id),
    stayed: [...has.keys()].filter((key) => had.has(key)).length,
  };
}

const isNamed = ({ ids, quantity }: CountPart): boolean =>
  isZero(quantity) || String(ids?.length ?? -1) === quantity;

const idsOf = (parts: readonly CountPart[]): ReadonlyMap<string, string> =>
  new Map(parts.flatMap(({ ids = [] }) => ids).map((id) => [idKey(id), id]));
