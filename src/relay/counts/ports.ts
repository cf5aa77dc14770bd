/** What counting is given: the store, the sources, the books, and which months are closed. */
import type { BillingPeriod } from '../../core/billing-period.ts';
import type { PostedMonth } from '../../core/model.ts';
import type { CompanyIdentity } from '../accounting/accounting.ts';
import type { RelayConfig } from '../config.ts';
import type { Books } from '../handlers.ts';
import type { Connection, Syncing } from './sync.ts';

/** What counting asks of posting: which months are closed, and with what. */
export interface ClosedMonths {
  postedMonths(before: BillingPeriod | null, limit: number): Promise<readonly PostedMonth[]>;
  isSealed(period: BillingPeriod): Promise<boolean>;
  /** Throws where another company answers than before: its customers are not taken over. */
  pinCompany(company: CompanyIdentity): Promise<void>;
  batchOf(period: BillingPeriod): Promise<{ id: string; snapshotId: string | null } | null>;
}

export interface CountingPorts extends Syncing {
  readonly config: RelayConfig;
  readonly connections: readonly Connection[];
  readonly books: Books;
  readonly closed: ClosedMonths;
  /** How long a refresh waits for its sources; absent: a minute. */
  readonly refreshMaxMs?: number;
}
