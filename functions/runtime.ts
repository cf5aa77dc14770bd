/** What functions and pane share: they run in one page, and webpack keeps this module single. */
import type { BillingPeriod } from '../src/core/billing-period.ts';
import { createRegistry, type Registry } from './registry.ts';
import { createSnapshots, type Snapshots } from './snapshot.ts';
import { parseAddress, type Address } from './arguments.ts';
import { createTokenKeeper } from './token.ts';

export interface Runtime {
  readonly snapshots: Snapshots;
  readonly registry: Registry;
  /** The workbook's own month and stamp, from MCC_AsOf and MCC_Period. */
  workbook(): Promise<Address>;
  setWorkbook(address: Address): void;
  /** Read once, when the first formula without a month asks. */
  readWorkbookWith(read: () => Promise<{ readonly asOf: unknown; readonly period: unknown }>): void;
}

export function createRuntime(snapshots: Snapshots): Runtime {
  let known: Promise<Address> | null = null;
  let read: () => Promise<{ readonly asOf: unknown; readonly period: unknown }> = () =>
    Promise.resolve({ asOf: null, period: null });
  return {
    snapshots,
    registry: createRegistry(),
    workbook: () => (known ??= read().then(toAddress, () => NOWHERE)),
    setWorkbook: (address) => {
      known = Promise.resolve(address);
    },
    readWorkbookWith: (reader) => {
      read = reader;
    },
  };
}

export const tokenKeeper = createTokenKeeper(() => globalThis.localStorage);

export const runtime: Runtime = createRuntime(
  createSnapshots({
    url: '',
    token: tokenKeeper.token,
    fetch: (input, init) => globalThis.fetch(input, init),
    delay: (ms) => new Promise((done) => setTimeout(done, ms)),
    isOnline: () => typeof navigator === 'undefined' || navigator.onLine,
    nowMs: () => Date.now(),
  }),
);

const NOWHERE: Address = { period: null, snapshotId: null };

/** A cell somebody wrote nonsense into must not break every formula: the relay's month serves. */
function toAddress(names: { readonly asOf: unknown; readonly period: unknown }): Address {
  for (const value of [names.asOf, names.period]) {
    const address = addressOrNull(value);
    if (address?.period) return address;
  }
  return NOWHERE;
}

function addressOrNull(value: unknown): Address | null {
  try {
    return parseAddress(value);
  } catch {
    return null;
  }
}

/** The period of an address, where it names none. */
export async function periodOf(of: Runtime, address: Address): Promise<BillingPeriod> {
  return address.period ?? of.snapshots.currentPeriod();
}
