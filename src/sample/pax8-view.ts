/** What the licence distributor shows: companies and their subscriptions, month by month. */
import { mailboxes } from './billed.ts';
import { PRODUCTS, type Product } from './catalogue.ts';
import { CLIENTS, type ClientFacts } from './clients.ts';
import type { SampleCompany, SampleSubscription, SampleVariant } from './model.ts';
import { uuidFrom } from './random.ts';
import { allSeats, CURRENT, timelineOf, type Holding } from './timeline.ts';

export const OWN_COMPANY: SampleCompany = {
  id: uuidFrom('company Alder Street IT'),
  name: 'Alder Street IT',
};
/** Turned up in October; nobody knows yet whose it is. */
export const UNMAPPED_COMPANY: SampleCompany = {
  id: uuidFrom('company Brightwater Pediatrics'),
  name: 'Brightwater Pediatrics',
};
const UNMAPPED_SEATS = 6;
const OWN_SEATS = 12;

/** The second Microsoft tenant of the client with two. */
const SECOND_TENANT_SEATS: Readonly<Record<string, number>> = { A1009: 9 };
/** Seats of one product under a yearly term beside the monthly ones: both count. */
const ANNUAL_SEATS: Readonly<Record<string, number>> = { A1032: 16 };
/** Cancelled for the end of the term and still billed until then. */
const PENDING_CANCEL_SEATS: Readonly<Record<string, number>> = { A1033: 3 };

type Piece = Pick<SampleSubscription, 'quantity' | 'status' | 'billingTerm'>;

export function companiesOf(client: ClientFacts): SampleCompany[] {
  const names = client.accounts?.pax8 ?? (client.seats ? [client.name] : []);
  return names.map((name, index) => ({
    id: uuidFrom(`company ${client.code} ${String(index)}`),
    name,
  }));
}

export function companies(variant: SampleVariant, month: number): SampleCompany[] {
  const own = CLIENTS.filter((client) => timelineOf(client, variant)[month]).flatMap(companiesOf);
  const isNew = variant === 'planted' && month === CURRENT;
  return [OWN_COMPANY, ...own, ...(isNew ? [UNMAPPED_COMPANY] : [])];
}

export function subscriptions(variant: SampleVariant, month: number): SampleSubscription[] {
  const own = CLIENTS.flatMap((client) => {
    const holding = timelineOf(client, variant)[month];
    return holding ? subscriptionsOf(client, holding) : [];
  });
  const isNew = variant === 'planted' && month === CURRENT;
  return [
    ...own,
    ...strays(),
    ...(isNew ? [whole(UNMAPPED_COMPANY, 'M365BP', UNMAPPED_SEATS)] : []),
  ];
}

function subscriptionsOf(client: ClientFacts, holding: Holding): SampleSubscription[] {
  const plans = holding.seats.flatMap(([plan, seats]) => ofProduct(client, productOf(plan), seats));
  const mail = ofProduct(client, productOf('MAIL'), mailboxes(client, holding));
  const backup = ofProduct(client, productOf('BKP'), client.backup ? allSeats(holding) : 0);
  return [...plans, ...mail, ...backup];
}

/** One product of one client: usually one subscription, sometimes two whose seats add up. */
function ofProduct(client: ClientFacts, product: Product, seats: number): SampleSubscription[] {
  const [first, second] = companiesOf(client);
  if (!first || seats === 0) return [];
  const elsewhere = second ? (SECOND_TENANT_SEATS[client.code] ?? 0) : 0;
  const own = split(client, product, seats - elsewhere);
  return [
    ...own.map((piece, index) => subscription(first, product, index, piece)),
    ...(second ? [subscription(second, product, 0, monthly(elsewhere))] : []),
  ];
}

function split(client: ClientFacts, product: Product, seats: number): Piece[] {
  const isPlan = client.seats?.some(([plan]) => plan === product.serviceId) ?? false;
  const annual = isPlan ? (ANNUAL_SEATS[client.code] ?? 0) : 0;
  const leaving = isPlan ? (PENDING_CANCEL_SEATS[client.code] ?? 0) : 0;
  const pieces: Piece[] = [
    monthly(seats - annual - leaving),
    { quantity: annual, status: 'Active', billingTerm: 'Annual' },
    { quantity: leaving, status: 'PendingCancel', billingTerm: 'Monthly' },
  ];
  return pieces.filter((piece) => piece.quantity > 0);
}

const monthly = (quantity: number): Piece => ({
  quantity,
  status: 'Active',
  billingTerm: 'Monthly',
});

/** What must not be counted: our own seats, a trial, a cancelled and a free subscription. */
function strays(): SampleSubscription[] {
  const companyOf = (code: string): SampleCompany => {
    const client = CLIENTS.find((candidate) => candidate.code === code);
    return (client && companiesOf(client)[0]) ?? OWN_COMPANY;
  };
  const trial: Piece = { quantity: 25, status: 'Trial', billingTerm: 'Trial' };
  const cancelled: Piece = { quantity: 6, status: 'Cancelled', billingTerm: 'Monthly' };
  return [
    whole(OWN_COMPANY, 'M365BP', OWN_SEATS),
    subscription(companyOf('A1014'), productOf('M365E3'), 7, trial),
    subscription(companyOf('A1022'), productOf('M365BB'), 7, cancelled),
    subscription(companyOf('00417'), productOf(null), 0, monthly(1)),
  ];
}

const whole = (company: SampleCompany, serviceId: string, seats: number): SampleSubscription =>
  subscription(company, productOf(serviceId), 0, monthly(seats));

function productOf(serviceId: string | null): Product {
  const product = PRODUCTS.find((candidate) => candidate.serviceId === serviceId);
  if (!product) throw new Error(`Broken promise: the distributor sells ${String(serviceId)}`);
  return product;
}

function subscription(
  company: SampleCompany, product: Product, index: number, piece: Piece,
): SampleSubscription {
  return {
    id: uuidFrom(`subscription ${company.id} ${product.id} ${String(index)}`),
    companyId: company.id,
    productId: product.id,
    productName: product.name,
    vendorSkuId: product.vendorSkuId,
    ...piece,
    price: product.price,
    partnerCost: product.cost,
    since: '2025-06-02',
  };
} // prettier-ignore
