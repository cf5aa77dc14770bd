/**
 * What a person had to confirm in the months before: spellings that are more than a matter of
 * case, punctuation or legal form, and accounts and SKUs that are never billed.
 */
import { customerId } from './billed.ts';
import { SKUS } from './catalogue.ts';
import { CLIENTS, type ClientFacts } from './clients.ts';
import { huntressId, huntressNames, OWN_HUNTRESS } from './huntress-view.ts';
import type { SampleMapping, SampleSource } from './model.ts';
import { organisationId, organisationNames, OWN_ORGANISATIONS } from './ninjaone-view.ts';
import { companiesOf, OWN_COMPANY } from './pax8-view.ts';

interface Account {
  readonly source: SampleSource;
  readonly ref: string;
  readonly name: string;
}

const LEGAL_FORM = /\b(llc|inc|llp|l l p|ltd|co|gmbh|pc)$/;

export function confirmedMappings(): SampleMapping[] {
  return [...neverBilled(), ...CLIENTS.flatMap(confirmedOf)];
}

function neverBilled(): SampleMapping[] {
  const accounts: Account[] = [
    ...OWN_ORGANISATIONS.map(({ id, name }) => ({
      source: 'ninjaone' as const,
      ref: String(id),
      name,
    })),
    { source: 'pax8', ref: OWN_COMPANY.id, name: OWN_COMPANY.name },
    ...OWN_HUNTRESS.map(({ id, name }) => ({ source: 'huntress' as const, ref: String(id), name })),
  ];
  const skus = SKUS.filter(({ serviceId }) => serviceId === null);
  return [
    ...accounts.map((account) => ({ ...account, kind: 'client' as const, target: null })),
    ...skus.map(({ source, sku, name }) => ({
      source, kind: 'service' as const, ref: sku, name, target: null,
    })),
  ]; // prettier-ignore
}

function confirmedOf(client: ClientFacts): SampleMapping[] {
  const isPlain = plainKey(client.name);
  return accountsOf(client)
    .filter(({ name }) => plainKey(name) !== isPlain || /[\\@(]|&amp;/.test(name))
    .map((account) => ({ ...account, kind: 'client', target: customerId(client.code) }));
}

function accountsOf(client: ClientFacts): Account[] {
  const ninjaone = organisationNames(client).map((name) => ({
    source: 'ninjaone' as const,
    ref: String(organisationId(client.code)),
    name,
  }));
  const huntress = huntressNames(client).map((name) => ({
    source: 'huntress' as const,
    ref: String(huntressId(client.code)),
    name,
  }));
  const pax8 = companiesOf(client).map(({ id, name }) => ({
    source: 'pax8' as const,
    ref: id,
    name,
  }));
  return [...ninjaone, ...pax8, ...huntress];
}

/** What any careful matcher makes equal by itself: case, accents' form, punctuation, legal form. */
function plainKey(name: string): string {
  const words = name
    .normalize('NFC')
    .toLowerCase()
    .replace(/&/g, ' and ')
    .replace(/['’]/g, '')
    .replace(/[.,-]/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  return words.replace(LEGAL_FORM, '').trim();
}
