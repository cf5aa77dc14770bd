/** Troubles on request: which exchange goes wrong, how, and how often. */
import * as z from 'zod';
import { randomFrom, type Random } from '../sample/random.ts';
import type { SimRequest } from './exchange.ts';
import { STAND_INS } from './registry.ts';

export const FAULT_KINDS = [
  /** The work is done and stored; the answer never comes. */
  'hold-answer',
  /** The request never arrives: nothing is done, the connection closes. */
  'drop-request',
  /** The work is done, the connection closes without an answer. */
  'drop-answer',
  /** The work is done; the connection is reset in the middle of the answer. */
  'reset',
  /** Another status, body and headers; nothing is done unless "work" says so. */
  'status',
  /** The work is done; the answer is cut off in the middle. */
  'truncate',
  /** A sign-in page instead of an answer. */
  'html',
  'slow',
  'empty-list',
  /** Fields have other names and numbers are texts. */
  'changed-schema',
  /** A later page shows the rows of the first one again. */
  'repeat-page',
  /** The answer with single values replaced: {"content.0.quantity": "12"}. */
  'patch',
  /** A time-out is answered; the work is done later: after ms, or at POST /_sim/land. */
  'late-landing',
  /** The network delivers the request twice; the first answer comes. */
  'twice',
] as const;

export const FaultSchema = z.strictObject({
  system: z.enum(STAND_INS.map(({ system }) => system)),
  match: z
    .strictObject({
      method: z.string().toUpperCase().optional(),
      path: z.string().optional(),
      /** A text in the body: the id of the one customer whose invoice goes wrong. */
      holds: z.string().min(1).optional(),
    })
    .default({}),
  /** The nth matching request from now; absent: every one. */
  nth: z.int().min(1).optional(),
  /** How often it strikes; absent: once with nth, else without end. */
  times: z.int().min(1).optional(),
  /** So often it strikes a request that is its turn: 0.1 is one in ten, drawn from the seed. */
  chance: z.number().min(0).max(1).optional(),
  seed: z.string().optional(),
  fault: z.enum(FAULT_KINDS),
  status: z.int().min(200).max(599).optional(),
  body: z.unknown().optional(),
  headers: z.record(z.string(), z.string()).optional(),
  ms: z.int().min(0).max(3_600_000).optional(),
  set: z.record(z.string(), z.unknown()).optional(),
  /** Of "status" and "html": the work is done all the same (a 500 after the create). */
  work: z.boolean().optional(),
});

export type Fault = z.infer<typeof FaultSchema>;

export interface Faults {
  add(fault: Fault): void;
  clear(): void;
  list(): readonly (Fault & { readonly seen: number; readonly struck: number })[];
  /** The fault that strikes this request, or null. */
  take(request: SimRequest): Fault | null;
}

interface Counted {
  readonly fault: Fault;
  readonly random: Random;
  seen: number;
  struck: number;
}

export function createFaults(): Faults {
  let active: Counted[] = [];
  return {
    add: (fault) =>
      active.push({ fault, random: randomFrom(fault.seed ?? fault.fault), seen: 0, struck: 0 }),
    clear: () => {
      active = [];
    },
    list: () => active.map(({ fault, seen, struck }) => ({ ...fault, seen, struck })),
    take(request) {
      const matching = active.filter(({ fault }) => isMatch(fault, request));
      for (const counted of matching) counted.seen += 1;
      const striking = matching.find(isDue);
      if (!striking) return null;
      striking.struck += 1;
      return striking.fault;
    },
  };
}

function isDue({ fault, random, seen, struck }: Counted): boolean {
  const times = fault.times ?? (fault.nth === undefined ? Infinity : 1);
  if (struck >= times || seen < (fault.nth ?? 1)) return false;
  return fault.chance === undefined || random() < fault.chance;
}

function isMatch({ system, match }: Fault, request: SimRequest): boolean {
  if (system !== request.system) return false;
  if (match.method !== undefined && match.method !== request.method) return false;
  if (match.holds !== undefined && !request.body.includes(match.holds)) return false;
  return match.path === undefined || matchesPath(match.path, request.path);
}

/** Exact, or with * for any number of characters; a leading /v1 may be left out. */
function matchesPath(pattern: string, path: string): boolean {
  const bare = (text: string): string => text.replace(/^\/v1(?=\/)/, '');
  const source = bare(pattern).split('*').map(escape).join('.*');
  return new RegExp(`^${source}$`).test(bare(path));
}

const escape = (text: string): string => text.replace(/[.+?^${}()|[\]\\]/g, '\\$&');
