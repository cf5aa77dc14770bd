/**
 * The port of everything that counts. An adapter translates: it does not decide, remember, retry
 * or log. One file, one line in registry.ts, one recording under test/relay/recordings.
 */
import type { z } from 'zod';
import type { BillingPeriod } from '../../core/billing-period.ts';
import { AppError } from '../../core/errors.ts';
import type { Basis } from '../../core/model.ts';
import type { Quantity } from '../../core/money.ts';
import type { Http } from '../http.ts';

/** A count in the vendor's words; counts/ maps it to ours. */
export interface VendorCount {
  readonly clientRef: string;
  readonly clientName: string;
  readonly sku: string;
  readonly skuName: string;
  /** One row per basis known. */
  readonly basis: Basis;
  readonly quantity: Quantity;
  /** The vendor's ids of what was counted, where it gives ids. */
  readonly ids?: readonly string[];
  /** What the vendor asks for one, where it says so: decimal text. */
  readonly unitCost?: string;
}

/** What one sync brought: the counts and how old they are by the vendor's own word. */
export interface VendorCounts {
  readonly counts: readonly VendorCount[];
  /** The date of the export where the source carries one (a file); null: the present. */
  readonly asOf: string | null;
  /** Accounts that could not be read while others could: their last good counts stay. */
  readonly gaps?: readonly AccountGap[];
  readonly file?: ImportedFile;
}

/** Which file was read and for what it was taken. */
export interface ImportedFile {
  readonly name: string;
  /** SHA-256: the same bytes in another month are last month's file over again. */
  readonly digest: string;
  readonly profile: string;
  /** Why it was taken for this, in words a person reads. */
  readonly reason: string;
  /** Recognised, or what a person has set. */
  readonly by: 'headings' | 'settings';
}

export interface AccountGap {
  readonly clientRef: string;
  readonly clientName: string;
  /** Why, in words a person reads; no secrets. */
  readonly reason: string;
}

export interface CountSource {
  /** "ninjaone": file name, recording name, setting name. */
  readonly id: string;
  readonly title: string;
  readonly kind: 'api' | 'file';
  /** SKUs known beforehand, with words a person reads. */
  readonly skus: Readonly<Record<string, string>>;
  /** Throws SETUP_MISSING naming the first field that does not fit. */
  parseSettings(settings: unknown): unknown;
  /** Hosts that the settings themselves name, to which credentials go; none for a fixed table. */
  destinations(settings: unknown): readonly string[];
  /** True: a person imports its files through the relay, which gives their folder as `inbox`. */
  takesFiles(settings: unknown): boolean;
  count(
    settings: unknown,
    period: BillingPeriod,
    http: Http,
    inbox?: string,
  ): Promise<VendorCounts>;
}

interface CountSourceDefinition<Settings extends z.ZodType> {
  readonly id: string;
  readonly title: string;
  readonly kind: 'api' | 'file';
  readonly skus: Readonly<Record<string, string>>;
  readonly settings: Settings;
  count(
    settings: z.infer<Settings>,
    period: BillingPeriod,
    http: Http,
    inbox?: string,
  ): Promise<VendorCounts>;
  takesFiles?(settings: z.infer<Settings>): boolean;
  destinations?(settings: z.infer<Settings>): readonly string[];
}

export function defineCountSource<Settings extends z.ZodType>(
  definition: CountSourceDefinition<Settings>,
): CountSource {
  const parse = (settings: unknown): z.infer<Settings> => {
    const result = definition.settings.safeParse(settings);
    if (result.success) return result.data;
    const issue = result.error.issues[0];
    const field = issue?.path.join('.') || 'settings';
    throw new AppError(
      'SETUP_MISSING',
      `${definition.title}: ${field}: ${inWords(issue?.message)}`,
    );
  };
  return {
    ...definition,
    parseSettings: parse,
    destinations: (settings) => definition.destinations?.(parse(settings)) ?? [],
    takesFiles: (settings) => definition.takesFiles?.(parse(settings)) ?? false,
    count: (settings, period, http, inbox) =>
      definition.count(parse(settings), period, http, inbox),
  };
}

/** Zod's words for an absent field are about types; a person reads that it is missing. */
const inWords = (message = 'does not fit'): string =>
  message.endsWith('received undefined') ? 'is missing' : message;
