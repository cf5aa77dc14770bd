/** What Datto RMM shows of the sample world, with what it lists and does not manage. */
import type { SampleDevice, SampleVendors } from '../../sample/model.ts';
import { uuidFrom } from '../../sample/random.ts';
import { kindOf, operatingSystemOf, type MachineKind } from './machines.ts';

export type Row = Readonly<Record<string, unknown>>;
export interface Played {
  readonly sites: readonly Row[];
  readonly devices: readonly Row[];
}

const ACCOUNT_UID = 'sample0001';
const CATEGORIES: Readonly<Record<MachineKind, readonly [string, string]>> = {
  desktop: ['Desktop', 'Mini Tower'],
  laptop: ['Laptop', 'Notebook'],
  server: ['Server', 'Main System Chassis'],
  host: ['ESXi Host', 'ESXi Host'],
  network: ['Network Device', 'Router'],
};
/** A site without management, and the one where Datto keeps what was deleted. */
const ON_DEMAND = { id: 901, name: 'Walk-in repairs' };
const DELETED = { id: 902, name: 'Deleted Devices' };
const ON_DEMAND_DEVICES = 7;
/** Every ninth machine was replaced, and the old one is still listed as deleted. */
const REPLACED_EVERY = 9;

export function playedFrom({ ninjaone }: SampleVendors): Played {
  const names = new Map(ninjaone.organisations.map(({ id, name }) => [id, name]));
  const living = ninjaone.devices.map((device) => toDevice(device, names));
  const replaced = ninjaone.devices
    .filter(({ id }) => id % REPLACED_EVERY === 0)
    .map((device) => ({ ...toDevice(device, names), ...oldSelf(device), deleted: true }));
  const walkIn = ninjaone.devices.slice(0, ON_DEMAND_DEVICES).map((device, index) => ({
    ...toDevice({ ...device, approved: true }, names),
    ...atSite(ON_DEMAND),
    id: 800_000 + index,
    uid: uuidFrom(`datto walk-in ${String(index)}`),
    hostname: `WALKIN-${String(index)}`,
  }));
  const devices = [...living, ...replaced, ...walkIn];
  const sites = [...ninjaone.organisations, ON_DEMAND, DELETED];
  return { devices, sites: sites.map((one) => toSite(one, devices)) };
}

/** Half of the old machines stay where they were; the others are moved to the site of the deleted. */
const oldSelf = ({ id }: SampleDevice): Row => ({
  id: id + 500_000,
  uid: uuidFrom(`datto old device ${String(id)}`),
  ...(id % 2 === 0 ? atSite(DELETED) : {}),
});

const siteUid = (id: number): string => uuidFrom(`datto site ${String(id)}`);

const atSite = ({ id, name }: { readonly id: number; readonly name: string }): Row => ({
  siteId: id,
  siteUid: siteUid(id),
  siteName: name,
});

/** What waits for approval elsewhere is suspended here: listed, and not managed. */
function toDevice(device: SampleDevice, names: ReadonlyMap<number, string>): Row {
  const [category, type] = CATEGORIES[kindOf(device)];
  const { organisationId: id } = device;
  return {
    id: device.id,
    uid: device.uid,
    ...atSite({ id, name: names.get(id) ?? '' }),
    deviceType: { category, type },
    hostname: device.systemName,
    operatingSystem: operatingSystemOf(device),
    online: !device.offline,
    suspended: !device.approved,
    deleted: false,
    deviceClass: category === 'ESXi Host' ? 'esxihost' : 'device',
    creationDate: `${device.since}T08:00:00Z`,
    snmpEnabled: category === 'Network Device',
    rebootRequired: false,
  };
}

function toSite({ id, name }: { readonly id: number; readonly name: string }, devices: readonly Row[]): Row {
  const own = devices.filter((row) => row['siteId'] === id);
  const online = own.filter((row) => row['online'] === true).length;
  return {
    id,
    uid: siteUid(id),
    accountUid: ACCOUNT_UID,
    name,
    onDemand: id === ON_DEMAND.id,
    splashtopAutoInstall: false,
    devicesStatus: {
      numberOfDevices: own.length,
      numberOfOnlineDevices: online,
      numberOfOfflineDevices: own.length - online,
    },
  };
} // prettier-ignore

export const account = ({ devices }: Played): Row => ({
  id: 1,
  uid: ACCOUNT_UID,
  name: 'Alder Street IT',
  currency: 'USD',
  devicesStatus: { numberOfDevices: devices.length },
});
