/**
 * A month with its evidence, as files that can be read without MCC in ten years: what was approved,
 * what was posted and how it is known, what was counted, and the whole audit trail to check it by.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'; // prettier-ignore
import { dirname, join, resolve } from 'node:path';
import Papa from 'papaparse';
import * as z from 'zod';
import { periodTitle, type BillingPeriod } from '../../core/billing-period.ts';
import { AppError } from '../../core/errors.ts';
import type { InvoiceContent } from '../../core/model.ts';
import { canonicalJson } from '../canonical.ts';
import { auditEntries, auditHead, verifyChain, type AuditVerdict } from '../store/audit.ts';
import type { Store } from '../store/database.ts';
import type { AuditTable } from '../store/schema-audit.ts';

type Row = Readonly<Record<string, string | number | null>>;

const MANIFEST = 'manifest.json';
const TRAIL = 'audit.jsonl';

const Manifest = z.strictObject({
  period: z.string(),
  /** The last entry of audit.jsonl; to be compared with a head kept elsewhere. */
  head: z.strictObject({ seq: z.int(), hash: z.string() }),
  files: z.record(z.string(), z.string()),
});

export interface Exported {
  readonly folder: string;
  readonly invoices: number;
  readonly entries: number;
}

/** Writes a new folder, whole or not at all; throws INPUT_INVALID when it is there already. */
export async function exportPeriod(
  store: Store,
  period: BillingPeriod,
  out: string,
): Promise<Exported> {
  const folder = resolve(out);
  if (existsSync(folder)) {
    throw new AppError('INPUT_INVALID', `--out: ${out} is there already. Name a new folder.`);
  }
  const head = await auditHead(store);
  const postings = await postingsOf(store, period);
  if (!head || postings.length === 0) {
    const words = `Nothing was ever approved for ${periodTitle(period)}. Name another --period.`;
    throw new AppError('INPUT_INVALID', words);
  }
  const files = await filesOf(store, period, postings);
  const digests = Object.fromEntries(
    Object.entries(files).map(([name, text]) => [name, sha256(text)]),
  );
  const manifest = { period, head: { seq: head.seq, hash: head.hash }, files: digests };
  writeWhole(folder, { ...files, [MANIFEST]: `${JSON.stringify(manifest, null, 2)}\n` });
  return { folder, invoices: postings.length, entries: head.seq };
}

const postingsOf = (store: Store, period: BillingPeriod) =>
  store.selectFrom('posting').selectAll().where('period', '=', period).orderBy('ref').execute();
type Posting = Awaited<ReturnType<typeof postingsOf>>[number];

async function filesOf(
  store: Store,
  period: BillingPeriod,
  postings: readonly Posting[],
): Promise<Readonly<Record<string, string>>> {
  const keys = postings.map(({ key }) => key);
  const batches = await store
    .selectFrom('batch')
    .selectAll()
    .where('period', '=', period)
    .execute();
  const snapshotIds = batches.flatMap(({ snapshot_id: id }) => (id === null ? [] : [id]));
  const snapshots = await store
    .selectFrom('snapshot')
    .selectAll()
    .where('id', 'in', snapshotIds)
    .execute();
  const transitions = await store
    .selectFrom('posting_transition')
    .selectAll()
    .where('posting', 'in', keys)
    .orderBy('seq')
    .execute();
  const evidence = await store
    .selectFrom('posting_evidence')
    .selectAll()
    .where('posting', 'in', keys)
    .orderBy('seq')
    .execute();
  const mappings = await store.selectFrom('mapping').selectAll().execute();
  const clients = await store.selectFrom('client').selectAll().execute();
  const trail: string[] = [];
  for await (const entry of auditEntries(store)) trail.push(canonicalJson(entry));
  return {
    'READ ME.txt': readMe(period),
    'invoices.csv': csv(postings.map(toInvoice)),
    'lines.csv': csv(postings.flatMap(toLines)),
    'steps.csv': csv(transitions),
    'evidence.csv': csv(evidence),
    'customers.csv': csv(clients),
    'mappings.csv': csv(mappings),
    'batches.json': json(
      batches.map(({ draft, invoices, totals, ...batch }) => ({
        ...batch,
        totals: JSON.parse(totals) as unknown,
        draft: JSON.parse(draft) as unknown,
        invoices: JSON.parse(invoices) as unknown,
      })),
    ),
    'counts.json': json(snapshots.map(({ content }) => JSON.parse(content) as unknown)),
    [TRAIL]: `${trail.join('\n')}\n`,
  };
}

function toInvoice(posting: Posting): Row {
  const { document, currency, invoiceDate, total } = contentOf(posting);
  const { batch, key, ref, client_id, client_name, customer_id, state, invoice_id } = posting;
  const { digest, sent_at, adopted, reason } = posting;
  return {
    batch, key, ref, document, client_id, client_name, customer_id, invoice_date: invoiceDate,
    total, currency, state, invoice_id, sent_at, adopted, digest, reason,
  }; // prettier-ignore
}

function toLines(posting: Posting): Row[] {
  return contentOf(posting).lines.map((line, index) => ({
    key: posting.key,
    ref: posting.ref,
    client_name: posting.client_name,
    line: index + 1,
    service: line.serviceId,
    kind: line.kind,
    description: line.description,
    quantity: line.quantity,
    unit_price: line.unitPrice,
    amount: line.amount,
  }));
}

const contentOf = ({ content }: Posting): InvoiceContent => JSON.parse(content) as InvoiceContent;

/** Begins as a formula does in Excel, and is no number. */
const FORMULA = /^(?!-\d+(\.\d+)?$)[=+\-@\t\r]/;

/** Formulas in texts stay texts when the file is opened in Excel, and numbers stay numbers. */
const csv = (rows: readonly object[]): string =>
  `${Papa.unparse([...rows], { escapeFormulae: FORMULA, newline: '\n' })}\n`;

const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

function writeWhole(folder: string, files: Readonly<Record<string, string>>): void {
  const unfinished = `${folder}.unfinished`;
  try {
    rmSync(unfinished, { recursive: true, force: true });
    mkdirSync(dirname(folder), { recursive: true });
    mkdirSync(unfinished, { mode: 0o700 });
    for (const [name, text] of Object.entries(files)) {
      writeFileSync(join(unfinished, name), text, { mode: 0o600 });
    }
    renameSync(unfinished, folder);
  } catch (cause) {
    const words = `--out: ${folder} cannot be written. Name a folder of your own.`;
    throw new AppError('INPUT_INVALID', words, { cause });
  }
}

/** Every file as its digest says, and the trail from its first entry to the head it names. */
export async function verifyExport(folder: string): Promise<AuditVerdict> {
  const manifest = readManifest(folder);
  const strangers = readdirSync(folder).filter(
    (name) => name !== MANIFEST && !Object.hasOwn(manifest.files, name),
  );
  const troubles = [
    ...strangers.map((name) => `${name} does not belong to the export.`),
    ...Object.entries(manifest.files).flatMap(([name, digest]) => {
      const path = join(folder, name);
      if (!existsSync(path)) return [`${name} is missing.`];
      const isSame = sha256(readFileSync(path, 'utf8')) === digest;
      return isSame ? [] : [`${name} was changed after it was written.`];
    }),
  ];
  if (troubles.length > 0) return { verified: false, reason: troubles.join(' ') };
  const lines = readFileSync(join(folder, TRAIL), 'utf8').trimEnd().split('\n');
  return verifyChain(
    lines.map((line) => JSON.parse(line) as AuditTable),
    manifest.head,
  );
}

function readManifest(folder: string): z.infer<typeof Manifest> {
  const path = join(folder, MANIFEST);
  try {
    return Manifest.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch (cause) {
    const words = `${path} is missing or cannot be read: this is no export of MCC.`;
    throw new AppError('INPUT_INVALID', words, { cause });
  }
}

const readMe = (
  period: BillingPeriod,
): string => `${periodTitle(period)}, as MCC approved and posted it.

invoices.csv   one row per invoice: what was approved, where it is in the books, its state
lines.csv      every line of every invoice, as approved
steps.csv      each change of state of each invoice, with time, person and reason
evidence.csv   what was sent, answered and looked up
batches.json   the approvals, with the draft as it was submitted and the digests
counts.json    the vendors' counts the month was billed from, with what they were made of
mappings.csv   which vendor account and product is which client and service, by whom and when
customers.csv  the customers of the books
audit.jsonl    the whole audit trail; each entry carries the hash of the one before it
manifest.json  the SHA-256 of every file, and the last entry of the trail

To check it: npm run audit -- verify --export FOLDER
Compare the head in manifest.json with one that was kept elsewhere: a trail can be
rewritten whole by whoever owns all copies of it.
`;
