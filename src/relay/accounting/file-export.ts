// Invoices written to a file that a person imports into the books by hand: the last resort.
// The file holds each invoice once, and refuses a second one; what becomes of it at the import
// nobody here can see, so the sweep looks at the files and not at the books.

import { z } from 'zod';
import { AppError } from '../../core/errors.ts';
import type { InvoiceContent } from '../../core/model.ts';
import {
  defineAccountingSystem,
  type AccountingCompany,
  type BooksInvoice,
  type BooksTools,
  type CreateOutcome,
  type InvoiceKeys,
} from './accounting.ts';
import { currencySetting } from './currency-setting.ts';
import { csvForm } from './file-export-csv.ts';
import {
  openFolder,
  type Addition,
  type ExportFolder,
  type Written,
} from './file-export-folder.ts';
import { iifForm } from './file-export-iif.ts';
import { brokenLetters } from './file-export-letters.ts';
import { readCustomers, readItems } from './file-export-lists.ts';
import {
  toBooksInvoice,
  toFileInvoice,
  type FileForm,
  type FileNames,
} from './file-export-record.ts';
import { lookUp } from './lookup.ts';

const TITLE = 'File export';

const Name = z
  .string()
  .trim()
  .min(1, 'is missing')
  .max(159)
  .regex(/^[^\p{C}"]*$/u, 'holds a quotation mark or what cannot be seen');
const Path = z.string().min(1, 'names no file');
const common = {
  /** As the pane shows the company that is exported for. */
  company: Name,
  /** CSV with id, code, name, currency, active. */
  customers: Path,
  /** CSV with id, name, active; for IIF account too. */
  items: Path,
};

const Settings = z.discriminatedUnion('format', [
  z.strictObject({ format: z.literal('csv'), ...common }),
  z.strictObject({
    format: z.literal('iif'),
    ...common,
    currency: currencySetting,
    receivable: Name.superRefine((name, context) => {
      const message = brokenLetters(name);
      if (message !== null) context.addIssue({ code: 'custom', message });
    }).default('Accounts Receivable'),
  }),
]);
type Settings = z.infer<typeof Settings>;

export const fileExport = defineAccountingSystem({
  id: 'file-export',
  title: TITLE,
  kind: 'file',
  promise: 'the file holds each invoice once; importing it twice is in your hands',
  facility: {
    // We look into every file ourselves before one is added to; nothing lands late on a disk.
    kind: 'unique reference',
    trustedMinutes: null,
    settleMinutes: 1,
    resend: 'after evidence',
  },
  limits: csvForm.limits,
  settings: Settings,
  capabilities: (settings) => ({ limits: formOf(settings).limits }),
  connect: (settings, _http, tools) => connect(settings, tools),
});

const formOf = (settings: Settings): FileForm =>
  settings.format === 'csv' ? csvForm : iifForm(settings);

function connect(settings: Settings, tools: BooksTools): AccountingCompany {
  const form = formOf(settings);
  let opened: ExportFolder | null = null;
  const folder = (): ExportFolder => (opened ??= openFolder(tools.folder(), tools.now));
  const customers = () => readCustomers(settings.customers);
  const items = () => readItems(settings.items, form.itemColumns);
  const all = (): readonly BooksInvoice[] => readAll(form, folder());

  return {
    identity: () => Promise.resolve({ id: folder().id(), name: settings.company }),
    async checkHealth() {
      folder().check();
      await Promise.all([customers(), items()]);
    },
    customers,
    customer: async (id) => (await customers()).find((one) => one.id === id) ?? null,
    items: async () => (await items()).map(({ id, name, active }) => ({ id, name, active })),
    checkLimits: (content) => form.findBrokenRule(content),

    async create(content, keys): Promise<CreateOutcome> {
      try {
        const names = await findNames(settings, form, content);
        if (typeof names === 'string') return { verdict: 'rejected', reason: names, code: 'list' };
        // From here on nothing is waited for: no other create comes between look and write.
        const isThere = all().some((invoice) => isOurs(invoice, content, keys));
        if (isThere) return { verdict: 'exists', reason: `${keys.ref} stands in a file already` };
        const rows = form.rowsOf(toFileInvoice(content, keys, names));
        return toOutcome(keys, folder().add(additionOf(form, content, keys, rows)));
      } catch (error) {
        if (!(error instanceof AppError)) throw error;
        return { verdict: 'not sent', reason: error.message };
      }
    },

    lookup: (content, keys) =>
      lookUp(() => answer(() => all().filter((invoice) => isOurs(invoice, content, keys)))),

    read: (document, id) =>
      answer(() => all().find((one) => one.document === document && one.id === id) ?? null),

    list: ({ from, to }) => answer(() => all().filter(({ date }) => date >= from && date <= to)),
  };
}

/** Files are read at once; a trouble with them is a refused promise all the same. */
const answer = <Value>(read: () => Value): Promise<Value> => Promise.resolve().then(read);

/** By our number or by our marker, whoever wrote it there. */
const isOurs = (
  invoice: BooksInvoice,
  { document }: InvoiceContent,
  { ref, marker }: InvoiceKeys,
): boolean => invoice.document === document && (invoice.ref === ref || invoice.marker === marker);

/** A number that stands there twice is two documents, and each has an id of its own. */
function readAll(form: FileForm, folder: ExportFolder): readonly BooksInvoice[] {
  const seen = new Map<string, number>();
  return folder.files(form.extension).flatMap(({ name, bytes }) =>
    form.read(form.decode(bytes), name).map((invoice) => {
      const key = `${invoice.document} ${invoice.ref}`;
      const before = seen.get(key) ?? 0;
      seen.set(key, before + 1);
      const again = before === 0 ? '' : ` (again, ${String(before + 1)}, in ${name})`;
      return toBooksInvoice(`${invoice.ref}${again}`, invoice);
    }),
  );
}

/** What the lists say of whom and what is billed, or in words why it may not be. */
async function findNames(
  settings: Settings,
  form: FileForm,
  { customerId, lines }: InvoiceContent,
): Promise<FileNames | string> {
  const customer = (await readCustomers(settings.customers)).find(({ id }) => id === customerId);
  if (!customer?.active) return `customer "${customerId}" is not in the list, or not active`;
  const listed = await readItems(settings.items, form.itemColumns);
  const active = new Map(listed.filter((item) => item.active).map((item) => [item.id, item]));
  const broken = lines.map(({ itemId }) => {
    const item = active.get(itemId);
    return item ? form.findBrokenItem(item) : `item "${itemId}" is not in the list, or not active`;
  });
  const words = broken.find((one) => one !== null);
  if (words != null) return words;
  const accountOf = (id: string): string => active.get(id)?.more['account'] ?? '';
  return { customer: customer.name, accountOf };
}

/** A file of its own for each approval: it is imported as a whole. */
const additionOf = (
  form: FileForm,
  { period }: InvoiceContent,
  { batch, ref }: InvoiceKeys,
  rows: string,
): Addition => ({
  batch: batch ?? ref,
  name: `${period}-${ref}.${form.extension}`,
  head: form.encode(form.head),
  rows: form.encode(rows),
});

function toOutcome(keys: InvoiceKeys, result: Written): CreateOutcome {
  switch (result.written) {
    case 'yes':
      return { verdict: 'created', invoiceId: keys.ref };
    case 'not written':
      return { verdict: 'not sent', reason: result.reason };
    case 'unsure':
      return { verdict: 'unknown', reason: result.reason };
  }
}
