/** Rules between the keys of the configuration, each with its key and what to do. */
import type { Profile, ServiceConfig } from './config-schema.ts';

interface Checked {
  readonly profile: Profile;
  readonly twoPersons: boolean;
  readonly connections: readonly {
    readonly id: string;
    readonly settings: Record<string, unknown>;
    readonly services: Record<string, string>;
  }[];
  readonly books: { readonly id: string; readonly settings: Record<string, unknown> };
  readonly services: readonly ServiceConfig[];
  readonly lab?: Readonly<Record<string, unknown>> | undefined;
}

const LOOPBACK = new Set(['127.0.0.1', 'localhost', '[::1]']);

/** Also the name of mappings of the sheet's own spellings, so no connection may be called so. */
export const SHEET_SOURCE = 'sheet';

export function ruleTroubles(config: Checked): string[] {
  return [
    ...profileTroubles(config),
    ...idTroubles(config),
    ...serviceTroubles(config.services),
    ...config.connections.flatMap((connection, index) => [
      ...skuTroubles(connection.services, `connections.${String(index)}.services`, config.services),
      ...addressTroubles(
        connection.settings,
        `connections.${String(index)}.settings`,
        config.profile,
      ),
    ]),
    ...addressTroubles(config.books.settings, 'books.settings', config.profile),
    ...labTroubles(config),
  ];
}

function profileTroubles({ profile }: Checked): string[] {
  if (profile !== 'team') return [];
  return ['profile: "team" (sign-in, roles, PostgreSQL) comes later. Use "local" or "sample".'];
}

function labTroubles({ profile, lab }: Checked): string[] {
  if (!lab) return [];
  if (profile !== 'lab') return ['lab: is for the lab profile only. Remove it.'];
  return addressTroubles(lab, 'lab', profile);
}

function idTroubles({ connections, books, services }: Checked): string[] {
  const ids = [...connections.map(({ id }) => id), books.id];
  const taken = (id: string, index: number): boolean => ids.indexOf(id) !== index;
  return [
    ...connections.flatMap(({ id }, index) => {
      const key = `connections.${String(index)}.id`;
      if (id === SHEET_SOURCE)
        return [`${key}: "sheet" means the sheet itself. Choose another id.`];
      return taken(id, index) ? [`${key}: "${id}" is used twice. Give each its own id.`] : [];
    }),
    ...(taken(books.id, ids.length - 1)
      ? [`books.id: "${books.id}" is the id of a connection too. Give each its own id.`]
      : []),
    ...services.flatMap(({ id }, index) =>
      services.findIndex((other) => other.id === id) === index
        ? []
        : [`services.${String(index)}.id: "${id}" is used twice. Give each its own id.`],
    ),
  ];
}

function serviceTroubles(services: readonly ServiceConfig[]): string[] {
  const byId = new Map(services.map((service) => [service.id, service]));
  return services.flatMap((service, index) => {
    const key = `services.${String(index)}`;
    const bundled = bundleTroubles(service, byId, key);
    if (bundled.length > 0) return bundled;
    if (service.members.length === 0) {
      return service.item
        ? []
        : [`${key}.item: "${service.id}" has no item in the books. Name it.`];
    }
    return [
      ...(service.item ? [`${key}.item: a group is never billed. Remove the item.`] : []),
      ...service.members.flatMap((member) => memberTrouble(byId.get(member), member, key)),
    ];
  });
}

/** A bundle counts services of their own; it is no group and no bundle of bundles. */
function bundleTroubles(
  service: ServiceConfig,
  byId: ReadonlyMap<string, ServiceConfig>,
  key: string,
): string[] {
  if (service.bundle.length === 0) return [];
  if (service.members.length > 0) {
    return [`${key}.bundle: "${service.id}" is a group already. Keep one of the two.`];
  }
  return service.bundle.flatMap((id) => {
    const counted = byId.get(id);
    if (!counted) {
      return [`${key}.bundle: there is no service "${id}". Add it or remove it here.`];
    }
    const isPlain = counted.members.length === 0 && counted.bundle.length === 0;
    return isPlain ? [] : [`${key}.bundle: "${id}" is a group or bundle. Name what it counts.`];
  });
}

function memberTrouble(member: ServiceConfig | undefined, id: string, key: string): string[] {
  if (!member) return [`${key}.members: there is no service "${id}". Add it or remove it here.`];
  return member.members.length > 0
    ? [`${key}.members: "${id}" is a group itself. Name its members instead.`]
    : [];
}

function skuTroubles(
  skus: Record<string, string>,
  key: string,
  services: readonly ServiceConfig[],
): string[] {
  return Object.entries(skus).flatMap(([sku, id]) => {
    const service = services.find((each) => each.id === id);
    if (!service) return [`${key}.${sku}: there is no service "${id}". Correct the id.`];
    return service.members.length > 0
      ? [`${key}.${sku}: "${id}" is a group. Name one of its members.`]
      : [];
  });
}

/** Base addresses: a person chooses a region; a free address only ever means this machine. */
function addressTroubles(
  settings: Record<string, unknown>,
  key: string,
  profile: Profile,
): string[] {
  return Object.entries(settings)
    .filter(([name]) => /url$/i.test(name))
    .flatMap(([name, value]) => {
      const words = typeof value === 'string' ? addressTrouble(value, profile) : 'must be text';
      return words ? [`${key}.${name}: ${words}.`] : [];
    });
}

function addressTrouble(text: string, profile: Profile): string | null {
  if (profile !== 'sample' && profile !== 'lab') {
    return 'an address is accepted in the sample and lab profiles only. Remove it; the adapter knows its own';
  }
  const address = URL.parse(text);
  if (!address || !/^https?:$/.test(address.protocol)) {
    return 'is not an address. Write http://127.0.0.1:PORT';
  }
  if (address.username || address.password) {
    return 'carries a user or password. Remove them from the address';
  }
  if (!LOOPBACK.has(address.hostname)) {
    return `must be this machine (127.0.0.1), not ${address.hostname}. Real services belong to the local profile`;
  }
  return address.search || address.hash ? 'must end at its path. Remove what follows ? or #' : null;
}
