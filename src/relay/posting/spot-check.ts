/**
 * Reads every posted invoice back, compares all fields with the approval and draws five for a
 * person. It never writes to the books; what it finds wrong becomes the state of the posting.
 */
import { firstDay, lastDay } from '../../core/billing-period.ts';
import { AppError } from '../../core/errors.ts';
import type { SpotCheck } from '../../contract/contract.ts';
import type { BooksInvoice } from '../accounting/accounting.ts';

import type { BatchRow, PostingRow } from '../store/posting.ts';

import { requireBatch } from './approve.ts';
import { compareFields, differenceWords, isEqual, type ComparedField } from './differences.ts';
import { contentOf, holdFence, instant, move, type Engine } from './engine.ts';
import type { Asker } from './ports.ts';

/** How many a person looks at. */
const DRAWN = 5;
const IN_BOOKS: readonly string[] = ['POSTED', 'MISMATCH'];

interface ReadInvoice {
  readonly key: string;
  readonly clientName: string;
  readonly ref: string;
  readonly equal: boolean;
  readonly fields: readonly ComparedField[];
}

/** What is stored of a check; the verdicts are rows of their own. */
interface StoredCheck {
  readonly readBack: {
    readonly compared: number;
    readonly equal: number;
    /** Absent in checks that are older than it. */
    readonly differing?: readonly ReadInvoice[];
  };
  readonly invoices: readonly ReadInvoice[];
}

export async function spotCheck(
  engine: Engine,
  batchId: string,
  wanted: { readonly seed?: number | undefined },
  asker: Asker,
): Promise<SpotCheck> {
  const batch = await requireBatch(engine.store, batchId);
  const postings = (await engine.store.postingsOf(batchId)).filter(({ state }) =>
    IN_BOOKS.includes(state),
  );
  if (postings.length === 0) {
    throw new AppError('INPUT_INVALID', `Batch ${batchId} has nothing in the books to check yet.`);
  }
  const read = await readAll(engine, batch, postings, asker);
  const seed = wanted.seed ?? engine.ids.seed();
  const drawn = draw(read.map(({ key }) => key), seed, DRAWN); // prettier-ignore
  const content: StoredCheck = {
    readBack: {
      compared: read.length,
      equal: read.filter(({ equal }) => equal).length,
      differing: read.filter(({ equal }) => !equal),
    },
    invoices: drawn.flatMap((key) => read.find((one) => one.key === key) ?? []),
  };
  const id = engine.ids.uuid();
  await store(engine, batch, { id, seed, content }, asker);
  return toSpotCheck(engine, batchId, id);
}

export async function spotVerdict(
  engine: Engine,
  of: { readonly batch: string; readonly check: string },
  said: { readonly key: string; readonly verdict: 'matches' | 'does not match' },
  asker: Asker,
): Promise<SpotCheck> {
  const batch = await requireBatch(engine.store, of.batch);
  const check = await toSpotCheck(engine, batch.id, of.check);
  const invoice = check.invoices.find(({ key }) => key === said.key);
  if (!invoice) throw new AppError('NOT_FOUND', `Spot check ${of.check} did not draw ${said.key}.`);
  await engine.store.transaction(async (transaction) => {
    const { key, verdict } = said;
    const at = engine.clock.now();
    const row = { spot_check: of.check, posting: key, verdict, person: asker.person, at };
    await transaction.insertSpotVerdict(row);
    await transaction.appendAudit({
      ...asker,
      action: 'spot check verdict',
      object: key,
      words: `${invoice.ref} for ${invoice.clientName} ${verdict} the books`,
      period: batch.period as SpotCheckPeriod,
      digests: { batch: batch.digest },
    });
  });
  return toSpotCheck(engine, batch.id, of.check);
}

const daysOf = (period: SpotCheckPeriod) => ({ from: firstDay(period), to: lastDay(period) });

type SpotCheckPeriod = ReturnType<typeof contentOf>['period'];

/** One list for all, and a read of its own for whatever the list does not show as approved. */
async function readAll(
  engine: Engine,
  batch: BatchRow,
  postings: readonly PostingRow[],
  asker: Asker,
): Promise<readonly ReadInvoice[]> {
  const listed = await engine.books.company.list(daysOf(batch.period as SpotCheckPeriod));
  const read: ReadInvoice[] = [];
  for (const posting of postings) {
    const content = contentOf(posting);
    const seen = listed.find(
      ({ id, document }) => id === posting.invoice_id && document === content.document,
    );
    const isFine = seen && isEqual(compareFields(content, posting, seen));
    const invoice = isFine ? seen : await readOne(engine, posting);
    const result = toReadInvoice(posting, invoice);
    await recordTrouble(engine, posting, invoice, result, asker);
    read.push(result);
  }
  return read;
}

const readOne = (engine: Engine, posting: PostingRow): Promise<BooksInvoice | null> =>
  posting.invoice_id === null
    ? Promise.resolve(null)
    : engine.books.company.read(contentOf(posting).document, posting.invoice_id);

function toReadInvoice(posting: PostingRow, invoice: BooksInvoice | null): ReadInvoice {
  const content = contentOf(posting);
  const missing = {
    name: 'Document',
    approved: content.document,
    books: '(not there)',
    equal: false,
  };
  const fields = invoice
    ? withTax(compareFields(content, posting, invoice).map(nameCustomer(posting)), invoice)
    : [missing];
  const { key, client_name: clientName, ref } = posting;
  return { key, clientName, ref, equal: isEqual(fields), fields };
}

/** Compared by id, shown by name: nobody knows a customer by its id. */
export const nameCustomer =
  ({ customer_id: id, client_name: name }: PostingRow) =>
  (field: ComparedField): ComparedField => {
    if (field.name !== 'Customer') return field;
    const shown = (value: string): string => (value === id ? name : value);
    return { ...field, approved: shown(field.approved), books: shown(field.books) };
  };

/** Tax is the books' own business: shown, never compared (rulings 10). */
function withTax(
  fields: readonly ComparedField[],
  invoice: BooksInvoice,
): readonly ComparedField[] {
  const tax = {
    name: 'Tax',
    approved: 'left to the books',
    books: invoice.tax ?? 'none',
    equal: true,
  };
  return [...fields, tax];
}

async function recordTrouble(
  engine: Engine,
  posting: PostingRow,
  invoice: BooksInvoice | null,
  { equal, fields }: ReadInvoice,
  asker: Asker,
): Promise<void> {
  if (equal || posting.state !== 'POSTED') return;
  const to = !invoice ? 'MISSING_IN_LEDGER' : invoice.voided ? 'VOIDED' : 'MISMATCH';
  const reason = invoice
    ? differenceWords(fields)
    : `invoice ${posting.ref} is gone from the books`;
  const evidence = [{ kind: 'found', words: `Read back: ${reason}` }] as const;
  await move(engine, posting, to, { asker, reason, evidence });
}

async function store(
  engine: Engine,
  batch: BatchRow,
  check: { readonly id: string; readonly seed: number; readonly content: StoredCheck },
  asker: Asker,
): Promise<void> {
  const { compared, equal } = check.content.readBack;
  await engine.store.transaction(async (transaction) => {
    await holdFence(engine, transaction);
    await transaction.insertSpotCheck({
      id: check.id,
      batch: batch.id,
      seed: check.seed,
      drawn_at: engine.clock.now(),
      content: JSON.stringify(check.content),
    });
    await transaction.appendAudit({
      ...asker,
      action: 'spot check drawn',
      object: check.id,
      words: `Read ${compared} invoices back, ${equal} equal; drew ${check.content.invoices.length} with seed ${check.seed}`,
      period: batch.period as SpotCheckPeriod,
      digests: { batch: batch.digest },
    });
  });
}

async function toSpotCheck(engine: Engine, batch: string, id: string): Promise<SpotCheck> {
  const row = await engine.store.findSpotCheck(id);
  if (row?.batch !== batch) {
    throw new AppError('NOT_FOUND', `Batch ${batch} has no spot check ${id}.`);
  }
  const content = JSON.parse(row.content) as StoredCheck;
  const verdicts = await engine.store.spotVerdictsOf(id);
  return {
    id,
    batchId: batch,
    seed: row.seed,
    drawnAt: instant(row.drawn_at),
    readBack: { ...content.readBack, differing: (content.readBack.differing ?? []).map(copyOf) },
    invoices: content.invoices.map((invoice) => ({
      ...copyOf(invoice),
      verdict: (verdicts.get(invoice.key) as 'matches' | 'does not match' | undefined) ?? null,
    })),
  };
}

const copyOf = (invoice: ReadInvoice) => ({
  ...invoice,
  fields: invoice.fields.map((field) => ({ ...field })),
});

/** The same seed draws the same keys, whatever order they come in (mulberry32 by T. Ettinger). */
export function draw(keys: readonly string[], seed: number, count: number): readonly string[] {
  const left = [...keys].sort();
  const drawn: string[] = [];
  let state = seed >>> 0;
  while (drawn.length < count && left.length > 0) {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    const index = ((mixed ^ (mixed >>> 14)) >>> 0) % left.length;
    drawn.push(...left.splice(index, 1));
  }
  return drawn;
}
