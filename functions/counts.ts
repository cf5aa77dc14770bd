/**
 * How many, in the words of a cell. Core answers (the dry-run takes the same number); here five
 * results are kept apart (product D3): a number, an old number with a note, not on the agreement,
 * unknown, and a wrong argument. Unknown is never zero.
 */
import { periodTitle } from '../src/core/billing-period.ts';
import { countOf, indexCounts, type CountAnswer, type CountIndex } from '../src/core/counts.ts';
import { AppError } from '../src/core/errors.ts';
import type {
  Basis,
  Client,
  PostedMonth,
  Service,
  Snapshot,
  SourceHealth,
} from '../src/core/model.ts';
import {
  addQuantities,
  subtractQuantities,
  ZERO_QUANTITY,
  type Quantity,
} from '../src/core/money.ts';
import { sentence, short, timeText } from './words.ts';

export interface Counted {
  readonly quantity: Quantity;
  /** Why to be careful with it, for example that its source is late; null when nothing is. */
  readonly note: string | null;
}

type Unknown = Extract<CountAnswer, { kind: 'unknown' }>;

const indexes = new WeakMap<Snapshot, CountIndex>();

export function counted(
  snapshot: Snapshot,
  client: Client,
  service: Service,
  basis: Basis | null,
): Counted {
  const answer = countOf(indexOf(snapshot), client.id, service.id, basis);
  if (answer.kind === 'unknown') {
    throw new AppError('SETUP_MISSING', sentence(unknownWords(snapshot, client, service, answer)));
  }
  const { source, count } = answer;
  const isOld = source !== null && source.state !== 'fresh' && !snapshot.sealed;
  return { quantity: count.quantity, note: isOld ? lateWords(source, client) : null };
}

/** The quantity of a posted month. A line that was not billed then is no zero: it is not there. */
export function posted(month: PostedMonth, client: Client, service: Service): Quantity {
  const quantity = postedOrNull(month, client, service);
  if (quantity !== null) return quantity;
  throw new AppError('NOT_FOUND', sentence(absentWords(month, client, service)));
}

/** Count minus last posted quantity; what was not billed then counts as new. */
export function moved(snapshot: Snapshot, client: Client, service: Service): Counted {
  const now = counted(snapshot, client, service, null);
  const before = postedOrNull(lastPosted(snapshot), client, service) ?? ZERO_QUANTITY;
  return { ...now, quantity: subtractQuantities(now.quantity, before) };
}

export function lastPosted(snapshot: Snapshot): PostedMonth {
  if (snapshot.previous?.origin === 'posted') return snapshot.previous;
  throw new AppError('NOT_FOUND', `Nothing was posted before ${periodTitle(snapshot.period)}.`);
}

function unknownWords(
  snapshot: Snapshot,
  client: Client,
  service: Service,
  answer: Unknown,
): string {
  const source = short(answer.source?.title ?? '');
  switch (answer.reason) {
    case 'no source':
      return `No source counts ${short(service.name)}. Map it in the MCC pane, or type the quantity.`;
    case 'no answer yet':
      return `No count from ${source} for ${periodTitle(snapshot.period)} yet.`;
    case 'not read':
      return `${source} could not read ${short(client.name)}'s account. Sync it in the MCC pane.`;
    case 'not linked':
      return `${short(client.name)} is not linked to an account in ${source}. Map it in the MCC pane.`;
    case 'not reported':
      return snapshot.sealed
        ? absentWords(snapshot, client, service)
        : `${short(service.name)} is not on ${short(client.name)}'s agreement. Use IFNA(...,0) to show 0.`;
    case 'other basis':
      return answer.text;
  }
}

function lateWords(source: SourceHealth, client: Client): string {
  if (source.state === 'partial') return partWords(source, client);
  const last = source.lastGoodAt
    ? `last answered ${timeText(source.lastGoodAt)}`
    : 'has not answered yet';
  return sentence(`${short(source.title)} ${last}. Sync it in the MCC pane.`);
}

function partWords({ title, gaps = [] }: SourceHealth, client: Client): string {
  const gap = gaps.find(({ clientId }) => clientId === client.id);
  const what = gap?.since
    ? `it could not read ${short(client.name)}, whose count is of ${timeText(gap.since)}`
    : 'this count is fresh';
  return sentence(`${short(title)} answered only in part: ${what}.`);
}

const absentWords = (
  month: Pick<PostedMonth, 'period'>,
  client: Client,
  service: Service,
): string =>
  `${periodTitle(month.period)} is posted and has no ${short(service.name)} line for ${short(client.name)}.`;

function postedOrNull(month: PostedMonth, client: Client, service: Service): Quantity | null {
  const wanted = new Set([service.id, ...service.members]);
  const lines = month.lines.filter(
    (line) =>
      line.clientId === client.id && line.kind === 'recurring' && wanted.has(line.serviceId),
  );
  return lines.length > 0 ? addQuantities(lines.map((line) => line.quantity)) : null;
}

function indexOf(snapshot: Snapshot): CountIndex {
  const known = indexes.get(snapshot);
  if (known) return known;
  const made = indexCounts(snapshot);
  indexes.set(snapshot, made);
  return made;
}
