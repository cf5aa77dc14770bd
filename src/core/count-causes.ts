/** Why a vendor's count moved, from the accounts, SKUs and ids it was made of. */
import type {
  CauseKind, ClientId, Count, CountPart, PostedLine, ServiceId, SourceHealth, SourceId,
} from './model.ts'; // prettier-ignore
import { addQuantities, isNegative, isZero, negateQuantity, parseQuantity, subtractQuantities, toNumber, ZERO_QUANTITY } from './money.ts'; // prettier-ignore
import { idKey } from './ids.ts';
import type { Currency, Quantity } from './money.ts';
import { explainSplits } from './split-causes.ts';

export interface QuantityCause {
  readonly kind: CauseKind;
  readonly quantity: Quantity;
  readonly text: string;
}

/** Who had what, last month and now, over all clients: it tells a move from a loss. */
export interface CauseContext {
  readonly currency: Currency;
  readonly sources: ReadonlyMap<SourceId, SourceHealth>;
  /** "source|account" to the clients it was, or is, counted for. */
  readonly accountsBefore: ReadonlyMap<string, ReadonlySet<ClientId>>;
  readonly accountsNow: ReadonlyMap<string, ReadonlySet<ClientId>>;
  /** "source|id" to the "client|service" it was, or is, counted for. */
  readonly idsBefore: ReadonlyMap<string, string>;
  readonly idsNow: ReadonlyMap<string, string>;
  /** "client|service" to what went over to, or came from, another service of the same group. */
  readonly swaps: ReadonlyMap<string, QuantityCause>;
}

interface CountedLine {
  readonly clientId: ClientId;
  readonly serviceId: ServiceId;
  readonly previous: PostedLine | null;
  readonly count: Count | null;
}

export const quantityOfParts = (parts: readonly CountPart[]): Quantity =>
  parts.length === 1 && parts[0]
    ? parts[0].quantity
    : addQuantities(parts.map((part) => part.quantity));

/** The steps of a count that moved by so many; what they leave over is unexplained or stale. */
export function explainCount(
  line: CountedLine,
  moved: Quantity,
  context: CauseContext,
): readonly QuantityCause[] {
  if (isZero(moved)) return [];
  const { remapped, before, now } = splitRemapped(line, context);
  const steps = [...remapped, ...explainParts(line, before, now, context)];
  const named = addQuantities(steps.map((step) => step.quantity));
  const rest = subtractQuantities(moved, named);
  if (isZero(rest)) return steps;
  return [...steps, ...explainRest(line, rest, steps.length > 0, context)];
}

/** Takes out the accounts that belong, or belonged, to another client. */
function splitRemapped(
  line: CountedLine,
  context: CauseContext,
): { remapped: QuantityCause[]; before: CountPart[]; now: CountPart[] } {
  const source = line.count?.source ?? line.previous?.source ?? '';
  const [before, now] = [[...(line.previous?.parts ?? [])], [...(line.count?.parts ?? [])]];
  const accountsBefore = new Set(before.map(({ account }) => account));
  const accountsNow = new Set(now.map(({ account }) => account));
  const gained = (part: CountPart): boolean =>
    !accountsBefore.has(part.account) &&
    isOthers(context.accountsBefore.get(`${source}|${part.account}`), line.clientId);
  const lost = (part: CountPart): boolean =>
    !accountsNow.has(part.account) &&
    isOthers(context.accountsNow.get(`${source}|${part.account}`), line.clientId);
  const remapped = [
    ...now.filter(gained).map((part) => remap(part, part.quantity, 'came from')),
    ...before.filter(lost).map((part) => remap(part, negateQuantity(part.quantity), 'went to')),
  ];
  return {
    remapped,
    before: before.filter((part) => !lost(part)),
    now: now.filter((part) => !gained(part)),
  };
}

function remap(part: CountPart, quantity: Quantity, verb: string): QuantityCause {
  return {
    kind: 'mapping changed',
    quantity,
    text: `Account ${part.account} ${verb} another client.`,
  };
}

const isOthers = (clients: ReadonlySet<ClientId> | undefined, own: ClientId): boolean =>
  clients !== undefined && !clients.has(own);

function explainParts(
  line: CountedLine,
  before: readonly CountPart[],
  now: readonly CountPart[],
  context: CauseContext,
): readonly QuantityCause[] {
  if (before.length + now.length === 0) return [];
  const shared = explainSplits(before, now);
  if (shared.length > 0) return shared;
  if ([...before, ...now].every(hasIds)) return explainIds(line, before, now, context);
  return explainAccounts(before, now);
}

/** A part of none needs no ids. */
const hasIds = (part: CountPart): boolean =>
  isZero(part.quantity) || part.ids?.length === toNumber(part.quantity);

/** Every id that is there more often than before joined, or came over; the same for those less. */
function explainIds(
  line: CountedLine,
  before: readonly CountPart[],
  now: readonly CountPart[],
  context: CauseContext,
): readonly QuantityCause[] {
  const source = line.count?.source ?? line.previous?.source ?? '';
  const own = `${line.clientId}|${line.serviceId}`;
  const [had, has] = [tally(before), tally(now)];
  const totals = new Map<string, number>();
  const twice = [...has].filter(([id, times]) => times > Math.max(1, had.get(id) ?? 0)).length;
  const note = (kind: CauseKind, times: number): void => {
    const key = `${kind}|${times > 0 ? 'in' : 'out'}`;
    totals.set(key, (totals.get(key) ?? 0) + times);
  };
  for (const id of new Set([...had.keys(), ...has.keys()])) {
    const more = (has.get(id) ?? 0) - (had.get(id) ?? 0);
    if (more > 0) note(whence(context.idsBefore.get(`${source}|${id}`), own, 'joined'), more);
    if (more < 0) note(whence(context.idsNow.get(`${source}|${id}`), own, 'left'), more);
  }
  return [...totals].map(([key, times]) => {
    const kind = key.slice(0, key.indexOf('|')) as CauseKind;
    return { kind, quantity: parseQuantity(String(times)), text: idsText(kind, times, twice) };
  });
}

function tally(parts: readonly CountPart[]): ReadonlyMap<string, number> {
  const times = new Map<string, number>();
  for (const id of parts.flatMap((part) => part.ids ?? []).map(idKey))
    times.set(id, (times.get(id) ?? 0) + 1);
  return times;
}

function whence(owner: string | undefined, own: string, otherwise: CauseKind): CauseKind {
  if (owner === undefined || owner === own) return otherwise;
  const sameClient = owner.slice(0, owner.indexOf('|')) === own.slice(0, own.indexOf('|'));
  return sameClient ? 'SKU changed' : 'mapping changed';
}

function idsText(kind: CauseKind, times: number, twice: number): string {
  const many = String(Math.abs(times));
  if (kind === 'SKU changed')
    return `${many} ${times > 0 ? 'came from' : 'went to'} another service.`;
  if (kind === 'mapping changed')
    return `${many} ${times > 0 ? 'came from' : 'went to'} another client.`;
  if (kind === 'left') return `${many} of last month are no longer there.`;
  const doubled = twice > 0 ? `; ${twice} are listed more than once` : '';
  return `${many} are there that were not last month${doubled}.`;
}

/** Without ids: an account that came or went beside others that stayed is a change of mapping. */
function explainAccounts(
  before: readonly CountPart[],
  now: readonly CountPart[],
): readonly QuantityCause[] {
  const accountsBefore = new Set(before.map(({ account }) => account));
  const accountsNow = new Set(now.map(({ account }) => account));
  const some = [...accountsNow].some((account) => accountsBefore.has(account));
  if (!some) return [];
  const added = now.filter(({ account }) => !accountsBefore.has(account));
  const removed = before.filter(({ account }) => !accountsNow.has(account));
  return [
    ...added.map((part) => accountCause(part, part.quantity, 'is new for this client')),
    ...removed.map((part) => accountCause(part, negateQuantity(part.quantity), 'is gone')),
  ];
}

function accountCause(part: CountPart, quantity: Quantity, words: string): QuantityCause {
  return { kind: 'mapping changed', quantity, text: `Account ${part.account} ${words}.` };
}

function explainRest(
  line: CountedLine,
  rest: Quantity,
  partly: boolean,
  context: CauseContext,
): readonly QuantityCause[] {
  const swap = context.swaps.get(`${line.clientId}|${line.serviceId}`);
  const within = swap ? nearer(swap.quantity, rest) : ZERO_QUANTITY;
  const left = subtractQuantities(rest, within);
  const steps: QuantityCause[] = swap && !isZero(within) ? [{ ...swap, quantity: within }] : [];
  if (isZero(left)) return steps;
  if (!partly && steps.length === 0) {
    if (!line.count || isZero(line.count.quantity)) {
      return [{ kind: 'left', quantity: left, text: 'The source counts none any more.' }];
    }
    const none = line.previous === null || isZero(line.previous.quantity);
    if (none) {
      return [{ kind: 'joined', quantity: left, text: 'There were none last month.' }];
    }
  }
  const health = line.count ? context.sources.get(line.count.source) : undefined;
  if (health && health.state !== 'fresh') {
    const text = `${health.title} is ${health.state}; the last good counts were kept.`;
    return [...steps, { kind: 'source stale', quantity: left, text }];
  }
  return steps;
}

/** As much of the one as fits in the other; none when they point apart. */
function nearer(a: Quantity, b: Quantity): Quantity {
  if (isNegative(a) !== isNegative(b)) return ZERO_QUANTITY;
  return Math.abs(toNumber(a)) <= Math.abs(toNumber(b)) ? a : b;
}
