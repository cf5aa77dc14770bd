/** Reads every posted invoice back, compares all fields with the approval, draws five for a person. */
import { firstDay, lastDay } from '../../core/billing-period.ts';
import { AppError } from '../../core/errors.ts';
import type { SpotCheck } from '../../contract/contract.ts';
import type { BooksInvoice } from '../accounting/accounting.ts';

import type { BatchRow, PostingRow } from '../store/posting.ts';

import { requireBatch } from './approve.ts';
import { checkCompany } from './company.ts';
import { isEqual, type ComparedField } from './differences.ts';
import { contentOf, holdFence, instant, type Engine } from './engine.ts';
import type { Asker } from './ports.ts';
import { nameCustomer, READ_BACK, readBack, record, type ReadBack } from './read-back.ts';

/** How many a person looks at. */
const DRAWN = 5;

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
    READ_BACK.includes(state),
  );
  if (postings.length === 0) {
    throw new AppError('INPUT_INVALID', 'Nothing of this approval is in the books to check yet.');
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
  await checkCompany(engine, asker);
  const listed = await engine.books.company.list(daysOf(batch.period as SpotCheckPeriod));
  const read: ReadBack[] = [];
  for (const posting of postings) read.push(await readBack(engine, posting, listed));
  await record(engine, read, asker);
  return read.map(toReadInvoice);
}

function toReadInvoice(read: ReadBack): ReadInvoice {
  const { posting, own, fields: compared, standing, trouble } = read;
  const { document } = contentOf(posting);
  const missing = { name: 'Document', approved: document, books: '(not there)', equal: false };
  const copies = {
    name: 'Copies',
    approved: '1',
    books: standing.length > 1 ? String(standing.length) : 'more than one',
    equal: false,
  };
  const fields = [
    ...(own ? withTax(compared.map(nameCustomer(posting)), own) : [missing]),
    ...(trouble?.kind === 'duplicate' ? [copies] : []),
  ];
  const { key, client_name: clientName, ref } = posting;
  return { key, clientName, ref, equal: isEqual(fields), fields };
}

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
