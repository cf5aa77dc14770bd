/** What the relay of the sample profile starts with: links already confirmed and twelve months. */
import { SKUS } from './catalogue.ts';
import type {
  SampleLine,
  SampleMonth,
  SampleVariant,
  SampleVendors,
  SampleWorld,
} from './model.ts';
import { totalOf } from './billed.ts';
import { quantityCell } from './sheet-layout.ts';
import { LAST_GOOD_SYNC, NOW, sampleWorld } from './world.ts';

export const PERSON = 'Dana Whitfield';
export const WORKBOOK = 'Alder Street IT - Monthly billing 2026.xlsx';
/** Finance closes on the last afternoon of a month. */
const CLOSING_HOUR = 'T16:00:00.000Z';

/** A count in the vendor's words, as the relay's own sync would have taken it then. */
export interface SampleVendorCount {
  readonly source: 'ninjaone' | 'pax8' | 'huntress';
  readonly clientRef: string;
  readonly clientName: string;
  readonly sku: string;
  readonly skuName: string;
  readonly basis: 'active' | 'bought';
  readonly quantity: string;
  readonly ids?: readonly string[];
}

export interface SampleDraftLine {
  readonly lineId: string;
  readonly serviceId: string;
  readonly kind: 'recurring';
  readonly description: string;
  readonly quantity: string;
  readonly unitPrice: string;
  readonly amount: string;
  readonly cell: string;
  readonly source: string | null;
}

export interface SampleDraft {
  readonly period: string;
  readonly snapshotId: null;
  readonly workbook: string;
  readonly invoices: readonly {
    readonly clientId: string;
    readonly currency: 'USD';
    readonly lines: readonly SampleDraftLine[];
    readonly total: string;
  }[];
  readonly held: readonly never[];
  readonly decisions: readonly never[];
}

export interface SampleSeed {
  readonly person: string;
  readonly mappings: SampleWorld['mappings'];
  readonly months: readonly {
    readonly period: string;
    readonly at: string;
    readonly counts: readonly SampleVendorCount[];
    readonly draft: SampleDraft;
  }[];
  readonly syncAt: string;
  readonly now: string;
}

/** Turns a vendor's own id of a device into the one the relay keeps: hashing is passed in. */
export type IdOf = (source: SampleVendorCount['source'], id: string) => string;

export function sampleSeed(variant: SampleVariant, idOf: IdOf = (_source, id) => id): SampleSeed {
  const world = sampleWorld(variant);
  return {
    person: PERSON,
    mappings: world.mappings,
    months: world.months.map((month) => ({
      period: month.period,
      at: `${lastDay(month.period)}${CLOSING_HOUR}`,
      counts: vendorCounts(world.vendors(month.period), idOf),
      draft: draftOf(world, month),
    })),
    syncAt: LAST_GOOD_SYNC,
    now: NOW,
  };
}

function draftOf(world: SampleWorld, month: SampleMonth): SampleDraft {
  const invoices = world.customers.flatMap(({ id, code }) => {
    const own = month.lines.filter((line) => line.clientId === id);
    if (own.length === 0) return [];
    const lines = own.map((line) => draftLine(world, month.period, code, line));
    return [{ clientId: id, currency: 'USD' as const, lines, total: totalOf(own) }];
  });
  return {
    period: month.period,
    snapshotId: null,
    workbook: WORKBOOK,
    invoices,
    held: [],
    decisions: [],
  };
}

function draftLine(
  world: SampleWorld, period: string, code: string, line: SampleLine,
): SampleDraftLine {
  const service = world.services.find(({ id }) => id === line.serviceId);
  return {
    lineId: `${line.clientId}|${line.serviceId}|recurring|1`,
    serviceId: line.serviceId,
    kind: 'recurring',
    description: service?.name ?? line.serviceId,
    quantity: String(line.quantity),
    unitPrice: line.unitPrice,
    amount: line.amount,
    cell: quantityCell(period, code, line.serviceId),
    source: service?.source ?? null,
  };
} // prettier-ignore

function vendorCounts(vendors: SampleVendors, idOf: IdOf): SampleVendorCount[] {
  return [...ninjaoneCounts(vendors, idOf), ...pax8Counts(vendors), ...huntressCounts(vendors)];
}

function ninjaoneCounts({ ninjaone }: SampleVendors, idOf: IdOf): SampleVendorCount[] {
  return ninjaone.organisations.flatMap((organisation) => {
    const own = ninjaone.devices.filter(
      (device) => device.organisationId === organisation.id && device.approved,
    );
    return groupBy(own, (device) => device.nodeClass).map(([sku, devices]) => ({
      source: 'ninjaone' as const,
      clientRef: String(organisation.id),
      clientName: organisation.name,
      sku,
      skuName: sku,
      basis: 'active' as const,
      quantity: String(devices.length),
      ids: devices.map((device) => idOf('ninjaone', device.uid)).sort(),
    }));
  });
}

const isCounted = (status: string): boolean => status === 'Active' || status === 'PendingCancel';

function pax8Counts({ pax8 }: SampleVendors): SampleVendorCount[] {
  return pax8.companies.flatMap((company) => {
    const own = pax8.subscriptions.filter(
      (subscription) => subscription.companyId === company.id && isCounted(subscription.status),
    );
    return groupBy(own, (subscription) => subscription.productId).map(([sku, rows]) => ({
      source: 'pax8' as const,
      clientRef: company.id,
      clientName: company.name,
      sku,
      skuName: rows[0]?.productName ?? sku,
      basis: 'bought' as const,
      quantity: String(rows.reduce((total, row) => total + row.quantity, 0)),
    }));
  });
}

function huntressCounts({ huntress }: SampleVendors): SampleVendorCount[] {
  const sku = SKUS.find(({ source }) => source === 'huntress');
  return huntress.organisations.map((organisation) => ({
    source: 'huntress' as const,
    clientRef: String(organisation.id),
    clientName: organisation.name,
    sku: sku?.sku ?? '',
    skuName: sku?.name ?? '',
    basis: 'active' as const,
    quantity: String(
      huntress.agents.filter((agent) => agent.organisationId === organisation.id).length,
    ),
  }));
}

function groupBy<T>(rows: readonly T[], keyOf: (row: T) => string): [string, T[]][] {
  return [...Map.groupBy(rows, keyOf)];
}

/** Months have 28 to 31 days; the sample has no leap February. */
function lastDay(period: string): string {
  const days = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][Number(period.slice(5)) - 1] ?? 30;
  return `${period}-${String(days)}`;
}
