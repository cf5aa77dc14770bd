/** What the relay's configuration says about the sample: services, SKUs, where the vendors are. */
import { SERVICES, SKUS } from './catalogue.ts';
import type { SampleSource } from './model.ts';

/** What the stand-ins accept; invented and worth nothing anywhere else. */
export const CREDENTIALS = {
  ninjaone: { clientId: 'sample-ninja-client', clientSecret: 'sample-ninja-secret' },
  pax8: { clientId: 'sample-pax8-client', clientSecret: 'sample-pax8-secret' },
  huntress: { apiKey: 'sample-huntress-key', apiSecret: 'sample-huntress-secret' },
  conductor: { apiKey: 'sk_conductor_sample_books', endUserId: 'end_usr_aldersample01' },
} as const;

const LATE_AFTER_HOURS = 24;

export interface SampleConnection {
  readonly id: SampleSource;
  readonly adapter: SampleSource;
  readonly title: string;
  readonly settings: Readonly<Record<string, string>>;
  readonly services: Readonly<Record<string, string>>;
}

export interface SampleConfig {
  readonly profile: 'sample';
  readonly currency: 'USD';
  readonly timeZone: string;
  readonly lateAfterHours: number;
  readonly connections: readonly SampleConnection[];
  readonly services: readonly SampleServiceConfig[];
}

export interface SampleServiceConfig {
  readonly id: string;
  readonly name: string;
  readonly basis: string;
  readonly unit: string;
  readonly members: readonly string[];
  readonly aliases: readonly string[];
  /** Name of the item in the books; absent for a group. */
  readonly item?: string;
}

/** Everything but the books and the pages, for stand-ins that listen at this address. */
export function sampleConfig(standIns: string): SampleConfig {
  return {
    profile: 'sample',
    currency: 'USD',
    timeZone: 'America/Chicago',
    lateAfterHours: LATE_AFTER_HOURS,
    connections: [
      connection('ninjaone', 'NinjaOne', `${standIns}/ninjaone`),
      connection('pax8', 'Pax8', `${standIns}/pax8/v1`),
      connection('huntress', 'Huntress', `${standIns}/huntress`),
    ],
    services: SERVICES.map(({ id, name, basis, unit, members, aliases, heading, item }) => ({
      id,
      name,
      basis,
      unit,
      members,
      aliases: heading ? [...new Set([heading, ...aliases])] : aliases,
      ...(item ? { item: item.name } : {}),
    })),
  };
}

/** Where the books' stand-in listens and what it accepts. */
export const sampleBooks = (
  standIns: string,
): { readonly baseUrl: string; readonly apiKey: string; readonly endUserId: string } => ({
  baseUrl: `${standIns}/conductor/v1`,
  ...CREDENTIALS.conductor,
});

function connection(id: SampleSource, title: string, baseUrl: string): SampleConnection {
  const billed = SKUS.filter(({ source, serviceId }) => source === id && serviceId !== null);
  return {
    id,
    adapter: id,
    title,
    settings: { baseUrl, ...CREDENTIALS[id] },
    services: Object.fromEntries(billed.map(({ sku, serviceId }) => [sku, serviceId ?? ''])),
  };
}
