/** From the lines of a sheet to the lines of a bill: whose, what, how many, how much. */
import { countOf } from './counts.ts';
import type { CountAnswer, CountIndex } from './counts.ts';
import { lineIds } from './deltas.ts';
import type { BillingLine, ClientId, Count, ResolvedLine, Service, ServiceId } from './model.ts';
import { lineAmount } from './money.ts';
import { isSameName } from './names.ts';
import type { NameIndex } from './names.ts';
import type { Currency } from './money.ts';

/** A resolved line whose client and service are both known. */
export interface KnownLine extends ResolvedLine {
  readonly clientId: ClientId;
  readonly serviceId: ServiceId;
}

/** A billing line with where it came from and what the sources said. */
export interface BilledLine {
  readonly line: BillingLine;
  readonly sheet: KnownLine;
  /** Whom and what the cell's own MCC.COUNT names; null parts are unknown names. */
  readonly counted: {
    readonly clientId: ClientId | null;
    readonly serviceId: ServiceId | null;
  } | null;
  /** What the snapshot answers; null without a snapshot and for lines that are not recurring. */
  readonly answer: CountAnswer | null;
}

export interface LineSetting {
  readonly currency: Currency;
  readonly services: ReadonlyMap<ServiceId, Service>;
  readonly names: NameIndex;
  readonly counts: CountIndex | null;
}

export const isKnown = (line: ResolvedLine): line is KnownLine =>
  line.clientId !== null && line.serviceId !== null;

export function toBilledLines(
  sheetLines: readonly KnownLine[],
  setting: LineSetting,
): readonly BilledLine[] {
  const drafts = sheetLines.map((sheet) => toDraftLine(sheet, setting));
  const ids = lineIds(drafts.map(({ line }) => line));
  return drafts.map((draft, index) => ({
    ...draft,
    line: { ...draft.line, id: ids[index] ?? '' },
  }));
}

/** The billed quantity: of a cell that is exactly one MCC.COUNT the count, else what stands there. */
function toDraftLine(sheet: KnownLine, setting: LineSetting): BilledLine {
  const counted = countedTarget(sheet, setting.names);
  const answer = answerFor(sheet, counted, setting);
  const count = answer?.kind === 'count' ? answer.count : null;
  const isCounted = sheet.entry === 'count' && setting.counts !== null;
  const quantity = isCounted && count ? count.quantity : sheet.quantity;
  const { clientId, serviceId, kind, unitPrice, entry, cell } = sheet;
  const amount =
    quantity === sheet.quantity ? sheet.amount : lineAmount(quantity, unitPrice, setting.currency);
  const description = describe(sheet, setting.services.get(serviceId));
  const unknown = isCounted && !count ? { unknown: true as const } : {};
  const line: BillingLine = {
    id: '', clientId, serviceId, kind, description, quantity, unitPrice, amount, entry, cell, count, ...unknown,
  }; // prettier-ignore
  return { line, sheet, counted, answer };
}

function answerFor(
  sheet: KnownLine,
  counted: BilledLine['counted'],
  { counts }: LineSetting,
): CountAnswer | null {
  if (!counts) return null;
  if (sheet.entry !== 'count') {
    return sheet.kind === 'recurring' ? countOf(counts, sheet.clientId, sheet.serviceId) : null;
  }
  if (!counted?.clientId || !counted.serviceId) return null;
  return countOf(counts, counted.clientId, counted.serviceId, sheet.counted?.basis ?? null);
}

/** A recurring line is called what the service is called; others carry the sheet's own words. */
function describe(sheet: KnownLine, service: Service | undefined): string {
  const own = sheet.kind === 'recurring' ? service?.name : sheet.note;
  const words = own ?? sheet.service;
  const plain = words.replace(/[\u0000-\u001f\u007f]+/g, ' ').trim();
  return (plain === '' ? (service?.name ?? sheet.serviceId) : plain).slice(0, 500);
}

function countedTarget(sheet: KnownLine, names: NameIndex): BilledLine['counted'] {
  if (!sheet.counted) return null;
  const { client, service } = sheet.counted;
  const isOwn = [sheet.client, sheet.clientCode].some(
    (name) => name !== null && isSameName(name, client),
  );
  const found = isOwn ? sheet.clientId : names.client(client);
  const clientId = sheet.countedClientId === undefined ? found : sheet.countedClientId;
  const ownService = isSameName(sheet.service, service) ? sheet.serviceId : names.service(service);
  const serviceId = sheet.countedServiceId === undefined ? ownService : sheet.countedServiceId;
  return { clientId, serviceId };
}

/** The count a line is billed by; null when it was typed, or its count is missing. */
export const billedBy = (line: BillingLine): Count | null =>
  line.entry === 'count' ? line.count : null;
