/**
 * The words of the sample world: an invented managed service provider with 40 clients, twelve
 * posted months and the month to close. Plain values; everything is made from a fixed seed, so
 * two runs are the same to the last id.
 */

/** "planted" has four errors and two notices to find; "quiet" has ordinary small changes only. */
export type SampleVariant = 'planted' | 'quiet';

export type SampleSource = 'ninjaone' | 'pax8' | 'huntress';

/** A client of the provider, as its QuickBooks company file names it. */
export interface SampleCustomer {
  /** QuickBooks' own id; also our client id. */
  readonly id: string;
  /** Account number in the books; text, because one begins with zeros. */
  readonly code: string;
  /** Full name in the books: at most 41 characters a level, parent and child joined by a colon. */
  readonly name: string;
  /** How the finance person spells it in the billing sheet. */
  readonly sheetName: string;
  readonly team: string;
  /** What the sheet says in its notes column; empty when nothing. */
  readonly note: string;
}

/** A customer of the books that is only the heading of sub-customers and is never billed. */
export interface SampleParent {
  readonly id: string;
  readonly name: string;
}

/** What the provider sells, with the name of its item in the books. */
export interface SampleService {
  readonly id: string;
  readonly name: string;
  readonly basis: 'billable' | 'assigned' | 'bought' | 'active' | 'peak';
  readonly unit: 'licence' | 'device' | 'agent' | 'hour' | 'other';
  readonly members: readonly string[];
  readonly aliases: readonly string[];
  /** Absent for a group: it has no price and no item. */
  readonly item: SampleItem | null;
  /** The heading of its column in the billing sheet; null for a group. */
  readonly heading: string | null;
  readonly source: SampleSource | null;
}

export interface SampleItem {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly price: string;
}

/** One billed line. Quantities are whole; prices and amounts are exact decimal texts. */
export interface SampleLine {
  readonly clientId: string;
  readonly serviceId: string;
  readonly quantity: number;
  readonly unitPrice: string;
  readonly amount: string;
}

export interface SampleMonth {
  /** "2026-09" */
  readonly period: string;
  readonly lines: readonly SampleLine[];
  readonly total: string;
}

// What the vendors report -------------------------------------------------------------------

export interface SampleOrganisation {
  readonly id: number;
  readonly name: string;
}

/** A node of the remote monitoring tool. */
export interface SampleDevice {
  readonly id: number;
  readonly uid: string;
  readonly organisationId: number;
  readonly nodeClass: string;
  readonly systemName: string;
  readonly displayName: string;
  readonly approved: boolean;
  readonly offline: boolean;
  /** First day seen, "2026-03-02". */
  readonly since: string;
}

/** A company at the licence distributor. */
export interface SampleCompany {
  readonly id: string;
  readonly name: string;
}

export interface SampleSubscription {
  readonly id: string;
  readonly companyId: string;
  readonly productId: string;
  readonly productName: string;
  readonly vendorSkuId: string;
  readonly quantity: number;
  readonly status: 'Active' | 'PendingCancel' | 'Cancelled' | 'Trial';
  readonly billingTerm: 'Monthly' | 'Annual' | 'Trial';
  readonly price: number;
  readonly partnerCost: number;
  readonly since: string;
}

/** A protected machine of the endpoint security tool. */
export interface SampleAgent {
  readonly id: number;
  readonly organisationId: number;
  readonly hostname: string;
  readonly serialNumber: string;
  readonly platform: 'windows' | 'darwin';
  readonly since: string;
}

/** What the three vendors would answer at the end of one month. */
export interface SampleVendors {
  readonly ninjaone: {
    readonly organisations: readonly SampleOrganisation[];
    readonly devices: readonly SampleDevice[];
  };
  readonly pax8: {
    readonly companies: readonly SampleCompany[];
    readonly subscriptions: readonly SampleSubscription[];
  };
  readonly huntress: {
    readonly organisations: readonly SampleOrganisation[];
    readonly agents: readonly SampleAgent[];
  };
}

/** A link a person confirmed in an earlier month; target null means "never billed". */
export interface SampleMapping {
  readonly source: SampleSource;
  readonly kind: 'client' | 'service';
  /** The vendor's own id of the account, or its SKU. */
  readonly ref: string;
  readonly name: string;
  readonly target: string | null;
}

/** A vendor SKU and what we bill for it; null: known, never billed. */
export interface SampleSku {
  readonly source: SampleSource;
  readonly sku: string;
  readonly name: string;
  readonly serviceId: string | null;
}

/** The events hidden in the month to close; empty in the quiet variant but for the movements. */
export interface SamplePlant {
  readonly kind: 'double count' | 'drop to zero' | 'plan swap' | 'typed over' | 'unmapped';
  readonly clientId: string | null;
  readonly serviceIds: readonly string[];
  readonly words: string;
}

export interface SampleWorld {
  readonly variant: SampleVariant;
  readonly company: { readonly name: string; readonly currency: 'USD' };
  readonly customers: readonly SampleCustomer[];
  readonly parents: readonly SampleParent[];
  readonly services: readonly SampleService[];
  readonly skus: readonly SampleSku[];
  /** Posted months, oldest first: 2025-10 to 2026-09. */
  readonly months: readonly SampleMonth[];
  /** The month to close, as it is right: what was counted, without the planted errors. */
  readonly current: SampleMonth;
  /** What the sheet of the month to close says where a person typed over a formula. */
  readonly typedOver: readonly {
    readonly clientId: string;
    readonly serviceId: string;
    readonly quantity: number;
  }[];
  readonly mappings: readonly SampleMapping[];
  readonly planted: readonly SamplePlant[];
  /** What the vendors report at the end of a month ("2026-10"); a month before the first is the first. */
  vendors(period: string): SampleVendors;
}
