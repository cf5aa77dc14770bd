/** What the remote monitoring tool shows: organisations and their nodes, month by month. */
import { CLIENTS, type ClientFacts } from './clients.ts';
import type { SampleDevice, SampleOrganisation, SampleVariant } from './model.ts';
import { randomFrom, uuidFrom, type Random } from './random.ts';
import { CURRENT, PERIODS, timelineOf } from './timeline.ts';

/** In October each laptop of this client is listed twice, after its agent was installed anew. */
export const DOUBLE_COUNT = { code: 'A1020', serviceId: 'WS' } as const;
/** In October the servers of this client are gone from the tool; nobody turned them off. */
export const DROP_TO_ZERO = { code: 'A1025', serviceId: 'SRV' } as const;

/** The provider's own machines and its test bench: answered "never billed" long ago. */
export const OWN_ORGANISATIONS: readonly SampleOrganisation[] = [
  { id: 11, name: 'Alder Street IT (internal)' },
  { id: 12, name: 'ZZ Test - Do Not Bill' },
];

const FIRST_ORGANISATION = 20;
const FIRST_DEVICE = 10_000;
const DEVICES_PER_CLIENT = 500;
const OWN_MACHINES = [6, 2];
/** Waiting for approval: listed, and not managed yet. */
const PENDING: Readonly<Record<string, number>> = { A1005: 2, '00417': 1 };
const LINUX: Readonly<Record<string, readonly [string, number]>> = {
  A1014: ['LINUX_WORKSTATION', 2],
  A1032: ['LINUX_SERVER', 2],
};
/** Things the tool watches on the side, in classes that are never billed. */
const BYSTANDERS: Readonly<Record<string, readonly string[]>> = {
  A1025: ['NMS_SWITCH', 'NMS_SWITCH', 'NMS_PRINTER'],
  A1032: ['NMS_SWITCH', 'NMS_SWITCH', 'NMS_SWITCH', 'NMS_PRINTER', 'VMWARE_VM_HOST'],
};

interface Life {
  readonly device: SampleDevice;
  readonly from: number;
  until: number;
}

type Role = 'workstations' | 'servers' | 'firewalls';
const CLASSES: Readonly<Record<Role, string>> = {
  workstations: 'WINDOWS_WORKSTATION',
  servers: 'WINDOWS_SERVER',
  firewalls: 'NMS_FIREWALL',
};
const LETTERS: Readonly<Record<Role, string>> = {
  workstations: 'LT',
  servers: 'SV',
  firewalls: 'FW',
};

export const organisationId = (code: string): number =>
  FIRST_ORGANISATION + CLIENTS.findIndex((client) => client.code === code);

export const organisationNames = (client: ClientFacts): readonly string[] =>
  client.accounts?.ninjaone ?? [client.name];

export function organisations(): SampleOrganisation[] {
  const own = CLIENTS.flatMap((client) =>
    organisationNames(client).map((name) => ({ id: organisationId(client.code), name })),
  );
  return [...OWN_ORGANISATIONS, ...own];
}

/** Gives the devices of any month; made once, so that a device keeps its id as long as it lives. */
export function deviceHistory(variant: SampleVariant): (month: number) => SampleDevice[] {
  const lives = CLIENTS.flatMap((client) => livesOf(client, variant));
  return (month) => {
    const living = lives.filter((life) => life.from <= month && month < life.until);
    const devices = [...living.map((life) => life.device), ...ownDevices()];
    const shown = variant === 'planted' && month === CURRENT ? withFaults(devices) : devices;
    return shown.toSorted((a, b) => a.id - b.id);
  };
}

function livesOf(client: ClientFacts, variant: SampleVariant): Life[] {
  if (organisationNames(client).length === 0) return [];
  const random = randomFrom(`devices of ${client.code}`);
  const timeline = timelineOf(client, variant);
  const lives: Life[] = [];
  for (const role of ['workstations', 'servers', 'firewalls'] as const) {
    for (const [month, holding] of timeline.entries()) {
      keep(lives, client, role, month, holding?.[role] ?? 0, random);
    }
  }
  return [...lives, ...bystanders(client, lives.length)];
}

/** Adds or retires devices until the client has as many as it should in that month. */
function keep(
  lives: Life[], client: ClientFacts, role: Role, month: number, count: number, random: Random,
): void {
  const living = lives.filter((life) => life.until > month && roleOf(life.device) === role);
  while (living.length > count) {
    const [gone] = living.splice(Math.floor(random() * living.length), 1);
    if (gone) gone.until = month;
  }
  for (let missing = count - living.length; missing > 0; missing -= 1) {
    const device = makeDevice(client, role, lives, month, random);
    lives.push({ device, from: month, until: PERIODS.length });
  }
} // prettier-ignore

function roleOf(device: SampleDevice): Role {
  if (device.nodeClass === 'NMS_FIREWALL') return 'firewalls';
  return device.nodeClass.endsWith('SERVER') ? 'servers' : 'workstations';
}

function makeDevice(
  client: ClientFacts, role: Role, lives: readonly Life[], month: number, random: Random,
): SampleDevice {
  const ofRole = lives.filter((life) => roleOf(life.device) === role).length;
  const name = `${initials(client.name)}-${LETTERS[role]}-${String(ofRole + 1).padStart(2, '0')}`;
  return {
    ...bareDevice(client, lives.length, name),
    nodeClass: classOf(client, role, ofRole, random),
    offline: role === 'workstations' && random() < 0.3,
    since: `${PERIODS[month] ?? ''}-${String(1 + Math.floor(random() * 27)).padStart(2, '0')}`,
  };
} // prettier-ignore

function classOf(client: ClientFacts, role: Role, index: number, random: Random): string {
  const [linuxClass, linuxCount] = LINUX[client.code] ?? ['', 0];
  if (
    index < linuxCount &&
    linuxClass.endsWith('SERVER') === (role === 'servers') &&
    role !== 'firewalls'
  ) {
    return linuxClass;
  }
  return role === 'workstations' && client.macs && random() < 0.6 ? 'MAC' : CLASSES[role];
}

function bareDevice(client: ClientFacts, sequence: number, name: string): SampleDevice {
  const clientIndex = CLIENTS.indexOf(client);
  const id = FIRST_DEVICE + clientIndex * DEVICES_PER_CLIENT + sequence;
  return {
    id,
    uid: uuidFrom(`device ${String(id)}`),
    organisationId: organisationId(client.code),
    nodeClass: 'WINDOWS_WORKSTATION',
    systemName: name,
    displayName: name,
    approved: true,
    offline: false,
    since: '2025-06-02',
  };
}

function bystanders(client: ClientFacts, used: number): Life[] {
  const watched = (BYSTANDERS[client.code] ?? []).map((nodeClass) => ({
    nodeClass,
    approved: true,
  }));
  const pending = Array.from({ length: PENDING[client.code] ?? 0 }, () => ({
    nodeClass: 'WINDOWS_WORKSTATION',
    approved: false,
  }));
  return [...watched, ...pending].map((facts, index) => ({
    device: {
      ...bareDevice(client, used + index, `${initials(client.name)}-X-${String(index + 1)}`),
      ...facts,
    },
    from: 0,
    until: PERIODS.length,
  }));
}

function ownDevices(): SampleDevice[] {
  return OWN_ORGANISATIONS.flatMap((organisation, index) =>
    Array.from({ length: OWN_MACHINES[index] ?? 0 }, (_, machine) => ({
      id: 500 + index * 50 + machine,
      uid: uuidFrom(`own device ${String(index)} ${String(machine)}`),
      organisationId: organisation.id,
      nodeClass: 'WINDOWS_WORKSTATION',
      systemName: `ASIT-${String(index)}${String(machine)}`,
      displayName: `ASIT-${String(index)}${String(machine)}`,
      approved: true,
      offline: false,
      since: '2025-06-02',
    })),
  );
}

function withFaults(devices: readonly SampleDevice[]): SampleDevice[] {
  const dropped = organisationId(DROP_TO_ZERO.code);
  const doubled = organisationId(DOUBLE_COUNT.code);
  const kept = devices.filter((d) => d.organisationId !== dropped || roleOf(d) !== 'servers');
  const again = kept
    .filter((d) => d.organisationId === doubled && roleOf(d) === 'workstations')
    .map((device) => reEnrolled(device));
  return [...kept, ...again];
}

/** The same machine after its agent was installed anew: another node, the same host name. */
function reEnrolled(device: SampleDevice): SampleDevice {
  const id = device.id + DEVICES_PER_CLIENT / 2;
  return {
    ...device,
    id,
    uid: uuidFrom(`device ${String(id)}`),
    displayName: `${device.systemName} (2)`,
    offline: false,
    since: '2026-10-14',
  };
}

export function initials(name: string): string {
  const words = name.normalize('NFD').replace(/[^A-Za-z0-9 ]/g, '').split(' ');
  return words.map((word) => word.charAt(0)).join('').toUpperCase().slice(0, 3);
} // prettier-ignore
