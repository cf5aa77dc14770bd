/** What the functions answer: a number or text, or an AppError that the edge turns into a cell. */
import { AppError } from '../src/core/errors.ts';
import {
  hasStarted,
  periodTitle,
  previousPeriod,
  type BillingPeriod,
  type Instant,
} from '../src/core/billing-period.ts';
import type { Snapshot } from '../src/core/model.ts';
import { toNumber, type Quantity } from '../src/core/money.ts';
import { parseAddress, parseBack, parseBasis, parseName, type Address } from './arguments.ts';
import { counted, lastPosted, moved, posted } from './counts.ts';
import { findClient, findService } from './names.ts';
import { periodOf, type Runtime } from './runtime.ts';
import { sentence, short } from './words.ts';
import type { Shown } from './registry.ts';

export interface Told {
  readonly value: Shown;
  readonly words: string;
}

const MS_PER_DAY = 86_400_000;
/** Excel's serial of 1970-01-01. */
const SERIAL_OF_1970 = 25_569;

export async function count(
  of: Runtime,
  args: readonly unknown[],
  preview: boolean,
): Promise<Told> {
  const [client, service] = [parseName(args[0], 'client'), parseName(args[1], 'service')];
  const [address, basis] = [parseAddress(args[2]), parseBasis(args[3])];
  const snapshot = await snapshotOf(of, address, preview);
  const found = counted(
    snapshot,
    findClient(snapshot, client),
    findService(snapshot, service),
    basis,
  );
  return told(found.quantity, found.note);
}

export async function prev(of: Runtime, args: readonly unknown[], preview: boolean): Promise<Told> {
  const [client, service] = [parseName(args[0], 'client'), parseName(args[1], 'service')];
  const back = parseBack(args[2]);
  const snapshot = await snapshotOf(of, parseAddress(null), preview);
  const [one, wanted] = [findClient(snapshot, client), findService(snapshot, service)];
  const last = lastPosted(snapshot);
  if (back === 1) return told(posted(last, one, wanted), null);
  const months = await of.snapshots.posted(snapshot.period);
  const month = [...months].sort((a, b) => (a.period < b.period ? 1 : -1))[back - 1];
  if (!month) {
    throw new AppError(
      'NOT_FOUND',
      `Only ${months.length} months were posted before ${periodTitle(snapshot.period)}.`,
    );
  }
  return told(posted(month, one, wanted), null);
}

export async function delta(
  of: Runtime,
  args: readonly unknown[],
  preview: boolean,
): Promise<Told> {
  const [client, service] = [parseName(args[0], 'client'), parseName(args[1], 'service')];
  const snapshot = await snapshotOf(of, parseAddress(args[2]), preview);
  const found = moved(snapshot, findClient(snapshot, client), findService(snapshot, service));
  return told(found.quantity, found.note);
}

/** When the counts of a source were taken; of a service: its oldest source, the honest one. */
export async function asof(of: Runtime, args: readonly unknown[], preview: boolean): Promise<Told> {
  const wanted = parseName(args[0], 'service');
  const snapshot = await snapshotOf(of, parseAddress(null), preview);
  const source = snapshot.sources.find(
    (entry) => same(entry.id, wanted) || same(entry.title, wanted),
  );
  const serviceIds = source ? [] : idsOf(snapshot, wanted);
  const sources = source
    ? [source]
    : snapshot.sources.filter((entry) => entry.services.some((id) => serviceIds.includes(id)));
  if (sources.length === 0)
    throw new AppError(
      'SETUP_MISSING',
      `No source counts ${short(wanted)}. Map it in the MCC pane.`,
    );
  const silent = sources.find((entry) => entry.lastGoodAt === null);
  if (silent) {
    throw new AppError(
      'SETUP_MISSING',
      `No count from ${short(silent.title)} for ${periodTitle(snapshot.period)} yet.`,
    );
  }
  const ages = sources.flatMap((entry) => [
    entry.lastGoodAt,
    ...(entry.gaps ?? []).map(({ since }) => since),
  ]);
  const [oldest = ''] = ages.flatMap((age) => age ?? []).sort();
  return { value: toSerial(oldest), words: '' };
}

export async function status(
  of: Runtime,
  args: readonly unknown[],
  preview: boolean,
): Promise<Told> {
  const client = parseName(args[0], 'client');
  const snapshot = await snapshotOf(of, parseAddress(args[1]), preview);
  const { id } = findClient(snapshot, client);
  const entries = await of.snapshots.status(snapshot.period);
  const entry = entries.find((known) => known.clientId === id);
  if (!entry) return { value: 'Not started', words: '' };
  const word = entry.word.charAt(0).toUpperCase() + entry.word.slice(1);
  return { value: entry.ref ? `${word} ${entry.ref}` : word, words: '' };
}

async function snapshotOf(of: Runtime, address: Address, preview: boolean): Promise<Snapshot> {
  const workbook = await of.workbook();
  const period = address.period ?? (await periodOf(of, workbook));
  const isOwn = address.snapshotId === null && period === workbook.period;
  const id = isOwn ? workbook.snapshotId : address.snapshotId;
  if (preview && !of.snapshots.peek(period, id)) {
    throw new AppError('NOT_FOUND', 'Press Enter and MCC looks it up.');
  }
  try {
    return await of.snapshots.get(period, id);
  } catch (error) {
    throw await future(of, period, error);
  }
}

/** "Not found" of a month that has not begun deserves its own words. */
async function future(of: Runtime, period: BillingPeriod, error: unknown): Promise<unknown> {
  if (!(error instanceof AppError) || error.code !== 'NOT_FOUND') return error;
  const today = await of.snapshots.currentPeriod().catch(() => previousPeriod(period));
  const now = `${today}-28T00:00:00.000Z` as Instant;
  const isFuture = !hasStarted(period, now);
  return isFuture
    ? new AppError('NOT_FOUND', `${periodTitle(period)} has not started.`, { cause: error })
    : error;
}

function idsOf(snapshot: Snapshot, spelling: string): readonly string[] {
  const service = findService(snapshot, spelling);
  return service.members.length > 0 ? service.members : [service.id];
}

/** Excel's date-time has no zone: the person's own clock is meant. */
function toSerial(instant: string): number {
  const at = new Date(instant);
  const localMs = at.getTime() - at.getTimezoneOffset() * 60_000;
  return localMs / MS_PER_DAY + SERIAL_OF_1970;
}

const told = (quantity: Quantity, note: string | null): Told => ({
  value: toNumber(quantity),
  words: note ? sentence(note) : '',
});

const same = (a: string, b: string): boolean => a.trim().toLowerCase() === b.trim().toLowerCase();
