/** What the provider sells, what it costs, and which vendor SKU stands behind it. */
import type { SampleService, SampleSku } from './model.ts';
import { uuidFrom } from './random.ts';

interface Row {
  readonly id: string;
  readonly name: string;
  readonly heading: string | null;
  readonly aliases: readonly string[];
  readonly basis: SampleService['basis'];
  readonly unit: SampleService['unit'];
  readonly price: string;
  readonly source: SampleService['source'];
}

/** Prices of the sheet, in the order of its columns. */
const ROWS: readonly Row[] = [
  { id: 'WS', name: 'Managed workstation', heading: 'Workstations', aliases: ['Workstation'], basis: 'active', unit: 'device', price: '65', source: 'ninjaone' },
  { id: 'SRV', name: 'Managed server', heading: 'Servers', aliases: ['Server'], basis: 'active', unit: 'device', price: '185', source: 'ninjaone' },
  { id: 'EDR', name: 'Cyber protection', heading: 'EDR agents', aliases: ['Endpoint protection'], basis: 'active', unit: 'agent', price: '12', source: 'huntress' },
  { id: 'FW', name: 'Firewall management', heading: 'Firewalls', aliases: ['Firewall'], basis: 'active', unit: 'device', price: '75', source: 'ninjaone' },
  { id: 'M365BB', name: 'Microsoft 365 Business Basic', heading: 'M365 Basic', aliases: ['Business Basic'], basis: 'bought', unit: 'licence', price: '7', source: 'pax8' },
  { id: 'M365BS', name: 'Microsoft 365 Business Standard', heading: 'M365 Standard', aliases: ['Business Standard', 'Microsoft 365 Business Std.'], basis: 'bought', unit: 'licence', price: '14', source: 'pax8' },
  { id: 'M365BP', name: 'Microsoft 365 Business Premium', heading: 'M365 Premium', aliases: ['Business Premium'], basis: 'bought', unit: 'licence', price: '22', source: 'pax8' },
  { id: 'M365E3', name: 'Microsoft 365 E3', heading: 'M365 E3', aliases: [], basis: 'bought', unit: 'licence', price: '39', source: 'pax8' },
  { id: 'MAIL', name: 'E-mail security', heading: 'Mail filter', aliases: ['Email security'], basis: 'bought', unit: 'licence', price: '3', source: 'pax8' },
  { id: 'BKP', name: 'M365 backup', heading: 'Cloud backup', aliases: ['Microsoft 365 backup'], basis: 'bought', unit: 'licence', price: '4', source: 'pax8' },
  { id: 'SITE', name: 'Site fee', heading: 'Sites', aliases: [], basis: 'billable', unit: 'other', price: '250', source: null },
  { id: 'USR', name: 'Per-user all-in', heading: 'All-in users', aliases: ['All-in seat'], basis: 'billable', unit: 'licence', price: '185', source: null },
  { id: 'FLAT', name: 'Flat managed services', heading: 'Flat fee', aliases: [], basis: 'billable', unit: 'other', price: '450', source: null },
  { id: 'LABOR', name: 'Hourly labor', heading: null, aliases: ['Labor', 'T&M'], basis: 'billable', unit: 'hour', price: '150', source: null },
  { id: 'HW', name: 'Hardware', heading: null, aliases: ['Equipment'], basis: 'billable', unit: 'other', price: '0', source: null },
  { id: 'ADJ', name: 'Agreed adjustment', heading: null, aliases: ['Adjustment'], basis: 'billable', unit: 'other', price: '0', source: null },
]; // prettier-ignore

/** What was charged before Microsoft's change of list prices on 1 July 2026 (read 2026-11-21). */
export const OLD_PRICES: Readonly<Record<string, string>> = {
  M365BB: '6',
  M365BS: '12.5',
  M365E3: '36',
};
export const PRICE_CHANGE = '2026-07';

const itemId = (index: number): string =>
  `800001${(index + 1).toString(16).padStart(2, '0').toUpperCase()}-1730100000`;

export const SERVICES: readonly SampleService[] = [
  ...ROWS.map(({ price, ...row }, index) => ({
    ...row,
    members: [],
    item: { id: itemId(index), name: row.name.slice(0, 31), description: row.name, price },
  })),
  {
    id: 'M365',
    name: 'Microsoft 365',
    basis: 'bought',
    unit: 'licence',
    members: ['M365BB', 'M365BS', 'M365BP', 'M365E3'],
    aliases: ['M365', 'Office 365'],
    item: null,
    heading: null,
    source: 'pax8',
  },
];

export function priceOf(serviceId: string, period: string): string {
  const old = period < PRICE_CHANGE ? OLD_PRICES[serviceId] : undefined;
  return old ?? SERVICES.find((service) => service.id === serviceId)?.item?.price ?? '0';
}

/** Money in whole cents: the sample's prices have at most two decimals and its counts are whole. */
export function amountOf(quantity: number, price: string): string {
  return centsToText(quantity * toCents(price));
}

export const toCents = (text: string): number => {
  const [whole = '0', fraction = ''] = text.split('.');
  return Number(whole) * 100 + Number(fraction.padEnd(2, '0'));
};

export const centsToText = (cents: number): string =>
  `${String(Math.floor(cents / 100))}.${String(cents % 100).padStart(2, '0')}`;

export interface Product {
  readonly id: string;
  readonly name: string;
  readonly vendorSkuId: string;
  readonly serviceId: string | null;
  readonly cost: number;
  readonly price: number;
}

const product = (
  vendorSkuId: string,
  name: string,
  serviceId: string | null,
  cost: number,
  price: number,
): Product => ({
  id: uuidFrom(`product ${vendorSkuId}`),
  name,
  vendorSkuId,
  serviceId,
  cost,
  price,
});

/** The distributor's products. Standard is what old price lists called Business Premium. */
export const PRODUCTS: readonly Product[] = [
  product(
    'CFQ7TTC0LH18:0001',
    'Microsoft 365 Business Basic [New Commerce Experience]',
    'M365BB',
    5.6,
    7,
  ),
  product(
    'CFQ7TTC0LDPB:0001',
    'Microsoft 365 Business Standard [New Commerce Experience]',
    'M365BS',
    11.2,
    14,
  ),
  product(
    'CFQ7TTC0LCHC:0002',
    'Microsoft 365 Business Premium [New Commerce Experience]',
    'M365BP',
    17.6,
    22,
  ),
  product(
    'CFQ7TTC0LFLX:0001',
    'Microsoft 365 E3 (no Teams) [New Commerce Experience]',
    'M365E3',
    31.2,
    39,
  ),
  product('MAILWARD-ADV', 'Mailward Advanced Protection', 'MAIL', 1.9, 3),
  product('VAULTLINE-M365', 'Vaultline Cloud Backup for Microsoft 365', 'BKP', 2.2, 4),
  product('CFQ7TTC0H6LF:0002', 'Microsoft Fabric (Free)', null, 0, 0),
];

/** Classes of nodes; those answered null were looked at once and are never billed. */
export const NODE_CLASSES: Readonly<Record<string, string | null>> = {
  WINDOWS_WORKSTATION: 'WS',
  MAC: 'WS',
  LINUX_WORKSTATION: 'WS',
  WINDOWS_SERVER: 'SRV',
  LINUX_SERVER: 'SRV',
  NMS_FIREWALL: 'FW',
  NMS_SWITCH: null,
  NMS_PRINTER: null,
  VMWARE_VM_HOST: null,
};

export const SKUS: readonly SampleSku[] = [
  ...Object.entries(NODE_CLASSES).map(([sku, serviceId]) => ({
    source: 'ninjaone' as const, sku, name: sku, serviceId,
  })),
  ...PRODUCTS.map(({ id, name, serviceId }) => ({
    source: 'pax8' as const, sku: id, name, serviceId,
  })),
  { source: 'huntress', sku: 'agents', name: 'Endpoint agents', serviceId: 'EDR' },
]; // prettier-ignore
