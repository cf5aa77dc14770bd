/** How the stand-ins behave; a test changes it while they run. */
import * as z from 'zod';

export const OptionsSchema = z.strictObject({
  /** Every answer takes this long. */
  latencyMs: z.int().min(0).max(60_000).optional(),
  /** Smaller pages than asked for, where the vendor says how many it gave. */
  pageSizeMax: z.int().min(1).max(1000).optional(),
  /** What the books add to each new invoice; "0" for none. */
  salesTaxPercent: z
    .string()
    .regex(/^\d{1,2}(\.\d{1,4})?$/)
    .optional(),
  /** The documented limits of each system, on the stand-ins' clock. */
  rateLimits: z.boolean().optional(),
  /** Books that only warn of a number that is used already (QuickBooks Online, Sage Intacct). */
  allowsUsedNumbers: z.boolean().optional(),
  /** Books that refuse a key of ours that was used, as Sage Intacct's documentation says. */
  keepsKeys: z.boolean().optional(),
  recordExchanges: z.boolean().optional(),
});
export type SimOptions = z.infer<typeof OptionsSchema>;

/** The page size of a stand-in whose options say nothing. */
export const NO_LIMIT = 1000;
