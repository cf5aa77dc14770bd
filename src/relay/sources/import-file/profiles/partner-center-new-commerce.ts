import type { FileProfile } from '../profile.ts';

/** Quantity is the order's and stands in refund and re-charge alike; BillableQuantity is what is billed. */
export const partnerCenterNewCommerce: FileProfile = {
  id: 'partner-center-new-commerce',
  title: 'Partner Center reconciliation, new commerce',
  fileName: 'PARTNER-CENTER',
  known: 'Microsoft documentation of the reconciliation file, read 2026-11-22',
  columns: {
    client: { names: ['CustomerName'] },
    clientRef: { names: ['CustomerId'] },
    sku: { names: ['ProductId'] },
    skuPart: { names: ['SkuId'] },
    skuName: { names: ['SkuName', 'ProductName'] },
    quantity: { names: ['BillableQuantity'] },
    charge: { names: ['ChargeType'] },
    subscription: { names: ['SubscriptionId'] },
    unitCost: { names: ['EffectiveUnitPrice'], optional: true },
    start: { names: ['ChargeStartDate'] },
    end: { names: ['ChargeEndDate'] },
    meter: { names: ['MeterDescription'], optional: true },
    qualifier: { names: ['ProductQualifiers'], optional: true },
  },
  measures: [{ basis: 'bought', of: 'quantity' }],
  rows: [
    {
      role: 'charge',
      count: ['New', 'Renew', 'Cycle fee', 'CycleFee', 'CycleCharge', 'Purchase', 'PurchaseFee'],
      // Twice each: the refund of what was bought before, and the charge of what is bought now.
      leave: [
        'AddQuantity', 'RemoveQuantity', 'Refund', 'Recharge', 'Re-charge', 'Proration', 'Prorate',
        'Credit', 'CustomerCredit', 'PartnerCredit', 'Adjustment', 'Cancel', 'CancelImmediate',
        'CancelFee', 'Convert', 'Conversion', 'Transfer', 'Upgrade', 'Downgrade', 'Suspend',
        'Usage', 'Consumption', 'Cap', 'Rounding', 'Promotion', 'Tax', 'Late payment fee',
      ],
    },
  ], // prettier-ignore
  leaveWhere: [
    { role: 'meter', matches: /\S/ },
    { role: 'qualifier', matches: /trial/i },
  ],
  newest: 'subscription',
  numbers: 'en',
  days: 'mdy',
};
