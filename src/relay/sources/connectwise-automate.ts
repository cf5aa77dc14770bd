// ConnectWise Automate: managed computers per client and type.
// API: Automate API v1, 25.0.5 (APIToken, Clients, Computers), read 2026-11-22. It reports the
// present only, so the month is not sent; a retired agent is gone from the list, and one that has
// been silent for long is still in it: whether that is billed is not for the adapter to say.
// Parameters carry the "options." of the vendor's file, which public clients leave out. Pages are
// numbered from 1 in the order of ids; a short page may be all the server gives at once, so an
// empty one ends the list. Newer servers want the clientId header of a registered integration.

import { z } from 'zod';
import { AppError } from '../../core/errors.ts';
import {
  collectPages,
  credential,
  loopbackUrl,
  refuseEmpty,
  type Http,
  type HttpService,
  type Page,
} from '../http.ts';
import { countDevices } from './device-counts.ts';
import { defineCountSource } from './source.ts';

const TITLE = 'ConnectWise Automate';
const PAGE_SIZE = 1000;

/** Lower-case DNS labels, at least two, the last of letters: no IP address, port or path. */
const SERVER =
  /^(?=.{4,253}$)(?!.*\.localhost$)([a-z\d]([a-z\d-]{0,61}[a-z\d])?\.)+[a-z][a-z-]{0,61}[a-z]$/;

const Settings = z.strictObject({
  server: z
    .string()
    .regex(SERVER, 'is no server name such as automate.example.com, in lower case and alone'),
  baseUrl: loopbackUrl.optional(),
  username: z.string().min(1, 'is missing').max(200, 'is too long for a user name'),
  password: z
    .string()
    .min(1, 'is missing')
    .max(4000, 'is too long for a password')
    .regex(/^[^\r\n]*$/, 'holds a line end'),
  clientId: credential.optional(),
});
type Settings = z.infer<typeof Settings>;

const Token = z.object({
  /** Empty or absent while a second factor is asked for. */
  AccessToken: z.union([credential, z.literal('')]).nullish(),
  IsTwoFactorRequired: z.boolean().nullish(),
  IsInternalTwoFactorRequired: z.boolean().nullish(),
});
/** Text in the vendor's file, a number on some servers. */
const Id = z
  .union([z.string().regex(/^\d+$/, 'is no id'), z.int().nonnegative()])
  .transform(String);
const Client = z.object({ Id, Name: z.string().min(1) });
const Computer = z.object({
  Id,
  Client: z.object({ Id, Name: z.string().nullish() }),
  Type: z.string().nullable(),
});
type Computer = z.infer<typeof Computer>;

/** Other types get rows where the server has any. */
const skus = { Workstation: 'Workstations', Server: 'Servers' };
const tool = { id: 'connectwise-automate', title: TITLE, skus };

export const connectwiseAutomate = defineCountSource({
  ...tool,
  kind: 'api',
  settings: Settings,

  async count(settings, _period, http) {
    const api = connect(settings, http);
    const clients = await listAll(api, '/api/v1/Clients', Client, ['Id', 'Name']);
    refuseEmpty(TITLE, 'client', clients);
    const computers = await listAll(api, '/api/v1/Computers', Computer, ['Id', 'Client', 'Type']);
    refuseEmpty(TITLE, 'computer', computers);
    const accounts = clients.map(({ Id: ref, Name: name }) => ({ ref, name }));
    return { counts: countDevices(tool, accounts, computers.map(toManaged)), asOf: null };
  },
});

function connect(settings: Settings, http: Http): HttpService {
  const { server, baseUrl, username, password, clientId } = settings;
  const headers = clientId === undefined ? {} : { clientId };
  return http.service({
    title: TITLE,
    baseUrl: baseUrl ?? `https://${server}/cwa`,
    headers,
    async signIn(anonymous) {
      const body = { Username: username, Password: password };
      const token = await anonymous.post('/api/v1/APIToken', Token, { body, headers });
      return { authorization: `Bearer ${tokenOf(token)}` };
    },
  });
}

/** A second factor is a person's: nobody is there to type it when a sync runs. */
function tokenOf(token: z.infer<typeof Token>): string {
  if (token.AccessToken) return token.AccessToken;
  const asks = token.IsTwoFactorRequired === true || token.IsInternalTwoFactorRequired === true;
  if (!asks) throw new AppError('SOURCE_MALFORMED', `${TITLE}: the sign-in gave no AccessToken.`);
  throw new AppError(
    'SOURCE_REFUSED',
    `${TITLE} asks the user of this connection for a second factor: use an integrator account.`,
  );
}

function listAll<Row extends z.ZodType>(
  api: HttpService,
  path: string,
  row: Row,
  fields: readonly string[],
): Promise<readonly z.infer<Row>[]> {
  return collectPages(TITLE, async (cursor): Promise<Page<z.infer<Row>>> => {
    const page = Number(cursor ?? '1');
    const query = {
      'options.page': page,
      'options.pageSize': PAGE_SIZE,
      'options.orderBy.name': 'Id',
      'options.orderBy.type': 'Ascending',
      'options.includedFields': fields,
    };
    const rows = await api.get(path, z.array(row), { query });
    return { rows, next: rows.length === 0 ? null : String(page + 1) };
  });
}

const toManaged = ({ Id: id, Client: owner, Type: deviceClass }: Computer) => ({
  id,
  accountRef: owner.Id,
  accountName: owner.Name ?? `client ${owner.Id}`,
  deviceClass,
});
