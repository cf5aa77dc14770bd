import { conductor } from '../../../src/relay/accounting/conductor.ts';
import { sampleBooks } from '../../../src/sample/config.ts';
import { plain } from '../../../src/sim/decimals.ts';
import { toDocument } from '../../../src/sim/conductor/shapes.ts';
import type { Reply } from '../replay-server.ts';
import type { BooksCase, Shape } from './case.ts';

const refusal = (status: number, change: Record<string, unknown> = {}): Reply => ({
  status,
  body: {
    error: {
      message: 'The object "x" has an invalid field.',
      userFacingMessage: 'QuickBooks refused the invoice.',
      type: 'INTEGRATION_ERROR',
      code: 'INTEGRATION_ERROR',
      httpStatusCode: status,
      integrationCode: '3140',
      requestId: 'req_1',
      ...change,
    },
  },
});

const said = (
  status: number,
  verdict: Shape['verdict'],
  change: Record<string, unknown> = {},
): Shape => ({
  what: `${String(status)} ${JSON.stringify(change)}`,
  reply: refusal(status, change),
  verdict,
});

export const conductorCase: BooksCase = {
  system: conductor,
  standIn: 'conductor',
  settings: (address) => sampleBooks(address),
  goneId: 'gone',
  create: { method: 'POST', path: '/quickbooks-desktop/invoices' },
  lookupPaths: ['/quickbooks-desktop/invoices'],
  truth: ({ standIns: { books } }) =>
    books.documents('invoice').map((row) => {
      const { id, customerId, refNumber, transactionDate, lines } = row;
      return {
        id,
        customerId,
        number: refNumber,
        date: transactionDate,
        subtotal: (toDocument(row, books, true) as unknown as { subtotal: string }).subtotal,
        lines: lines.map(({ quantity, amount }) => ({
          quantity: plain(quantity ?? 0),
          amount: amount ?? '',
        })),
      };
    }),
  deactivate({ standIns: { books } }, customerId) {
    const customer = books.customers().find(({ id }) => id === customerId);
    if (customer) books.write({ event: 'customer', value: { ...customer, isActive: false } });
  },
  shapes: [
    { what: '200 with the invoice', reply: { body: { id: 'x', objectType: 'qbd_invoice' } }, verdict: 'created' },
    { what: '200 without an id', reply: { body: { objectType: 'qbd_invoice' } }, verdict: 'unknown' },
    { what: '200 with another object', reply: { body: { id: 'x', objectType: 'qbd_customer' } }, verdict: 'unknown' },
    { what: '200 cut short', reply: { body: { id: 'x', objectType: 'qbd_invoice' }, cutAt: 12 }, verdict: 'unknown' },
    { what: '200 and broken JSON', reply: { body: '{"id":"x","objectType":"qbd_inv' }, verdict: 'unknown' },
    ...[400, 401, 403, 404, 422].flatMap((status) => [
      said(status, 'rejected'),
      said(status, 'rejected', { type: 'INVALID_REQUEST_ERROR', code: 'PARAMETER_INVALID' }),
      said(status, 'unknown', { type: 'SOMETHING_NEW' }),
      said(status, 'unknown', { httpStatusCode: 500 }),
    ]),
    said(400, 'unknown', { type: 'INTEGRATION_CONNECTION_ERROR' }),
    said(429, 'not sent'),
    ...[408, 409, 410, 500, 502, 503, 504].map((status) => said(status, 'unknown')),
  ],
  prelude: () => null,
}; // prettier-ignore
