// Headings and values that several kinds of file share.

export const CLIENT_NAMES = [
  'Client', 'Client Name', 'Customer', 'Customer Name', 'Company', 'Company Name', 'Organization',
  'Organization Name', 'Organisation', 'Organisation Name', 'Account', 'Account Name', 'Tenant',
  'Tenant Name', 'Site', 'Site Name', 'Kunde', 'Kundenname', 'Firma', 'Client final', 'Cliente',
] as const; // prettier-ignore

export const QUANTITY_NAMES = [
  'Quantity', 'Qty', 'Seats', 'Licenses', 'Licences', 'License Count', 'Licence Count', 'Units',
  'Users', 'Count', 'Menge', 'Anzahl', 'Quantité', 'Cantidad',
] as const; // prettier-ignore

export const SKU_NAMES = [
  'SKU', 'Code', 'Product Code', 'Item Code', 'Part Number', 'Product ID', 'Item', 'Artikelnummer',
] as const; // prettier-ignore

export const PRODUCT_NAMES = [
  'Product', 'Product Name', 'SKU Name', 'Service', 'Service Name', 'License', 'Licence',
  'Subscription', 'Description', 'Produkt', 'Artikel', 'Produit', 'Producto',
] as const; // prettier-ignore

/** A charge for the seats of a whole cycle. */
export const CYCLE_CHARGES = [
  'Cycle fee', 'Cycle charge', 'Recurring', 'Recurring fee', 'Recurring charge', 'Subscription',
  'Subscription fee', 'Monthly', 'Monthly fee', 'Renewal', 'Renew',
] as const; // prettier-ignore

/** Money that moves for a part of a cycle, back, or for no seat at all. */
export const MONEY_CHARGES = [
  'Proration', 'Prorate', 'Prorated', 'Prorated charge', 'Pro rata', 'Credit', 'Credit memo',
  'Refund', 'Re-charge', 'Recharge', 'Rebill', 'Adjustment', 'Discount', 'Promotion', 'Rebate',
  'One-time', 'One-time fee', 'Setup', 'Setup fee', 'Usage', 'Overage', 'Shipping', 'Tax',
  'Cancellation', 'Cancel fee', 'Late fee', 'Fee',
] as const; // prettier-ignore
