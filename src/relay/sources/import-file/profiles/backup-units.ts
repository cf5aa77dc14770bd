import type { FileProfile } from '../profile.ts';
import { CLIENT_NAMES, PRODUCT_NAMES, SKU_NAMES } from './names.ts';

export const backupUnits: FileProfile = {
  id: 'backup-units',
  title: 'Backup units by client',
  fileName: 'BACKUP',
  known: 'common headings of backup exports; set "columns" for others',
  columns: {
    client: { names: CLIENT_NAMES },
    sku: { names: [...SKU_NAMES, ...PRODUCT_NAMES] },
    skuName: { names: PRODUCT_NAMES, optional: true },
    quantity: { names: ['Protected Units', 'Protected Devices', 'Protected Seats', 'Protected Users'] },
    asOf: { names: ['Report Date', 'As Of', 'Date'], optional: true },
  },
  measures: [{ basis: 'active', of: 'quantity' }],
}; // prettier-ignore
