import type { FileProfile } from '../profile.ts';

/** The list of one agreement names no company: then the setting "client" does. */
export const connectwiseAdditions: FileProfile = {
  id: 'connectwise-additions',
  title: 'ConnectWise agreement additions',
  fileName: 'CONNECTWISE',
  known: 'column list of the Additions tab by a third party, read 2026-11-22',
  columns: {
    client: { names: ['Company', 'Company Name', 'Bill To Company'], optional: true },
    sku: { names: ['Product ID'] },
    skuName: { names: ['Description'] },
    quantity: { names: ['Quantity'] },
    lessIncluded: { names: ['Less Included'], optional: true },
    charge: { names: ['Bill'] },
    status: { names: ['Addition Status'] },
    unitCost: { names: ['Cost'], optional: true },
    effective: { names: ['Effective'] },
    cancelled: { names: ['Cancelled'] },
  },
  measures: [
    { basis: 'billable', of: 'quantity', less: 'lessIncluded' },
    { basis: 'bought', of: 'quantity' },
  ],
  rows: [
    {
      role: 'charge',
      count: ['Billable', 'Yes', 'True', 'Bill'],
      leave: ['DoNotBill', 'NoCharge', 'No', 'False', 'Non-billable'],
    },
    {
      role: 'status',
      count: ['Active', 'Current', 'Open', ''],
      leave: ['Inactive', 'Cancelled', 'Canceled', 'Expired', 'Future', 'Pending', 'Closed'],
    },
  ],
};
