import type { FileProfile } from '../profile.ts';

export const partnerCenterLegacy: FileProfile = {
  id: 'partner-center-legacy',
  title: 'Partner Center reconciliation, legacy licences',
  fileName: 'PARTNER-CENTER-LEGACY',
  known: 'Microsoft documentation of the reconciliation file, read 2026-11-22',
  columns: {
    client: { names: ['CustomerName'] },
    clientRef: { names: ['CustomerId'] },
    sku: { names: ['OfferId', 'DurableOfferId'] },
    skuName: { names: ['OfferName'] },
    quantity: { names: ['Quantity'] },
    charge: { names: ['ChargeType'] },
    subscription: { names: ['SubscriptionId'] },
    unitCost: { names: ['UnitPrice'], optional: true },
    start: { names: ['ChargeStartDate'] },
    end: { names: ['ChargeEndDate'] },
  },
  without: ['BillableQuantity'],
  measures: [{ basis: 'bought', of: 'quantity' }],
  rows: [
    {
      role: 'charge',
      count: ['Cycle fee', 'Purchase fee', 'Renew fee', 'New', 'Renew'],
      leave: [
        'Activation fee', 'Cancel fee', 'Cancel instance prorate', 'Cycle instance prorate',
        'Prorate fees when cancel', 'Prorate fees when convert away from current offering',
        'Prorate fees when convert to a new offering', 'Prorate fees when purchase',
        'Prorate fees when renew', 'Proration', 'Prorate', 'Credit', 'Refund', 'One-time refund',
        'Offset line item', 'Adjustment', 'Cancel', 'Convert', 'Usage',
      ],
    },
  ], // prettier-ignore
  newest: 'subscription',
  numbers: 'en',
  days: 'mdy',
};
