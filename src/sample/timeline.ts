/**
 * How the clients grew: what each of them really had at the end of every month. September 2026 is
 * written down in clients.ts; the months before are walked back from it, October forward.
 * Pace (assumption): about two clients in ten gain or lose a person in a month.
 */
import { CLIENTS, type ClientFacts, type Plan } from './clients.ts';
import type { SampleVariant } from './model.ts';
import { randomFrom } from './random.ts';

export const PERIODS = [
  '2025-10', '2025-11', '2025-12', '2026-01', '2026-02', '2026-03', '2026-04', '2026-05', '2026-06', '2026-07', '2026-08', '2026-09', '2026-10',
] as const; // prettier-ignore
export const LAST_POSTED = PERIODS.length - 2;
export const CURRENT = PERIODS.length - 1;

/** What one client has at the end of one month. */
export interface Holding {
  readonly workstations: number;
  readonly servers: number;
  readonly firewalls: number;
  readonly seats: readonly (readonly [Plan, number])[];
}

/** Machines and seats that come (or, negative, go) in October; seats of the client's first plan. */
export type Move = readonly [code: string, workstations: number, seats: number];

/** Every one stays below the limits at which a change is flagged (3 units, 20 %, $40). */
const ORDINARY: readonly Move[] = [
  ['A1002', 1, 1], ['A1005', 1, 2], ['A1007', 1, 0], ['A1009', 0, -1], ['A1014', 1, 0], ['00417', 1, 1], ['A1021', 0, 1], ['A1023', -1, -1], ['A1028', 0, -2], ['A1032', 3, 2], ['A1033', 1, 1], ['A1036', 0, -1], ['A1038', 1, 0],
]; // prettier-ignore
const QUIET: readonly Move[] = [['A1002', 1, 1], ['00417', 1, 1], ['A1032', 2, 1]]; // prettier-ignore

export const movesOf = (variant: SampleVariant): readonly Move[] =>
  variant === 'planted' ? ORDINARY : QUIET;

/** Seats that moved from one plan to another at the distributor in October. */
export const PLAN_SWAP = { code: 'A1010', from: 'M365BS', to: 'M365BP', seats: 10 } as const;

const NEVER_CHANGES = new Set(['A1040', 'A1035', 'A1025']);
const SEASONAL = { code: 'A1027', months: ['2026-06', '2026-07', '2026-08'], seats: 7 };
const LARGE_FROM = 40;

export type Timeline = readonly (Holding | null)[];
const known = new Map<string, Timeline>();

/** One holding per month, in the order of PERIODS; null before the client came. */
export function timelineOf(client: ClientFacts, variant: SampleVariant): Timeline {
  const key = `${variant} ${client.code}`;
  const timeline = known.get(key) ?? grow(client, variant);
  known.set(key, timeline);
  return timeline;
}

function grow(client: ClientFacts, variant: SampleVariant): Timeline {
  const september: Holding = {
    workstations: client.workstations,
    servers: client.servers ?? 0,
    firewalls: client.firewalls ?? 0,
    seats: client.seats ?? [],
  };
  const months = [...walkBack(client, september), september, october(client, september, variant)];
  return months.map((holding, index) => {
    const period = PERIODS[index] ?? '';
    return client.since && period < client.since ? null : inSeason(client, period, holding);
  });
}

function walkBack(client: ClientFacts, september: Holding): Holding[] {
  const random = randomFrom(`staff of ${client.code}`);
  const months: Holding[] = [];
  let later = september;
  for (let index = LAST_POSTED - 1; index >= 0; index -= 1) {
    later = monthBefore(client, later, random);
    months.unshift(later);
  }
  return months;
}

function monthBefore(client: ClientFacts, later: Holding, random: () => number): Holding {
  const [isMove, isJoin, hasMachine, hasSeat] = [random(), random(), random(), random()];
  const isLarge = client.workstations >= LARGE_FROM;
  if (NEVER_CHANGES.has(client.code) || isMove > (isLarge ? 0.6 : 0.2)) return later;
  const people = (isJoin < 0.6 ? 1 : -1) * (isLarge && hasSeat < 0.3 ? 2 : 1);
  const floor = Math.ceil(client.workstations * 0.7);
  const machines = hasMachine < 0.85 && later.workstations - people >= floor ? people : 0;
  const seats = hasSeat < 0.8 && mainSeats(later) - people >= 3 ? people : 0;
  return moved(later, -machines, -seats);
}

function october(client: ClientFacts, september: Holding, variant: SampleVariant): Holding {
  const move = movesOf(variant).find(([code]) => code === client.code);
  const holding = move ? moved(september, move[1], move[2]) : september;
  return variant === 'planted' && client.code === PLAN_SWAP.code ? swapped(holding) : holding;
}

function swapped(holding: Holding): Holding {
  const change = { [PLAN_SWAP.from]: -PLAN_SWAP.seats, [PLAN_SWAP.to]: PLAN_SWAP.seats } as const;
  const seats = holding.seats.map(([plan, count]): [Plan, number] => [
    plan,
    count + (plan in change ? change[plan as keyof typeof change] : 0),
  ]);
  return { ...holding, seats };
}

function inSeason(client: ClientFacts, period: string, holding: Holding): Holding {
  const isSeason = client.code === SEASONAL.code && SEASONAL.months.includes(period);
  return isSeason ? moved(holding, 0, SEASONAL.seats) : holding;
}

function moved(holding: Holding, workstations: number, seats: number): Holding {
  const [first, ...rest] = holding.seats;
  return {
    ...holding,
    workstations: holding.workstations + workstations,
    seats: first ? [[first[0], first[1] + seats], ...rest] : [],
  };
}

const mainSeats = (holding: Holding): number => holding.seats[0]?.[1] ?? 0;

export const seatsOf = (holding: Holding, plan: Plan): number =>
  holding.seats.find(([name]) => name === plan)?.[1] ?? 0;

export const allSeats = (holding: Holding): number =>
  holding.seats.reduce((total, [, count]) => total + count, 0);

export const indexOfPeriod = (period: string): number => {
  const index = PERIODS.findIndex((known) => known >= period);
  return index === -1 ? CURRENT : index;
};

export const CLIENT_CODES: readonly string[] = CLIENTS.map((client) => client.code);
