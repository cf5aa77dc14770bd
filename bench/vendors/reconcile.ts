// The exports, imported as the relay imports them, against the truth tables of their folder.
import { parsePeriod, type BillingPeriod } from '../../src/core/billing-period.ts';
import { AppError } from '../../src/core/errors.ts';
import {
  absoluteAmount, addQuantities, lineAmount, negateQuantity, parseAmount, parseCurrency, parseQuantity, parseUnitPrice, subtractAmounts, sumAmounts,
  type Amount, type Quantity,
} from '../../src/core/money.ts'; // prettier-ignore
import { readImport, type Import } from '../../src/relay/sources/import-file/read-import.ts';
import { EXPORTS, openFolder, type Folder, type Row } from './folder.ts';
import { linkAll, type Links, type Score } from './links.ts';

/** Differences that are somebody's mistake, by the folder's README; the others are intended or explained. */
const MISTAKES = ['under_billed', 'over_billed', 'licence_change', 'real_jump', 'unbilled_service'];
const USD = parseCurrency('USD');

export interface Reconciliation {
  readonly accounts: Score;
  readonly skus: Score;
  /** Rows of the truth with a vendor's count. */
  readonly expected: number;
  readonly right: number;
  readonly rightRaw: number;
  readonly wrong: readonly string[];
  /** Tenants' licences against the distributor's, counted twice over. */
  readonly second: { readonly expected: number; readonly right: number };
  readonly discrepancy: Discrepancy;
  readonly doubled: Found;
  readonly drops: Found;
}

export interface Discrepancy {
  readonly found: Amount;
  readonly truth: Amount;
  /** Line by line, so that one too much does not make up for one too little. */
  readonly missed: Amount;
}

/** Lines of one kind: in the truth, found, and found where the truth says another kind. */
export interface Found {
  readonly expected: number;
  readonly found: number;
  readonly wrong: number;
}

interface Counted {
  readonly quantity: Map<string, Quantity>;
  /** As exported, each listing of a device counted. */
  readonly raw: Map<string, Quantity>;
}

export async function reconcile(path: string): Promise<Reconciliation> {
  const folder = openFolder(path);
  const links = linkAll(folder);
  const period = periodOf(folder);
  const counted = newCounted();
  const tenants = newCounted();
  for (const [source, name] of EXPORTS) {
    const read = await readImport({ path: folder.path(name) }, period);
    add(source === 'tenant' ? tenants : counted, source, read, links);
  }
  const rows = folder.reconciliation.filter((row) => row['vendor_count'] !== '');
  const wrong = rows.filter((row) => !isEqual(counted.quantity.get(keyOf(row)), row['vendor_count']));
  const rightRaw = rows.filter((row) => isEqual(counted.raw.get(keyOf(row)), row['vendor_count_raw']));
  return {
    accounts: links.accounts,
    skus: links.skus,
    expected: rows.length,
    right: rows.length - wrong.length,
    rightRaw: rightRaw.length,
    wrong: wrong.map((row) => describe(row, counted)),
    second: compareTenants(rows, tenants),
    discrepancy: sumDiscrepancy(rows, counted),
    doubled: findKind(rows, 'vendor_double_count', (row) => isDoubled(row, counted)),
    drops: findKind(rows, 'vendor_drop_to_zero', (row) => isDropped(row, counted)),
  };
} // prettier-ignore

/** The month of the distributor's invoice: the only export that says which month it is of. */
function periodOf({ invoice }: Folder): BillingPeriod {
  const months = new Set(invoice.map((row) => (row['Period End'] ?? '').slice(0, 7)));
  const [month = '', other] = months;
  if (other === undefined) return parsePeriod(month);
  const words = `distributor_invoice.csv is of ${month} and ${other} (column "Period End").`;
  throw new AppError('INPUT_INVALID', words);
}

const newCounted = (): Counted => ({ quantity: new Map(), raw: new Map() });

const keyOf = (row: Row): string => `${row['client_id'] ?? ''} ${row['service_id'] ?? ''}`;

function add(to: Counted, source: string, read: Import, links: Links): void {
  const extra = new Map(
    read.doubled.map(({ clientRef, sku, rows, counted }) => [`${clientRef}\n${sku}`, rows - counted]),
  );
  for (const count of read.counts.filter(({ basis }) => basis !== 'assigned')) {
    const client = links.client(source, count.clientName);
    const service = links.service(source, count);
    if (client === null || service === null) continue;
    const key = `${client} ${service}`;
    const more = parseQuantity(String(extra.get(`${count.clientRef}\n${count.sku}`) ?? 0));
    to.quantity.set(key, addQuantities([to.quantity.get(key) ?? parseQuantity('0'), count.quantity]));
    to.raw.set(key, addQuantities([to.raw.get(key) ?? parseQuantity('0'), count.quantity, more]));
  }
} // prettier-ignore

const isEqual = (found: Quantity | undefined, truth: string | undefined): boolean =>
  found !== undefined && truth !== undefined && found === parseQuantity(truth);

const describe = (row: Row, counted: Counted): string =>
  `${keyOf(row)}: ${counted.quantity.get(keyOf(row)) ?? 'no count'}, not ${row['vendor_count'] ?? ''}`;

/** The client's own price times what the vendor counts more or less than the draft bills. */
function sumDiscrepancy(rows: readonly Row[], counted: Counted): Discrepancy {
  const lines = rows
    .filter((row) => MISTAKES.includes(row['kind'] ?? ''))
    .map((row) => {
      const draft = parseQuantity(row['this_month_draft'] || '0');
      const quantity = counted.quantity.get(keyOf(row)) ?? draft;
      const difference = addQuantities([quantity, negateQuantity(draft)]);
      const found = lineAmount(difference, parseUnitPrice(row['unit_price'] ?? ''), USD);
      const truth = parseAmount(row['dollar_impact'] ?? '', USD);
      return { found, truth, missed: absoluteAmount(subtractAmounts(found, truth, USD)) };
    });
  const sum = (of: keyof Discrepancy): Amount =>
    sumAmounts(
      lines.map((line) => line[of]),
      USD,
    );
  return { found: sum('found'), truth: sum('truth'), missed: sum('missed') };
}

const isDoubled = (row: Row, { quantity, raw }: Counted): boolean =>
  raw.get(keyOf(row)) !== quantity.get(keyOf(row));

/** To nothing, from something billed last month. */
const isDropped = (row: Row, { quantity }: Counted): boolean =>
  quantity.get(keyOf(row)) === '0' && parseQuantity(row['last_month_billed'] || '0') !== '0';

function findKind(rows: readonly Row[], kind: string, isFound: (row: Row) => boolean): Found {
  const found = rows.filter(isFound);
  const hits = found.filter((row) => row['kind'] === kind).length;
  return {
    expected: rows.filter((row) => row['kind'] === kind).length,
    found: hits,
    wrong: found.length - hits,
  };
}

/** Where a client's tenant is listed, its licences are those on the invoice. */
function compareTenants(rows: readonly Row[], tenants: Counted): Reconciliation['second'] {
  const both = rows.filter((row) => tenants.quantity.has(keyOf(row)));
  const right = both.filter((row) => isEqual(tenants.quantity.get(keyOf(row)), row['vendor_count']));
  return { expected: both.length, right: right.length };
} // prettier-ignore
