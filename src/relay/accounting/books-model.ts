/** What a set of books holds, in words that fit all of them. */
import type { Amount, Currency, Quantity, UnitPrice } from '../../core/money.ts';

export interface BooksCustomer {
  readonly id: string;
  readonly name: string;
  readonly code: string | null;
  readonly active: boolean;
  /** Null when the books know one home currency only. */
  readonly currency: Currency | null;
}

/** What a line is billed as: an item, a product or a ledger account, whichever the system bills by. */
export interface BooksItem {
  readonly id: string;
  readonly name: string;
  readonly active: boolean;
}

export interface BooksTaxCode {
  readonly id: string;
  readonly name: string;
  readonly active: boolean;
}

/** Which company file or organisation is connected; pinned at first use (F29). */
export interface CompanyIdentity {
  readonly id: string;
  readonly name: string;
  /** When the books answered by their own clock (HTTP's Date), to see a clock that is wrong (F31). */
  readonly answeredAt?: string | null;
}

/** What identifies one invoice: our keys, made in posting/ (posting-safety 1.2). */
export interface InvoiceKeys {
  /** The same for ever, whatever the epoch: for books that keep one document under a key of ours. */
  readonly postingKey: string;
  /** Given to the books where they replay a key; stable over every retry of one epoch. */
  readonly providerKey: string;
  /** Those of the epochs before: an invoice that landed late under one of them is this one too. */
  readonly earlierProviderKeys?: readonly string[];
  /** The human number, at most limits.ref.length characters; the same for ever. */
  readonly ref: string;
  /** Put where the customer does not see it, for example "[rly:0f3a…]"; the same for ever. */
  readonly marker: string;
  /** The approval it goes out with; for books that are a file a person carries on. */
  readonly batch?: string;
}

/** What the books still say of a document that a person deleted. */
export interface DeletedInvoice {
  readonly id: string;
  /** By the clock of the books: "2026-10-31T10:04:00+00:00". */
  readonly deletedAt: string;
}

export type DocumentKind = 'invoice' | 'credit memo';

/** An invoice or credit memo as the books hold it. */
export interface BooksInvoice {
  readonly id: string;
  readonly document: DocumentKind;
  readonly ref: string | null;
  readonly marker: string | null;
  /**
   * The key in a field of the books that nobody edits by hand, in small letters: it says whose the
   * invoice is when number and marker were both changed. Absent where they keep none.
   */
  readonly key?: string | null;
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
  /** Voided, or deleted where the books still show what was deleted: it is worth nothing. */
  readonly voided: boolean;
}
