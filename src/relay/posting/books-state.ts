/** How the connected books stand: whose they are, whether anything may be sent, the last sweep. */
import type { z } from 'zod/mini';
import type { BooksStateSchema, SweepSchema } from '../../contract/contract.ts';
import { addMinutes } from '../clock.ts';
import type { SweepRow } from '../store/posting-books.ts';
import { holdFence, instant, type Engine } from './engine.ts';
import type { Asker } from './ports.ts';
import { toKnow } from './marks.ts';
import { recoveryShown } from './recovery.ts';
import type { Finding } from './sweep.ts';

type BooksState = z.output<typeof BooksStateSchema>;
type Sweep = z.output<typeof SweepSchema>;

/** Older than this and the reconciliation is not to be relied on (posting-safety 1.7). */
const LATE_MINUTES = 26 * 60;

export async function booksState(engine: Engine): Promise<BooksState> {
  const { system, connection } = engine.books;
  const row = await engine.store.findConnection(connection);
  const swept = await engine.store.latestSweep(connection);
  const recovery = await recoveryShown(engine);
  return {
    title: system.title,
    instance: engine.instance,
    promise: system.promise,
    company: row?.company_name ?? null,
    parked: row?.parked ?? null,
    ...(row?.parked == null ? {} : { liftedBy: row.park_kind === 'caps' ? 'person' : 'company' }),
    ...(recovery ? { recovery } : {}),
    sweep: swept && toSweep(engine, swept),
  };
}

export const toSweep = (engine: Engine, row: SweepRow): Sweep => ({
  at: instant(row.at),
  from: row.from_day as Sweep['from'],
  to: row.to_day as Sweep['to'],
  compared: row.compared,
  failed: row.failed,
  late: row.failed !== null || addMinutes(instant(row.at), LATE_MINUTES) < engine.clock.now(),
  findings: JSON.parse(row.findings) as Finding[],
});

/** A person has found out whose mark it is; from now on it is no reason to stop (F34). */
export async function knowMark(
  engine: Engine,
  { marker, reason }: { readonly marker: string; readonly reason: string },
  asker: Asker,
): Promise<void> {
  const { connection } = engine.books;
  const { person, requestId } = asker;
  await engine.store.transaction(async (transaction) => {
    await holdFence(engine, transaction);
    await transaction.insertKnownMark({
      connection,
      marker: toKnow(engine, marker),
      person,
      at: engine.clock.now(),
      reason,
    });
    const known = toKnow(engine, marker);
    const whose = known === marker ? marker : `${marker}, and all of its relay`;
    const words = `The mark ${whose}, is known: ${reason}`;
    const entry = { person, requestId, action: 'knew mark', object: marker, words };
    await transaction.appendAudit(entry);
  });
}
