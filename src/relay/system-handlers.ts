/** Health, session and audit: what the relay says about itself. */
import { millisecondsBetween, periodAt } from './clock.ts';
import type { Counting } from './counts/counting.ts';
import type { CountingPorts } from './counts/ports.ts';
import type { Handlers, Posting } from './handlers.ts';
import { roomTrouble } from './posting/machine.ts';
import type { Machine } from './posting/ports.ts';
import { headTrouble, writtenHead } from './store/audit-head.ts';
import type { AuditAnchor } from './store/audit-anchor.ts';
import type { BillingPeriod, Instant } from '../core/billing-period.ts';

interface SystemPorts extends CountingPorts {
  readonly posting: Posting;
  readonly counting: Counting;
  readonly anchor: Pick<AuditAnchor, 'verify' | 'trouble'>;
  readonly machine: Pick<Machine, 'freeBytes'>;
  readonly version: string;
}

export const DEFAULT_PERSON = 'you';

const AUDIT_ENTRIES_MAX = 500;
/** In doubt for longer, somebody should know. */
const UNCERTAIN_SECONDS_MAX = 3600;
const UNUSABLE = new Set(['failed', 'never']);

export function systemHandlers(ports: SystemPorts): Pick<Handlers, 'health' | 'session' | 'audit'> {
  const { config, clock, counting, posting, books } = ports;
  const current = (): BillingPeriod => periodAt(clock.now(), config.timeZone);
  return {
    async health() {
      const sources = await counting.health(current());
      const { uncertainTotal, oldestSince } = await posting.doubt();
      const oldestUncertainSeconds = oldestSince ? secondsSince(oldestSince, clock.now()) : 0;
      const recovery = await posting.recovery();
      const troubles = await troublesOf(ports, oldestUncertainSeconds);
      const isWell = troubles.length === 0 && !sources.some(({ state }) => UNUSABLE.has(state));
      return {
        status: recovery ? 'recovery' : isWell ? 'ok' : 'degraded',
        profile: config.profile,
        version: ports.version,
        sources: sources.map(({ id, state }) => ({ id, state })),
        uncertainTotal,
        oldestUncertainSeconds,
        ...(troubles.length === 0 ? {} : { troubles: [...troubles] }),
        ...(recovery ? { recovery } : {}),
      };
    },
    async session({ person }) {
      const { system, connection } = books;
      return {
        person,
        profile: config.profile,
        now: clock.now(),
        currentPeriod: current(),
        books: {
          id: connection,
          title: system.title,
          company: (await counting.companyName()) ?? 'not connected yet',
          promise: system.promise,
          ...(system.kind ? { kind: system.kind } : {}),
        },
        twoPersons: config.twoPersons,
        lateAfterHours: config.lateAfterHours,
      };
    },
    audit: ({ query }) => readAudit(ports, query.period),
  };
}

/** What no source tells and somebody has to mend: posting-safety 1.6, F33, the trail and its anchor. */
async function troublesOf(
  { anchor, machine, posting, store }: SystemPorts,
  oldestUncertainSeconds: number,
): Promise<readonly string[]> {
  const isOld = oldestUncertainSeconds > UNCERTAIN_SECONDS_MAX;
  const troubles = [
    anchor.trouble(),
    await headTrouble(store, writtenHead(store)),
    roomTrouble({ machine }),
    isOld ? 'An invoice has been in doubt for over an hour: it may wait for a decision.' : null,
    ...(await posting.troubles()),
  ];
  return [...new Set(troubles.filter((words) => words !== null))];
}

async function readAudit(
  { store, anchor, posting }: SystemPorts,
  period: BillingPeriod | undefined,
): ReturnType<Handlers['audit']> {
  const all = store.selectFrom('audit').selectAll().orderBy('seq', 'desc').limit(AUDIT_ENTRIES_MAX);
  const rows = await (period === undefined ? all : all.where('period', '=', period)).execute();
  const { verified } = await anchor.verify();
  // While a restored database is held against the books, entries are missing from the trail.
  const isWhole = verified && (await posting.recovery()) === null;
  const entries = rows.map(({ seq, ts, person, action, object, words, hash }) => ({
    seq, at: ts as Instant, person, action, object, words, hash,
  })); // prettier-ignore
  return { verified: isWhole, entries };
}

const secondsSince = (since: Instant, now: Instant): number =>
  Math.max(0, Math.floor(millisecondsBetween(since, now) / 1000));
