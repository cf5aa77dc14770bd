/**
 * The sweep (posting-safety 1.7): holds what the books list against what was posted and says what
 * does not fit. It never creates, edits or deletes anything there.
 */
import { lastDay, type BillingPeriod } from '../../core/billing-period.ts';
import type { BooksInvoice, DayRange } from '../accounting/accounting.ts';
import { addMinutes } from '../clock.ts';
import type { PostingRow } from '../store/posting.ts';
import type { SweepRow } from '../store/posting-books.ts';
import { checkCompany } from './company.ts';
import { contentOf, holdFence, wordsOf, type Engine } from './engine.ts';
import { refParts } from './keys.ts';
import { bearsSignOf, knownMarks, markWords } from './marks.ts';
import { RELAY } from './ports.ts';
import { isOurs, READ_BACK, readBack, record, type ReadBack } from './read-back.ts';
import { POSTING_WORDS } from './state-words.ts';

export type FindingKind =
  'missing' | 'voided' | 'mismatch' | 'duplicate' | 'foreign' | 'unexpected';

export interface Finding {
  readonly kind: FindingKind;
  /** Null for what is not ours. */
  readonly key: string | null;
  readonly ref: string | null;
  readonly clientName: string | null;
  readonly invoiceId: string | null;
  readonly words: string;
}

/** Nightly the last 45 days; while anything is open, the same, for a list is one question. */
const DAYS = 45;
const DAY_MINUTES = 1440;

/** Looks at everything of the last days; what it found is stored, and kept when it failed. */
export async function sweep(engine: Engine): Promise<SweepRow> {
  const at = engine.clock.now();
  const days = { from: addMinutes(at, -DAYS * DAY_MINUTES).slice(0, 10), to: lastDayOf(at) };
  const row = { connection: engine.books.connection, at, from_day: days.from, to_day: days.to };
  try {
    await checkCompany(engine, RELAY);
    const listed = await engine.books.company.list(days);
    const postings = await postingsWithin(engine, days);
    const findings = await findAll(engine, postings, listed);
    return await keep(engine, { ...row, compared: postings.length, failed: null, findings });
  } catch (cause) {
    const failed = wordsOf(cause);
    return keep(engine, { ...row, compared: 0, failed, findings: [] });
  }
}

/** The month under way is dated ahead: on its last day (rulings 10). */
const lastDayOf = (at: string): string => lastDay(at.slice(0, 7) as BillingPeriod);

async function keep(
  engine: Engine,
  seen: Omit<SweepRow, 'findings'> & { readonly findings: readonly Finding[] },
): Promise<SweepRow> {
  const row = { ...seen, findings: JSON.stringify(seen.findings) };
  await engine.store.transaction(async (transaction) => {
    await holdFence(engine, transaction);
    await transaction.insertSweep(row);
  });
  return row;
}

async function postingsWithin(engine: Engine, days: DayRange): Promise<readonly PostingRow[]> {
  const all: PostingRow[] = [];
  for (const period of periodsOf(days)) {
    all.push(...(await engine.store.postingsOfPeriod(engine.books.connection, period)));
  }
  const within = all.filter((row) => contentOf(row).invoiceDate >= days.from);
  return within.sort((a, b) => (a.ref < b.ref ? -1 : 1));
}

function periodsOf({ from, to }: DayRange): readonly string[] {
  const periods: string[] = [];
  for (let month = from.slice(0, 7); month <= to.slice(0, 7); month = nextMonth(month)) {
    periods.push(month);
  }
  return periods;
}

const nextMonth = (month: string): string => {
  const [year = 0, number = 0] = month.split('-').map(Number);
  const next = number === 12 ? [year + 1, 1] : [year, number + 1];
  return `${String(next[0])}-${String(next[1]).padStart(2, '0')}`;
};

async function findAll(
  engine: Engine,
  postings: readonly PostingRow[],
  listed: readonly BooksInvoice[],
): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  const read: ReadBack[] = [];
  for (const posting of postings) {
    if (READ_BACK.includes(posting.state)) {
      const one = await readBack(engine, posting, listed);
      read.push(one);
      if (one.trouble) findings.push(findingOf(posting, one.trouble.kind, one.trouble.words));
    } else {
      const ids = unexpectedOf(posting, listed).map(({ id }) => id).join(', ');
      const words = `it ${POSTING_WORDS[posting.state]}, and the books hold it as ${ids}`;
      if (ids !== '') findings.push(findingOf(posting, 'unexpected', words));
    }
  }
  await record(engine, read, RELAY);
  return [...findings, ...(await foreignOf(engine, postings, listed))];
} // prettier-ignore

const DENIED: readonly string[] = ['CANCELLED', 'REJECTED', 'BLOCKED', 'SUPERSEDED'];
/** Nobody knew of it so far: a mark or a key of ours tells, equal content does not. */
const UNSURE: readonly string[] = ['CONFLICT', 'UNKNOWN', 'NEEDS_PERSON'];

/** In the books though it should not be, or though nobody was sure of it (I20). */
function unexpectedOf(
  posting: PostingRow,
  listed: readonly BooksInvoice[],
): readonly BooksInvoice[] {
  const bearsOurs = bearsSignOf([posting]);
  const standing = listed.filter(({ voided }) => !voided);
  if (UNSURE.includes(posting.state)) {
    return standing.filter((one) => bearsOurs(one) && one.id !== posting.invoice_id);
  }
  if (!DENIED.includes(posting.state)) return [];
  return standing.filter((one) => isOurs(posting, one, bearsOurs(one)));
}

const findingOf = (posting: PostingRow, kind: FindingKind, words: string): Finding => ({
  kind,
  key: posting.key,
  ref: posting.ref,
  clientName: posting.client_name,
  invoiceId: posting.invoice_id,
  words,
});

/** Marks that are not ours, and numbers of our series on documents that are not ours (F34). */
async function foreignOf(
  engine: Engine,
  postings: readonly PostingRow[],
  listed: readonly BooksInvoice[],
): Promise<readonly Finding[]> {
  const markers = [...new Set(listed.flatMap(({ marker }) => marker ?? []))];
  const known = await knownMarks(engine, markers);
  const ids = new Set(postings.map((posting) => posting.invoice_id));
  const bearsOurs = bearsSignOf(postings);
  return listed.flatMap((invoice): Finding[] => {
    if (invoice.voided || ids.has(invoice.id)) return [];
    if (invoice.marker !== null) return known.has(invoice.marker) ? [] : [foreign(invoice, markWords(engine, invoice.marker))];
    const isInSeries = invoice.ref !== null && refParts(invoice.ref) !== null;
    const isOwn = bearsOurs(invoice) || postings.some((posting) => isOurs(posting, invoice, false));
    return isInSeries && !isOwn ? [foreign(invoice, 'bears a number of our series and no mark of ours')] : [];
  });
} // prettier-ignore

const foreign = ({ id, ref }: BooksInvoice, words: string): Finding => ({
  kind: 'foreign',
  key: null,
  ref,
  clientName: null,
  invoiceId: id,
  words: `Invoice ${id} ${words}`,
});
