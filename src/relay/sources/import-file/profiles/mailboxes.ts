import type { FileProfile } from '../profile.ts';
import { CLIENT_NAMES } from './names.ts';

/** Shared mailboxes are not counted. */
export const mailboxes: FileProfile = {
  id: 'mailboxes',
  title: 'Mailboxes by domain',
  fileName: 'MAIL',
  known: 'common headings of mail filter exports; set "columns" for others',
  columns: {
    client: { names: ['Primary Domain', 'Domain', 'Domain Name', ...CLIENT_NAMES] },
    quantity: { names: ['Active Mailboxes', 'Licensed Mailboxes', 'Protected Mailboxes', 'Mailboxes'] },
    asOf: { names: ['Report Date', 'As Of', 'Date'], optional: true },
  },
  sku: { id: 'mailboxes', name: 'Mailboxes' },
  measures: [{ basis: 'active', of: 'quantity' }],
}; // prettier-ignore
