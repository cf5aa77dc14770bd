/** Answers that a fault spoiled. */
import { answerJson, type SimAnswer } from './exchange.ts';
import type { Fault } from './faults.ts';

const LISTS = [
  'content',
  'data',
  'organizations',
  'agents',
  'sites',
  'devices',
  'endpoints',
  'value',
  'items',
  'arrTenants',
  'invoices',
  'actions',
  'tickets',
  'products',
  'Invoices',
  'CreditNotes',
  'Contacts',
  'Items',
  'TaxRates',
  '$items',
  'ia::result',
  'customers',
  'documents',
];
/** QuickBooks Online keeps its lists in here, and leaves an empty one out. */
const FRAME = 'QueryResponse';
const RENAMED: Readonly<Record<string, string>> = {
  id: 'identifier',
  quantity: 'qty',
  nodeClass: 'class',
  agents_count: 'agentCount',
  isActive: 'active',
  subtotal: 'sub_total',
  siteUid: 'siteGuid',
  companyID: 'accountID',
  hoursWorked: 'hours',
  timetaken: 'time_taken',
  endpointType: 'kind',
  Type: 'Kind',
  skuId: 'sku',
  serialNumber: 'serial',
  products: 'productList',
  totalTxnAmount: 'totalAmount',
};

const LOGIN_PAGE =
  '<!doctype html><html><head><title>Sign in</title></head><body>Sign in</body></html>';

export const loginPage = (): SimAnswer => ({
  status: 200,
  headers: { 'content-type': 'text/html; charset=utf-8' },
  body: LOGIN_PAGE,
});

export const statusAnswer = (fault: Fault): SimAnswer =>
  typeof fault.body === 'string'
    ? {
        status: fault.status ?? 500,
        headers: { 'content-type': 'text/plain', ...fault.headers },
        body: fault.body,
      }
    : answerJson(fault.status ?? 500, fault.body ?? { error: 'simulated' }, fault.headers);

export function emptied(answer: SimAnswer): SimAnswer {
  if (Array.isArray(answer.body)) return { ...answer, body: [] };
  const body = fieldsOf(answer.body);
  if (body && FRAME in body) return { ...answer, body: { ...body, [FRAME]: {} } };
  return { ...answer, body: mapLists(answer.body, () => []) };
}

export const renamed = (answer: SimAnswer): SimAnswer => ({ ...answer, body: rename(answer.body) });

function rename(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(rename);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, field]) => [RENAMED[name] ?? name, rename(field)]),
  );
}

/** The rows of one answer inside the frame of another. */
export function withRowsOf(frame: SimAnswer, rows: SimAnswer): SimAnswer {
  if (Array.isArray(rows.body)) return { ...frame, body: rows.body };
  const [own, other] = [fieldsOf(frame.body), fieldsOf(rows.body)];
  if (own && other && FRAME in own) {
    const startPosition = fieldsOf(own[FRAME])?.['startPosition'];
    const shown = { ...fieldsOf(other[FRAME]), startPosition };
    return { ...frame, body: { ...own, [FRAME]: shown } };
  }
  return { ...frame, body: mapLists(frame.body, (name) => other?.[name] ?? []) };
}

const fieldsOf = (value: unknown): Record<string, unknown> | null =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : null;

function mapLists(body: unknown, replace: (name: string) => unknown): unknown {
  if (typeof body !== 'object' || body === null) return body;
  return Object.fromEntries(
    Object.entries(body).map(([name, field]) => [
      name,
      LISTS.includes(name) && Array.isArray(field) ? replace(name) : field,
    ]),
  );
}

export function patched(answer: SimAnswer, set: Readonly<Record<string, unknown>>): SimAnswer {
  const body = structuredClone(answer.body);
  for (const [path, value] of Object.entries(set)) setAt(body, path.split('.'), value);
  return { ...answer, body };
}

function setAt(target: unknown, [name = '', ...rest]: readonly string[], value: unknown): void {
  if (typeof target !== 'object' || target === null) return;
  const fields = target as Record<string, unknown>;
  if (rest.length > 0) setAt(fields[name], rest, value);
  else fields[name] = value;
}
