// One file in a process of its own; prints the most memory it ever had.
import type { BillingPeriod } from '../../src/core/billing-period.ts';
import { AppError } from '../../src/core/errors.ts';
import { createHttp } from '../../src/relay/http.ts';
import { fileImport } from '../../src/relay/sources/registry.ts';
import type { Peak } from './main.ts';

const [path] = process.argv.slice(2);
const start = performance.now();
const refused = await fileImport
  .count({ path }, '2026-10' as BillingPeriod, createHttp())
  .then(() => null, wordsOf);
const peak: Peak = {
  // Kilobytes of 1024 bytes.
  peakMb: (process.resourceUsage().maxRSS * 1024) / 1_000_000,
  tookMs: performance.now() - start,
  refused,
};
console.log(JSON.stringify(peak));

/** A file that is refused in words counts too, as long as it says so. */
function wordsOf(error: unknown): string {
  if (error instanceof AppError) return error.message;
  throw error;
}
