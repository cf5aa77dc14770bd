/** A person brings the file of a month: it is kept, noted in the trail, and counted at once. */
import { createHash } from 'node:crypto';
import type { BillingPeriod } from '../../core/billing-period.ts';
import { AppError } from '../../core/errors.ts';
import type { SourceHealth } from '../../core/model.ts';
import { appendAudit } from '../store/audit.ts';
import { inTransaction } from '../store/database.ts';
import { readClients } from './clients.ts';
import { periodAt } from '../clock.ts';
import type { Counting } from './counting.ts';
import { fileNameOf, keepFile } from './inbox.ts';
import type { CountingPorts } from './ports.ts';

export interface Import {
  readonly source: string;
  readonly period: BillingPeriod;
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly confirmProfile: boolean;
  readonly person: string;
  readonly requestId: string;
}

/** A file that cannot be used is the state of the source, with the last good counts kept. */
export function createImporter(
  ports: CountingPorts,
  counting: Counting,
): (asked: Import) => Promise<SourceHealth> {
  let before: Promise<unknown> = Promise.resolve();
  return async (asked) => {
    const { source, period, confirmProfile } = asked;
    const inbox = inboxFor(ports, asked);
    const name = fileNameOf(asked.name);
    await refuseMonth(ports, period);
    if ((await readClients(ports.store)).length === 0) await counting.syncBooks();
    // One after the other: two files of one month must not clear away each other.
    const keeping = before.then(() => keepFile(inbox, name, asked.bytes));
    before = keeping.catch(() => undefined);
    await keeping;
    await note(ports, asked, name);
    const { sources } = await counting.refresh({
      period,
      sources: [source],
      insist: true,
      anew: true,
      ...(confirmProfile ? { confirmProfile: [source] } : {}),
    });
    const health = sources.find(({ id }) => id === source);
    if (!health) throw new Error(`${source} is configured and has no health`);
    return health;
  };
}

function inboxFor({ connections }: CountingPorts, { source, period }: Import): string {
  const connection = connections.find(({ config }) => config.id === source);
  if (!connection) {
    throw new AppError('NOT_FOUND', `There is no source "${source}" in the configuration.`);
  }
  if (connection.inbox) return connection.inbox(period);
  const words = `${connection.title} takes no files from here. Set "upload" to true in its settings, in place of "path" or "folder".`;
  throw new AppError('INPUT_INVALID', words);
}

async function refuseMonth(
  { clock, config, closed }: CountingPorts,
  period: BillingPeriod,
): Promise<void> {
  if (period > periodAt(clock.now(), config.timeZone)) {
    throw new AppError('INPUT_INVALID', `${period} has not started yet.`);
  }
  if (!(await closed.isSealed(period))) return;
  throw new AppError('INPUT_INVALID', `${period} is posted: no file changes its counts any more.`);
}

const note = (
  { store, clock }: CountingPorts,
  { source, period, bytes, person, requestId }: Import,
  name: string,
): Promise<void> =>
  inTransaction(store, (transaction) =>
    appendAudit(transaction, clock, {
      person,
      action: 'imported file',
      object: source,
      period,
      words: `${person} imported ${name} for ${period}.`,
      digests: { file: createHash('sha256').update(bytes).digest('hex') },
      requestId,
    }),
  );
