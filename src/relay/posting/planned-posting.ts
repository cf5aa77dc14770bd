/** An invoice of an approved batch as it enters the machine of states: nothing of it was tried yet. */
import type { BatchRow, PostingRow } from '../store/posting.ts';
import type { BatchInvoice } from './batch-content.ts';
import { providerKey } from './keys.ts';

export interface Names {
  readonly ref: string;
  readonly marker: string;
}

export const plannedPosting = (
  batch: BatchRow,
  { key, digest, clientName, fingerprint, content }: BatchInvoice,
  position: number,
  { ref, marker }: Names,
): PostingRow => ({
  key,
  batch: batch.id,
  position,
  connection: batch.connection,
  client_id: content.clientId,
  client_name: clientName,
  customer_id: content.customerId,
  fingerprint,
  period: content.period,
  series: content.series,
  revision: content.revision,
  ref,
  marker,
  digest,
  content: JSON.stringify(content),
  state: 'PLANNED',
  transition: 0,
  epoch: 1,
  provider_key: providerKey(key, 1),
  request_hash: null,
  sent_at: null,
  attempts: 0,
  next_at: null,
  reason: '',
  block: null,
  uncertain_since: null,
  person_from: null,
  decide_from: null,
  lookups: 0,
  last_lookup_at: null,
  invoice_id: null,
  adopted: 0,
});
