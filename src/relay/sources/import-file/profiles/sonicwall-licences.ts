import type { FileProfile } from '../profile.ts';

export const sonicwallLicences: FileProfile = {
  id: 'sonicwall-licences',
  title: 'SonicWall MSSP monthly licence report',
  fileName: 'SONICWALL',
  known: 'column list of the MySonicWall page, read 2026-11-22; no file of a tenant was seen',
  columns: {
    client: { names: ['Tenant'] },
    sku: { names: ['SKU#'] },
    skuName: { names: ['SKU Description', 'Service'] },
    quantity: { names: ['Billed Quantity'] },
    month: { names: ['Billing Month'] },
  },
  measures: [{ basis: 'billable', of: 'quantity' }],
};
