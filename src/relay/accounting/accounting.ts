/**
 * The port of the books. An adapter translates and sends once; what an answer or a silence means
 * for a posting is decided in posting/, for all systems alike. It never retries a write.
 */
import type { z } from 'zod';
import { AppError } from '../../core/errors.ts';
import type { InvoiceContent } from '../../core/model.ts';
import { refuseEmpty, type Http } from '../http.ts';
import type {
  BooksCustomer,
  BooksInvoice,
  BooksItem,
  BooksTaxCode,
  CompanyIdentity,
  DeletedInvoice,
  DocumentKind,
  InvoiceKeys,
} from './books-model.ts';
import type { Facility } from './facility.ts';
import { findBrokenLimit, type DocumentLimits } from './limits.ts';
import { noTools, type BooksTools } from './tools.ts';

export type * from './books-model.ts';
export type { Facility } from './facility.ts';
export type { DocumentLimits } from './limits.ts';
export type { BooksTools, Grant, TokenKeeper } from './tools.ts';

/** Verdict of one create, by allow-list; anything not certain is unknown (1.3). */
export type CreateOutcome =
  | { readonly verdict: 'created'; readonly invoiceId: string }
  /** Certainly nothing was made; it may go out again as it is, not before `retryAfterSeconds`. */
  | { readonly verdict: 'not sent'; readonly reason: string; readonly retryAfterSeconds?: number }
  | { readonly verdict: 'rejected'; readonly reason: string; readonly code: string }
  /** Refused because a document of this number or key is there already: looked up and compared. */
  | { readonly verdict: 'exists'; readonly reason: string }
  | { readonly verdict: 'unknown'; readonly reason: string };

/** A look-up has three answers; "failed" never counts as "none" (F20). */
export type LookupOutcome =
  | { readonly verdict: 'found'; readonly invoices: readonly BooksInvoice[] }
  | { readonly verdict: 'none' }
  | { readonly verdict: 'failed'; readonly reason: string };

/** Days of the books, both included, as "2026-10-31". */
export interface DayRange {
  readonly from: string;
  readonly to: string;
}

export interface AccountingCompany {
  identity(): Promise<CompanyIdentity>;
  /** Throws SOURCE_DOWN when the books cannot be reached just now. */
  checkHealth(): Promise<void>;
  customers(): Promise<readonly BooksCustomer[]>;
  /** The live customer at send time; null when it is gone. */
  customer(id: string): Promise<BooksCustomer | null>;
  items(): Promise<readonly BooksItem[]>;
  /** Absent where tax is wholly the books' own affair. */
  taxCodes?(): Promise<readonly BooksTaxCode[]>;
  /** Refuses what breaks the system's own limits: the rule and the field, or null. */
  checkLimits(content: InvoiceContent, keys: InvoiceKeys): string | null;
  /**
   * Waits until the limit of the books lets one request leave, and keeps that place for the next
   * create, which then leaves at once; what it gives is called afterwards, used or not.
   * Absent: no limit.
   */
  reserve?(): Promise<() => void>;
  create(content: InvoiceContent, keys: InvoiceKeys): Promise<CreateOutcome>;
  /** By our ref, compared exactly, and by key or marker. Asked before every create and in doubt. */
  lookup(content: InvoiceContent, keys: InvoiceKeys): Promise<LookupOutcome>;
  /**
   * The newest deletion of a document with this number; null: none is listed. Absent where the
   * books keep no list of what was deleted. Asked in doubt, after a look-up that found nothing.
   */
  findDeleted?(document: DocumentKind, ref: string): Promise<DeletedInvoice | null>;
  read(document: DocumentKind, id: string): Promise<BooksInvoice | null>;
  /** Every invoice and credit memo dated within, ours or not, voided ones too, over all pages. */
  list(days: DayRange): Promise<readonly BooksInvoice[]>;
}

/** What may differ from one connection to the next of the same system. */
export interface Capabilities {
  /** The honest word for users (posting-safety 1.5). */
  readonly promise: string;
  readonly facility: Facility;
  readonly limits: DocumentLimits;
}

export interface AccountingSystem extends Capabilities {
  readonly id: string;
  readonly title: string;
  /** Absent: a service that is asked over the network. */
  readonly kind?: 'file';
  parseSettings(settings: unknown): unknown;
  /** Hosts that the settings themselves name, to which credentials go; none for a fixed service. */
  destinations(settings: unknown): readonly string[];
  /** The system as these settings make it, where they say what the books can do. */
  configured(settings: unknown): AccountingSystem;
  connect(settings: unknown, http: Http, tools?: BooksTools): AccountingCompany;
}

interface AccountingDefinition<Settings extends z.ZodType> extends Capabilities {
  readonly id: string;
  readonly title: string;
  readonly kind?: 'file';
  readonly settings: Settings;
  destinations?(settings: z.infer<Settings>): readonly string[];
  /** Only where the settings describe the books. */
  capabilities?(settings: z.infer<Settings>): Partial<Capabilities>;
  connect(settings: z.infer<Settings>, http: Http, tools: BooksTools): AccountingCompany;
}

/**
 * Parses the settings before anything is asked; SETUP_MISSING names the first that does not fit.
 * The limits that are data are checked here, for every system alike, before its own. Books without
 * any customer or item are a fault of the service, for whom they bill is never nobody.
 */
export function defineAccountingSystem<Settings extends z.ZodType>(
  definition: AccountingDefinition<Settings>,
): AccountingSystem {
  const { id, title, promise, facility, limits } = definition;
  const parse = (settings: unknown): z.infer<Settings> => {
    const result = definition.settings.safeParse(settings);
    if (result.success) return result.data;
    const issue = result.error.issues[0];
    const field = issue?.path.join('.') || 'settings';
    throw new AppError('SETUP_MISSING', `${title}: ${field}: ${inWords(issue?.message)}`);
  };
  const system: AccountingSystem = {
    id,
    title,
    ...(definition.kind ? { kind: definition.kind } : {}),
    promise,
    facility,
    limits,
    parseSettings: parse,
    destinations: (settings) => definition.destinations?.(parse(settings)) ?? [],
    configured: (settings) => ({ ...system, ...definition.capabilities?.(parse(settings)) }),
    connect(settings, http, tools = noTools) {
      const company = definition.connect(parse(settings), http, tools);
      const own = system.configured(settings);
      return {
        ...company,
        customers: async () => refuseEmpty(title, 'customers', await company.customers()),
        items: async () => refuseEmpty(title, 'items', await company.items()),
        checkLimits: (content, keys) =>
          findBrokenLimit(own, content, keys) ?? company.checkLimits(content, keys),
      };
    },
  };
  return system;
}

/** Zod's words for an absent field are about types; a person reads that it is missing. */
const inWords = (message = 'does not fit'): string =>
  message.endsWith('received undefined') ? 'is missing' : message;
