/** The nouns of the close. Start reading here; every value is plain JSON. */
import type { BillingPeriod, Instant } from './billing-period.ts';
import type { Amount, Currency, Money, Quantity, UnitPrice } from './money.ts';

export type ClientId = string;
export type ServiceId = string;
export type SourceId = string;
/** Where a value stands: "Oct 2026!C8" (no quotes round the sheet name). */
export type CellAddress = string;

/** How a count was taken (rulings 4 gives each kind of service its default). */
export type Basis = 'billable' | 'assigned' | 'bought' | 'active' | 'peak';
export const BASES: readonly Basis[] = ['billable', 'assigned', 'bought', 'active', 'peak'];

/** A customer of the MSP, as the accounting system names it. */
export interface Client {
  readonly id: ClientId;
  readonly code: string | null;
  readonly name: string;
  readonly currency: Currency;
  readonly active: boolean;
  /** Confirmed spellings in the sheet and elsewhere, beside code and name. */
  readonly aliases: readonly string[];
}

/** What the MSP sells. A group has members, no price and is never posted. */
export interface Service {
  readonly id: ServiceId;
  readonly name: string;
  readonly basis: Basis;
  readonly unit: 'licence' | 'device' | 'agent' | 'hour' | 'other';
  readonly members: readonly ServiceId[];
  /** One price for what these count, the first of them billed; where they differ it is flagged. */
  readonly bundle?: readonly ServiceId[] | undefined;
  readonly aliases: readonly string[];
}

/** What a count was made of: one account and SKU of the vendor. */
export interface CountPart {
  readonly account: string;
  readonly sku: string;
  readonly quantity: Quantity;
  /** Hashed ids of the devices or seats, where the source gives ids; else absent. */
  readonly ids?: readonly string[] | undefined;
  /** Where the account is split over several clients: this is only a part of it. */
  readonly split?: SplitPart | undefined;
}

/** How a part of a shared account came about: of how many, by which rule, whose and of when. */
export interface SplitPart {
  readonly whole: Quantity;
  readonly rule: string;
  readonly by: string;
  readonly at: Instant;
}

/** A person's rule for one account of a vendor that serves several clients. */
export type Split =
  | {
      readonly by: 'shares';
      /** Whole numbers above 0; each client once, at least two of them. */
      readonly parts: readonly { readonly clientId: ClientId; readonly shares: number }[];
    }
  | {
      readonly by: 'quantities';
      /** So many of a SKU for a client; "rest" gets what is left, and every other SKU. */
      readonly parts: readonly {
        readonly clientId: ClientId;
        readonly sku: string;
        readonly quantity: Quantity;
      }[];
      readonly rest: ClientId;
    };

/** How many of a service one client has, by one source, on one basis. */
export interface Count {
  readonly clientId: ClientId;
  readonly serviceId: ServiceId;
  readonly basis: Basis;
  readonly quantity: Quantity;
  readonly source: SourceId;
  readonly asOf: Instant;
  readonly parts: readonly CountPart[];
}

export type SourceState = 'fresh' | 'late' | 'failed' | 'never' | 'partial';

export interface SourceHealth {
  readonly id: SourceId;
  readonly title: string;
  readonly state: SourceState;
  readonly lastGoodAt: Instant | null;
  readonly lastTriedAt: Instant | null;
  readonly error: {
    readonly code: string;
    readonly message: string;
    readonly remedy: string;
  } | null;
  /** Services whose counts come from this source. */
  readonly services: readonly ServiceId[];
  /** Clients that have an account there. */
  readonly clients: readonly ClientId[];
  /** Accounts and SKUs there that belong to nobody yet; those answered "never" are not listed. */
  readonly unmapped: readonly UnmappedAccount[];
  /** Accounts that its last answer could not say; absent when it was whole. */
  readonly gaps?: readonly UnreadAccount[] | undefined;
  /** The file its counts are from; absent where none was read. */
  readonly file?: SourceFile | undefined;
  /** A person imports its files here. */
  readonly takesFiles?: boolean | undefined;
}

export interface SourceFile {
  readonly name: string;
  /** Which kind of file it was taken for. */
  readonly profile: string;
  /** Why, in words: "recognised as Device list by Organization, Serial". */
  readonly reason: string;
}

/** An account of a vendor that could not be read while others could. */
export interface UnreadAccount {
  /** Whose it is; null while it is linked to nobody. */
  readonly clientId: ClientId | null;
  readonly name: string;
  readonly reason: string;
  /** How old the counts kept for it are; null: it was never read, so its client has none. */
  readonly since: Instant | null;
}

/** An account or SKU of a vendor that belongs to no client or service of ours yet. */
export interface UnmappedAccount {
  readonly source: SourceId;
  readonly kind: 'client' | 'service';
  readonly ref: string;
  readonly name: string;
  readonly quantity: Quantity;
}

/** The counts of one period as published by the relay. Never changes; a newer one has a new id. */
export interface Snapshot {
  readonly id: string;
  readonly period: BillingPeriod;
  readonly publishedAt: Instant;
  readonly sealed: boolean;
  readonly clients: readonly Client[];
  readonly services: readonly Service[];
  readonly sources: readonly SourceHealth[];
  readonly counts: readonly Count[];
  /** The last posted month before this period; null when nothing was ever posted. */
  readonly previous: PostedMonth | null;
}

export type LineKind = 'recurring' | 'one-off' | 'credit' | 'adjustment';

/** One line of an invoice that is in the books. */
export interface PostedLine {
  readonly clientId: ClientId;
  readonly serviceId: ServiceId;
  readonly kind: LineKind;
  readonly description: string;
  readonly quantity: Quantity;
  readonly unitPrice: UnitPrice;
  readonly amount: Amount;
  /** The source the count came from, and the parts, as they were sealed. */
  readonly source: SourceId | null;
  readonly parts: readonly CountPart[];
}

export interface PostedMonth {
  readonly period: BillingPeriod;
  /** "sheet" when nothing was posted and last month's tab had to serve. */
  readonly origin: 'posted' | 'sheet';
  readonly lines: readonly PostedLine[];
}

export type FlagRule =
  | 'number stored as text'
  | 'not a quantity'
  | 'error value'
  | 'negative or fractional'
  | 'hidden with money'
  | 'two rows for one client'
  | 'client unknown'
  | 'client inactive'
  | 'service unknown'
  | 'price missing'
  | 'sheet total differs'
  | 'amount differs'
  | 'currency differs'
  | 'formula typed over'
  | 'count missing'
  | 'source late'
  | 'source failed'
  | 'source frozen'
  | 'source unmapped'
  | 'vendor price moved'
  | 'price changed'
  | 'dropped'
  | 'new line'
  | 'line gone'
  | 'doubled'
  | 'plan swapped'
  | 'jump'
  | 'wrong mapping'
  | 'count differs'
  | 'bundle differs';

/** What a person says about a flag; kept with the approval. */
export type DecisionChoice = 'keep' | 'hold' | 'use late counts' | 'typed over';

export interface Decision {
  /** Null for a finding about the sheet or a source. */
  readonly clientId: ClientId | null;
  readonly rule: string;
  readonly choice: DecisionChoice;
  readonly reason: string;
  /** Narrow the decision to one line or one source; absent: all of that rule. */
  readonly serviceId?: ServiceId | undefined;
  readonly source?: SourceId | undefined;
}

/** A client left out of the batch on purpose. */
export interface HeldClient {
  readonly clientId: ClientId;
  readonly reason: string;
}

/** A reason to look: it asks, or it blocks. The text is a whole sentence with its own numbers. */
export interface Flag {
  readonly rule: FlagRule;
  readonly blocks: boolean;
  readonly text: string;
  readonly cell: CellAddress | null;
  readonly clientId: ClientId | null;
  readonly serviceId: ServiceId | null;
  readonly source: SourceId | null;
  /** Money at stake a month, for ranking; null when it has no price. */
  readonly impact: Money | null;
  /** What a person decided about it; a decided flag no longer blocks. */
  readonly decided?: DecisionChoice;
}

/** How a quantity got into its cell: exactly one MCC.COUNT, another formula, or typed. */
export type Entry = 'count' | 'formula' | 'typed';

/** One line as the sheet has it, in the sheet's own spelling. */
export interface SheetLine {
  readonly client: string;
  readonly clientCode: string | null;
  readonly service: string;
  readonly kind: LineKind;
  readonly quantity: Quantity;
  readonly unitPrice: UnitPrice;
  readonly amount: Amount;
  /** Where the quantity (of an adjustment: the constant) stands. */
  readonly cell: CellAddress;
  readonly entry: Entry;
  /** The arguments of the cell's one MCC.COUNT, cell references resolved to text. */
  readonly counted: {
    readonly client: string;
    readonly service: string;
    readonly basis: Basis | null;
  } | null;
  readonly note: string | null;
  /** What stood in last month's column or tab; null when it is not there. */
  readonly previous: { readonly quantity: Quantity; readonly unitPrice: UnitPrice } | null;
  readonly flags: readonly Flag[];
}

export interface SkippedCell {
  readonly cell: CellAddress;
  readonly reason: string;
}

/** What reading one sheet gave. Sheet-wide findings are flags without a line. */
export interface SheetReading {
  readonly shape: 'grid' | 'lines';
  readonly sheet: string;
  readonly period: BillingPeriod | null;
  readonly currency: Currency;
  readonly lines: readonly SheetLine[];
  readonly skipped: readonly SkippedCell[];
  readonly flags: readonly Flag[];
  readonly total: Amount;
  /** The grand total as the sheet itself shows it. */
  readonly shownTotal: { readonly cell: CellAddress; readonly amount: Amount } | null;
  /** The row of each client, for writing a result beside it. */
  readonly clientRows: readonly { readonly client: string; readonly row: number }[];
}

/** A sheet line after its spellings were looked up; null where nothing equal and unique was found. */
export interface ResolvedLine extends SheetLine {
  readonly clientId: ClientId | null;
  readonly serviceId: ServiceId | null;
  /** Whom and what the cell's own MCC.COUNT names, by the same look-up; absent: not looked up. */
  readonly countedClientId?: ClientId | null;
  readonly countedServiceId?: ServiceId | null;
}

/** A line as it will be billed: resolved to our clients and services. */
export interface BillingLine {
  /** Stable over sorting and inserting rows: client, service, kind, and a number among equals. */
  readonly id: string;
  readonly clientId: ClientId;
  readonly serviceId: ServiceId;
  readonly kind: LineKind;
  readonly description: string;
  readonly quantity: Quantity;
  readonly unitPrice: UnitPrice;
  readonly amount: Amount;
  readonly entry: Entry;
  readonly cell: CellAddress;
  /** The vendor's count for this line, whether billed by it or only compared. */
  readonly count: Count | null;
  /** Its MCC.COUNT has no answer: quantity is only what the cell shows, and nothing may be billed. */
  readonly unknown?: true;
}

export type Movement = 'new' | 'gone' | 'up' | 'down' | 'same';

/** A line against the same line of the last posted month. */
export interface Delta {
  readonly movement: Movement;
  readonly quantity: Quantity;
  readonly amount: Amount;
}

export type CauseKind =
  | 'joined'
  | 'left'
  | 'SKU changed'
  | 'mapping changed'
  | 'price changed'
  | 'proration'
  | 'override'
  | 'one-off'
  | 'source stale'
  | 'unexplained';

/** One part of a delta. The causes of a line sum to its delta exactly, in units and in money. */
export interface Cause {
  readonly kind: CauseKind;
  readonly quantity: Quantity;
  readonly amount: Amount;
  readonly text: string;
}

export interface DryRunLine extends BillingLine {
  readonly previous: PostedLine | null;
  readonly delta: Delta;
  readonly causes: readonly Cause[];
  readonly flags: readonly Flag[];
}

export interface DryRunInvoice {
  readonly clientId: ClientId;
  readonly clientName: string;
  readonly currency: Currency;
  /** A negative total becomes a credit memo, whose lines are written positive. */
  readonly document: 'invoice' | 'credit memo' | 'none';
  readonly lines: readonly DryRunLine[];
  /** Lines of last month that are gone; they carry no amount now. */
  readonly gone: readonly DryRunLine[];
  readonly total: Amount;
  readonly previousTotal: Amount;
  /** About the client as a whole; those about a line are on the line. */
  readonly flags: readonly Flag[];
  /** Notices of the sources its counts come from. */
  readonly notices: readonly Flag[];
  /** Cannot be approved yet: a flag of its own, or a notice it waits for, blocks. */
  readonly blocked: boolean;
  /** Why the client is left out of this batch; null when it is not. */
  readonly held: string | null;
  /** What an earlier approval has made of it ("posted MB2610-0012"), so that no other may bill it. */
  readonly taken: string | null;
}

/** One client that needs a human, with all its reasons, ranked by money. */
export interface Card {
  readonly clientId: ClientId;
  readonly clientName: string;
  /** Dearest first; of a pair the other client's reasons too (each names its client). */
  readonly reasons: readonly Flag[];
  readonly impact: Money;
  /** What one lost the other gained: shown as one possible wrong mapping. */
  readonly pairedWith: { readonly clientId: ClientId; readonly clientName: string } | null;
  /** A person has decided about every reason. */
  readonly decided: boolean;
}

/** Every line of the sheet and every gone one, once: compared = the four others together. */
export interface Comparison {
  readonly compared: number;
  readonly matched: number;
  readonly flagged: number;
  readonly excluded: number;
  readonly unmapped: number;
}

/** last + new + up − down − gone ± price ± one-offs ± credits = this, per currency. */
export interface RollForward {
  readonly currency: Currency;
  readonly opening: Amount;
  readonly movements: readonly { readonly name: string; readonly amount: Amount }[];
  readonly closing: Amount;
  /** Closing minus opening and movements; anything but zero is shown in red. */
  readonly difference: Amount;
}

export interface DryRun {
  readonly period: BillingPeriod;
  readonly previous: { readonly period: BillingPeriod; readonly origin: 'posted' | 'sheet' } | null;
  readonly snapshotId: string | null;
  readonly invoices: readonly DryRunInvoice[];
  readonly cards: readonly Card[];
  readonly notices: readonly Flag[];
  /** Flags of the sheet as a whole and of lines without a known client. */
  readonly flags: readonly Flag[];
  readonly skipped: readonly SkippedCell[];
  /** What is billed for the month, taken ones with it: held clients are not in it. */
  readonly totals: readonly Money[];
  readonly previousTotals: readonly Money[];
  readonly rollForward: readonly RollForward[];
  readonly comparison: Comparison;
  /** Something stands in the way of approving: of the sheet as a whole or of a client that is neither held nor taken. */
  readonly blocked: boolean;
}

/** One invoice as it is approved and posted: what the digest covers. */
export interface InvoiceContent {
  readonly clientId: ClientId;
  readonly period: BillingPeriod;
  /** "main"; a second invoice for a month is another series with its own approval. */
  readonly series: string;
  readonly revision: number;
  readonly currency: Currency;
  readonly document: 'invoice' | 'credit memo';
  readonly invoiceDate: string;
  /** The books' own ids, from the confirmed mapping. */
  readonly customerId: string;
  readonly mappingVersion: number;
  readonly lines: readonly InvoiceLine[];
  readonly total: Amount;
}

/** Of a credit memo the signs are already turned: amounts are what the document shows. */
export interface InvoiceLine {
  readonly lineId: string;
  readonly serviceId: ServiceId;
  readonly itemId: string;
  /** The books' own id of a tax code; absent: the defaults of the customer and item decide there. */
  readonly taxCodeId?: string;
  readonly kind: LineKind;
  readonly description: string;
  readonly quantity: Quantity;
  readonly unitPrice: UnitPrice;
  readonly amount: Amount;
}
