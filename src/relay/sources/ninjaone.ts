// NinjaOne: managed devices per organisation and node class.
// API: NinjaOne Public API 2.0.9 (organizations, devices), read 2026-11-21. It reports the present
// only, so the month is not sent. A list is paged by the last id seen; an empty page ends it (a
// short one may be all the server gives at once).

import { createHash } from 'node:crypto';
import { z } from 'zod';
import { quantityFromCell } from '../../core/money.ts';
import {
  collectPages,
  credential,
  loopbackUrl,
  refuseEmpty,
  type Http,
  type HttpService,
  type Page,
} from '../http.ts';
import { defineCountSource, type VendorCount } from './source.ts';

const TITLE = 'NinjaOne';
const PAGE_SIZE = 1000;

const REGIONS = {
  us: 'https://app.ninjarmm.com',
  us2: 'https://us2.ninjarmm.com',
  eu: 'https://eu.ninjarmm.com',
  oc: 'https://oc.ninjarmm.com',
  ca: 'https://ca.ninjarmm.com',
} as const;

const Settings = z.strictObject({
  region: z.enum(['us', 'us2', 'eu', 'oc', 'ca']).default('us'),
  baseUrl: loopbackUrl.optional(),
  clientId: credential,
  clientSecret: credential,
});
type Settings = z.infer<typeof Settings>;

const Token = z.object({ access_token: credential });
const Organisation = z.object({ id: z.int(), name: z.string().min(1) });
const Device = z.object({
  id: z.int(),
  uid: z.string().min(1).optional(),
  organizationId: z.int(),
  /** 33 classes today; a new one is shown and not refused. */
  nodeClass: z.string().min(1),
  approvalStatus: z.enum(['APPROVED', 'PENDING']),
});
type Organisation = z.infer<typeof Organisation>;
type Device = z.infer<typeof Device>;

/** Classes every client gets a row for, as for each one met anywhere: zero is not "not looked". */
const skus = {
  WINDOWS_WORKSTATION: 'Windows workstations',
  MAC: 'Macs',
  LINUX_WORKSTATION: 'Linux workstations',
  WINDOWS_SERVER: 'Windows servers',
  LINUX_SERVER: 'Linux servers',
};

export const ninjaone = defineCountSource({
  id: 'ninjaone',
  title: TITLE,
  kind: 'api',
  skus,
  settings: Settings,

  async count(settings, _period, http) {
    const api = connect(settings, http);
    const organisations = await listById(api, '/v2/organizations', Organisation);
    const devices = await listById(api, '/v2/devices', Device);
    // A device waiting for approval is not managed yet and not billed.
    const managed = devices.filter((device) => device.approvalStatus === 'APPROVED');
    refuseEmpty(TITLE, 'organisation', organisations);
    refuseEmpty(TITLE, 'device', devices);
    return { counts: countDevices(organisations, managed), asOf: null };
  },
});

function connect(settings: Settings, http: Http): HttpService {
  const { region, clientId, clientSecret } = settings;
  return http.service({
    title: TITLE,
    baseUrl: settings.baseUrl ?? REGIONS[region],
    async signIn(anonymous) {
      const form = {
        grant_type: 'client_credentials',
        client_id: clientId,
        client_secret: clientSecret,
        scope: 'monitoring',
      };
      const token = await anonymous.post('/ws/oauth/token', Token, { form });
      return { authorization: `Bearer ${token.access_token}` };
    },
  });
}

function listById<Row extends z.ZodType<{ id: number }>>(
  api: HttpService,
  path: string,
  row: Row,
): Promise<readonly z.infer<Row>[]> {
  return collectPages(TITLE, async (after): Promise<Page<z.infer<Row>>> => {
    const rows = await api.get(path, z.array(row), { query: { pageSize: PAGE_SIZE, after } });
    const last = rows.at(-1);
    return { rows, next: last ? String(last.id) : null };
  });
}

function countDevices(
  organisations: readonly Organisation[],
  devices: readonly Device[],
): VendorCount[] {
  const byOrganisation = Map.groupBy(devices, (device) => device.organizationId);
  const known = new Set(organisations.map((organisation) => organisation.id));
  // A device of an organisation that is not listed is still somebody's device.
  const strays = [...byOrganisation.keys()].filter((id) => !known.has(id));
  const all = [
    ...organisations,
    ...strays.map((id) => ({ id, name: `organisation ${String(id)}` })),
  ];
  const classes = new Set([...Object.keys(skus), ...devices.map((device) => device.nodeClass)]);
  return all.flatMap((one) => countClasses(one, byOrganisation.get(one.id) ?? [], classes));
}

function countClasses(
  organisation: Organisation,
  devices: readonly Device[],
  classes: ReadonlySet<string>,
): VendorCount[] {
  const byClass = Map.groupBy(devices, (device) => device.nodeClass);
  return [...classes].map((sku) => {
    const own = byClass.get(sku) ?? [];
    return {
      clientRef: String(organisation.id),
      clientName: organisation.name,
      sku,
      skuName: (skus as Readonly<Record<string, string>>)[sku] ?? sku,
      basis: 'active' as const,
      quantity: quantityFromCell(own.length),
      ids: own.map(toId).sort(),
    };
  });
}

/** The vendor's own id of a device, which stays when it is renamed; hashed, as it names a machine. */
const toId = (device: Device): string =>
  createHash('sha256')
    .update(`ninjaone:${device.uid ?? String(device.id)}`)
    .digest('hex')
    .slice(0, 24);
