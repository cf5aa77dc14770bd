/**
 * The port of the books. An adapter translates and sends once; what an answer or a silence means
 * for a posting is decided in posting/, for all systems alike. It never retries a write.
 */
import type { z } from 'zod';
import type { BillingPeriod } from '../../core/billing-period.ts';
import { AppError } from '../../core/errors.ts';
import type { InvoiceContent } from '../../core/model.ts';
import type { Amount, Currency, Quantity, UnitPrice } from '../../core/money.ts';
import type { Http } from '../http.ts';

export interface BooksCustomer {
  readonly id: string;
  readonly name: string;
  readonly code: string | null;
  readonly active: boolean;
  /** Null when the books know one home currency only. */
  readonly currency: Currency | null;
}

export interface BooksItem {
  readonly id: string;
  readonly name: string;
  readonly active: boolean;
}

/** Which company file or organisation is connected; pinned at first use (F29). */
export interface CompanyIdentity {
  readonly id: string;
  readonly name: string;
}

/** What identifies one invoice: our keys, made in posting/ (posting-safety 1.2). */
export interface InvoiceKeys {
  /** Given to the books where they have a facility; stable over every retry of one epoch. */
  readonly providerKey: string;
  /** The human number, at most limits.refLength characters. */
  readonly ref: string;
  /** Put where the customer does not see it, for example "[rly:0f3a…]". */
  readonly marker: string;
}

/** An invoice or credit memo as the books hold it. */
export interface BooksInvoice {
  readonly id: string;
  readonly document: 'invoice' | 'credit memo';
  readonly ref: string | null;
  readonly marker: string | null;
  readonly customerId: string;
  readonly currency: Currency | null;
  readonly date: string;
  readonly lines: readonly {
    readonly itemId: string | null;
    readonly description: string;
    readonly quantity: Quantity;
    readonly unitPrice: UnitPrice | null;
    readonly amount: Amount;
  }[];
  /** Before tax; what we compare with the approved total. */
  readonly subtotal: Amount;
  readonly tax: Amount | null;
  readonly voided: boolean;
}

/** Verdict of one create, by allow-list; anything not certain is unknown (1.3). */
export type CreateOutcome =
  | { readonly verdict: 'created'; readonly invoiceId: string }
  | { readonly verdict: 'not sent'; readonly reason: string }
  | { readonly verdict: 'rejected'; readonly reason: string; readonly code: string }
  | { readonly verdict: 'unknown'; readonly reason: string };

/** A look-up has three answers; "failed" never counts as "none" (F20). */
export type LookupOutcome =
  | { readonly verdict: 'found'; readonly invoices: readonly BooksInvoice[] }
  | { readonly verdict: 'none' }
  | { readonly verdict: 'failed'; readonly reason: string };

export interface AccountingCompany {
  identity(): Promise<CompanyIdentity>;
  /** Throws SOURCE_DOWN when the books cannot be reached just now. */
  checkHealth(): Promise<void>;
  customers(): Promise<readonly BooksCustomer[]>;
  /** The live customer at send time; null when it is gone. */
  customer(id: string): Promise<BooksCustomer | null>;
  items(): Promise<readonly BooksItem[]>;
  /** Refuses what breaks the system's own limits: the rule and the field, or null. */
  checkLimits(content: InvoiceContent, keys: InvoiceKeys): string | null;
  create(content: InvoiceContent, keys: InvoiceKeys): Promise<CreateOutcome>;
  /** By our ref, compared exactly, and by marker. Asked before every create and after doubt. */
  lookup(content: InvoiceContent, keys: InvoiceKeys): Promise<LookupOutcome>;
  read(document: BooksInvoice['document'], id: string): Promise<BooksInvoice | null>;
  /** Everything of the period, for pre-flight and sweep. */
  list(period: BillingPeriod): Promise<readonly BooksInvoice[]>;
}

export interface AccountingSystem {
  readonly id: string;
  readonly title: string;
  /** The honest word for users (posting-safety 1.5). */
  readonly promise: string;
  /** Weak: the books would accept a second copy, so doubt goes to a person. */
  readonly facility: 'weak' | 'strong';
  readonly settleMinutes: number;
  readonly limits: { readonly refLength: number; readonly linesPerInvoice: number };
  parseSettings(settings: unknown): unknown;
  connect(settings: unknown, http: Http): AccountingCompany;
}

interface AccountingDefinition<Settings extends z.ZodType> extends Omit<
  AccountingSystem,
  'parseSettings' | 'connect'
> {
  readonly settings: Settings;
  connect(settings: z.infer<Settings>, http: Http): AccountingCompany;
}

/** Parses the settings before anything is asked; SETUP_MISSING names the first that does not fit. */
export function defineAccountingSystem<Settings extends z.ZodType>(
  definition: AccountingDefinition<Settings>,
): AccountingSystem {
  const { settings: schema, ...system } = definition;
  const parse = (settings: unknown): z.infer<Settings> => {
    const result = schema.safeParse(settings);
    if (result.success) return result.data;
    const issue = result.error.issues[0];
    const field = issue?.path.join('.') || 'settings';
    throw new AppError('SETUP_MISSING', `${system.title}: ${field}: ${inWords(issue?.message)}`);
  };
  return {
    ...system,
    parseSettings: parse,
    connect: (settings, http) => definition.connect(parse(settings), http),
  };
}

/** Zod's words for an absent field are about types; a person reads that it is missing. */
const inWords = (message = 'does not fit'): string =>
  message.endsWith('received undefined') ? 'is missing' : message;
