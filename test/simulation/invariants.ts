/** The invariants of posting-safety 2.3; each throws with its number and what broke it. */
import { invoiceDigest } from '../../src/core/digest.ts';
import type { InvoiceContent } from '../../src/core/model.ts';
import type { BooksInvoice } from '../../src/relay/accounting/accounting.ts';
import type { BatchInvoice } from '../../src/relay/posting/batch-content.ts';
import { compareFields, isEqual } from '../../src/relay/posting/differences.ts';
import { sha256 } from '../../src/relay/posting/keys.ts';
import type { Finding } from '../../src/relay/posting/sweep.ts';
import type { PostingRow } from '../../src/relay/store/posting.ts';
import type { Arrival } from './ledger.ts';
import type { Running, World } from './world-model.ts';

export class Broken extends Error {}

export function hold(condition: unknown, words: string): asserts condition {
  if (!condition) throw new Broken(words);
}

/** I5, I6, I7, I9, I10, I11, I13, at the moment a create leaves. */
export function checkCreate(
  world: World,
  running: Running | null,
  { content, keys }: Pick<Arrival, 'content' | 'keys'>,
): void {
  const { postings, batches, connections } = world.memory.tables;
  const row = postings.get(keys.postingKey);
  hold(row, `I9: ${keys.ref} was never approved`);
  const digest = invoiceDigest(content, sha256);
  hold(row.state === 'SENDING' && row.request_hash === digest, `I6: ${row.ref} leaves as ${row.state}`);
  hold(row.provider_key === keys.providerKey, `I7: ${row.ref} leaves under another key than its intent`);
  const batch = batches.get(row.batch);
  const approved = JSON.parse(batch?.invoices ?? '[]') as readonly BatchInvoice[];
  hold(approved.some((one) => one.key === row.key && one.digest === digest), `I9: ${row.ref} leaves with other content than approved`);
  hold(batch?.state === 'POSTING', `${row.ref} leaves while its batch is ${String(batch?.state)}`);
  hold(batch.approved_by !== null, `I10: ${row.ref} leaves without an approval`);
  hold(!world.policy.twoPersons || batch.approved_by !== batch.prepared_by, 'I10: approved by who prepared it');
  const link = world.directory.links.get(row.client_id);
  hold(link?.customerId === content.customerId && link.version === content.mappingVersion, `I11: ${row.ref} leaves on an old mapping`);
  hold(connections.get(row.connection)?.fence === running?.engine.lease.fence, 'I13: a create under an old fence');
  checkAgain(world, row, content, keys.providerKey);
} // prettier-ignore

/** I5 and I7: what goes out again in one epoch is the same, and only where the books take it once. */
function checkAgain(world: World, row: PostingRow, content: InvoiceContent, key: string): void {
  const earlier = world.sent.filter((one) => one.left && one.postingKey === row.key);
  const same = earlier.filter(({ providerKey }) => providerKey === key);
  hold(same.every(({ body }) => body === JSON.stringify(content)), `I7: ${row.ref} leaves with another body`);
  const epochs = new Set(earlier.map(({ providerKey }) => providerKey)).size;
  hold(epochs <= row.epoch, `I5: ${row.ref} has left under more keys than epochs`);
  hold(same.length === 0 || world.ledger.kind.facility.resend !== 'never', `I5: ${row.ref} leaves twice in one epoch`);
  hold(earlier.length <= 60, `I18: ${row.ref} left ${String(earlier.length)} times`);
} // prettier-ignore

/** Ours in the books, whatever a search shows; what a person removed there does not count. */
const oursOf = (world: World, row: PostingRow): readonly BooksInvoice[] =>
  world.ledger.truth().filter(({ marker, voided }) => marker === row.marker && !voided);

/** I1, I3, I4, I12: at every moment, not only at the end. */
export function checkNow(world: World): void {
  if (world.broken !== null) throw world.broken as Error;
  hold(world.ledger.replaced.length === 0, 'a document in the books was written over');
  for (const row of world.memory.tables.postings.values()) {
    const ours = oursOf(world, row);
    const isForgiven = world.doubled.has(row.key);
    hold(ours.length <= 1 || isForgiven, `I1: ${row.ref} is in the books ${String(ours.length)} times`);
    if (row.state === 'POSTED') checkPosted(world, row);
    const isDenied = ['REJECTED', 'BLOCKED', 'CANCELLED'].includes(row.state);
    hold(!isDenied || ours.length === 0, `I4: ${row.ref} is ${row.state} and in the books`);
  }
} // prettier-ignore

function checkPosted(world: World, row: PostingRow): void {
  hold(row.invoice_id !== null, `I3: ${row.ref} is posted without an id`);
  if (world.touched.has(row.invoice_id)) return;
  const own = world.ledger.truth().find(({ id }) => id === row.invoice_id);
  const content = JSON.parse(row.content) as InvoiceContent;
  const isSame = own && isEqual(compareFields(content, own.ref === row.ref ? row : null, own));
  hold(isSame, `I3: ${row.ref} is not in the books as posted`);
}

const SETTLED = ['POSTED', 'SUPERSEDED', 'MISMATCH', 'CONFLICT', 'CANCELLED', 'BLOCKED', 'REJECTED', 'MISSING_IN_LEDGER', 'VOIDED', 'DUPLICATE_IN_LEDGER']; // prettier-ignore

/** I2, I8, I12, I16, I17, I18: nothing lost, nothing stuck, everything written down. */
export function checkEnd(world: World): void {
  const { postings, transitions, batches, audit, posts } = world.memory.tables;
  for (const row of postings.values()) {
    hold(SETTLED.includes(row.state), `I18: ${row.ref} ends as ${row.state}: ${row.reason}`);
    const own = transitions.filter(({ object }) => object === row.key);
    const decided = own.filter(({ from, to }) => to === 'READY' && ['NEEDS_PERSON', 'REJECTED'].includes(from));
    hold(row.epoch === 1 + decided.length, `I8: the epoch of ${row.ref} grew without a decision`);
    hold(!own.some(({ from, to }) => from === 'POSTED' && ['READY', 'SENDING'].includes(to)), `I12: ${row.ref} left POSTED`);
  }
  const all = [...postings.values()];
  for (const batch of batches.values()) {
    if (!posts.some((press) => press.batch === batch.id)) continue;
    const isWhole = all.filter((row) => row.batch === batch.id).every(({ state }) => state === 'POSTED');
    hold((batch.state === 'COMPLETED') === isWhole || batch.state === 'STALE', `a batch ends as ${batch.state}`);
  }
  checkMoney(world, all);
  const told = audit.filter(({ action }) => /^(posting|batch) [A-Z_]+$/.test(action)).length;
  hold(told === transitions.length, `I17: ${String(transitions.length)} transitions, ${String(told)} audit entries`);
} // prettier-ignore

/** I16: what is posted sums up to what the books hold under our marks, in cents. */
function checkMoney(world: World, rows: readonly PostingRow[]): void {
  const posted = rows.filter(({ state, invoice_id: id }) => state === 'POSTED' && !world.touched.has(id ?? '')); // prettier-ignore
  const ids = new Set(posted.map(({ invoice_id: id }) => id));
  const inBooks = world.ledger.truth().filter(({ id }) => ids.has(id));
  const sum = (amounts: readonly string[]): bigint =>
    amounts.reduce((total, amount) => total + BigInt(amount.replace('.', '')), 0n);
  const approved = sum(posted.map((row) => (JSON.parse(row.content) as InvoiceContent).total));
  hold(approved === sum(inBooks.map(({ subtotal }) => subtotal)), 'I16: the sums differ');
  for (const [batch, draft] of world.drafts) {
    const own = rows.filter((row) => row.batch === batch);
    if (own.length < draft.invoices.length || !own.every((row) => posted.includes(row))) continue;
    const sent = sum(own.map((row) => (JSON.parse(row.content) as InvoiceContent).total));
    hold(
      sent === sum(draft.invoices.map(({ total }) => total)),
      'I16: posted is not what was drafted',
    );
  }
}

/** I20: what was broken from outside is told by the next sweep, and nothing else is. */
export function checkSwept(world: World, before: ReadonlyMap<string, string>): void {
  const { postings, sweeps } = world.memory.tables;
  const swept = sweeps.at(-1);
  hold(swept?.failed === null, `I20: the sweep failed: ${swept?.failed ?? 'there is none'}`);
  const findings = JSON.parse(swept.findings) as readonly Finding[];
  for (const row of postings.values()) {
    const was = before.get(row.key);
    const found = findings.find(({ key }) => key === row.key);
    // What a sweep calls posted again is there as approved.
    if (was !== 'POSTED' && row.state === 'POSTED') checkPosted(world, row);
    if (was !== 'POSTED') continue;
    const copies = world.ledger.truth().filter((one) => !one.voided && (one.marker === row.marker || one.id === row.invoice_id)).length;
    const isBroken = world.touched.has(row.invoice_id ?? '') || copies > 1;
    hold(!isBroken || found, `I20: ${row.ref} was changed in the books and the sweep is silent`);
    hold(isBroken || (!found && row.state === 'POSTED'), `I20: a false alarm for ${row.ref}: ${found?.words ?? row.state}`);
    hold(copies <= 1 || found?.kind === 'duplicate', `I20: ${row.ref} is there ${String(copies)} times and told as ${String(found?.kind)}`);
  }
} // prettier-ignore
