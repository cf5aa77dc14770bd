// Any service that answers lists in JSON, described in the configuration alone: where it is, who
// we are to it, how it pages, and which fields hold client, SKU and quantity. Nothing of it is a
// program. Docs: docs/generic-http.md. There is no vendor's contract here: whoever describes a
// service reads its documents, and a field that is not where it was said is never a zero.

import { z } from 'zod';
import { firstDay, lastDay } from '../../core/billing-period.ts';
import { AppError } from '../../core/errors.ts';
import {
  credential, refuseEmpty, type Headers, type Http, type HttpService, type ServiceOptions,
} from '../http.ts'; // prettier-ignore
import { readEach, type Account } from './accounts.ts';
import { readList, type Placeholders, type Service } from './generic-http-lists.ts';
import { isWanted, malformedAt, textAt } from './generic-http-rows.ts';
import { asksByClient, GenericSettings } from './generic-http-settings.ts';
import { tally, type Item } from './generic-http-tally.ts';
import { defineCountSource, type AccountGap } from './source.ts';

const TITLE = 'HTTP/JSON service';
/** More clients than any provider we know; asked one by one. */
const CLIENTS_MAX = 2000;

const Token = z.object({ access_token: credential });
type Auth = GenericSettings['auth'];
type OAuth = Extract<Auth, { kind: 'oauth2' }>;

export const genericHttp = defineCountSource({
  id: 'generic-http',
  title: TITLE,
  kind: 'api',
  skus: {},
  settings: GenericSettings,

  async count(settings, period, http) {
    const { items, skus } = settings;
    const service = connect(settings, http);
    const days = { from: firstDay(period), to: lastDay(period) };
    const { clients, names } = await readClients(settings, service, days);
    const { rows, gaps } = await readItems(settings, service, days, clients);
    const unread = new Set(gaps.map(({ clientRef }) => clientRef));
    const known = clients.filter(({ ref }) => !unread.has(ref));
    refuseEmpty(service.title, 'item', rows);
    return {
      counts: tally({ title: service.title, items, skus, clients: known, names }, rows),
      asOf: null,
      gaps,
    };
  },

  destinations({ host, baseUrl, auth }) {
    const named = [host, auth.kind === 'oauth2' ? auth.host : undefined];
    return baseUrl === undefined ? [...new Set(named.filter((one) => one !== undefined))] : [];
  },
});

function connect(settings: GenericSettings, http: Http): Service {
  const { host = 'loopback', auth, rate } = settings;
  const title = `${TITLE} ${host}`;
  const baseUrl = settings.baseUrl ?? `https://${host}`;
  const options: ServiceOptions = {
    title,
    baseUrl,
    headers: { ...settings.headers, ...fixedProof(auth) },
    ...(rate ? { rate: auth.kind === 'oauth2' ? { ...rate, holder: auth.clientId } : rate } : {}),
  };
  const signIn = (anonymous: HttpService): Promise<Headers> => {
    if (auth.kind !== 'oauth2') return Promise.resolve({});
    const elsewhere = settings.baseUrl === undefined && auth.host !== undefined;
    const door = elsewhere
      ? http.service({ title: `${TITLE} ${auth.host ?? ''}`, baseUrl: `https://${auth.host ?? ''}` })
      : anonymous;
    return signInAt(door, auth);
  };
  const api = http.service(auth.kind === 'oauth2' ? { ...options, signIn } : options);
  return { api, title, baseUrl };
} // prettier-ignore

function fixedProof(auth: Auth): Headers {
  switch (auth.kind) {
    case 'none':
    case 'oauth2':
      return {};
    case 'header':
      return { [auth.name.toLowerCase()]: auth.apiKey };
    case 'basic':
      return { authorization: basic(auth.user, auth.password) };
    case 'bearer':
      return { authorization: `Bearer ${auth.token}` };
  }
}

const basic = (user: string, password: string): string =>
  `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;

/** RFC 6749 4.4: client credentials. */
async function signInAt(door: HttpService, auth: OAuth): Promise<Headers> {
  const { clientId, clientSecret, fields } = auth;
  const inBody = auth.credentials === 'body';
  const grant = {
    ...fields,
    grant_type: 'client_credentials',
    ...(inBody ? { client_id: clientId, client_secret: clientSecret } : {}),
  };
  const encoded = basic(encodeURIComponent(clientId), encodeURIComponent(clientSecret));
  const token = await door.post(auth.path, Token, {
    headers: inBody ? {} : { authorization: encoded },
    ...(auth.body === 'form' ? { form: grant } : { body: grant }),
  });
  return { authorization: `Bearer ${token.access_token}` };
}

interface Clients {
  readonly clients: readonly Account[];
  /** Of those too that "where" leaves out: a row may still name one. */
  readonly names: ReadonlyMap<string, string>;
}

async function readClients(
  { clients: list }: GenericSettings,
  service: Service,
  days: Placeholders,
): Promise<Clients> {
  if (!list) return { clients: [], names: new Map() };
  const rows = refuseEmpty(service.title, 'client', await readList(service, list, days));
  const names = new Map<string, string>();
  const clients = rows.flatMap((row): Account[] => {
    const [ref, name] = [textAt(row, list.client.id), textAt(row, list.client.name)];
    if (names.has(ref)) throw malformedAt(row.place, list.client.id, 'is the id of two clients');
    names.set(ref, name);
    return isWanted(row, list.where) ? [{ ref, name }] : [];
  });
  return { clients: refuseEmpty(service.title, 'client that is wanted', clients), names };
}

interface Items {
  readonly rows: readonly Item[];
  readonly gaps: readonly AccountGap[];
}

async function readItems(
  { items }: GenericSettings,
  service: Service,
  days: Placeholders,
  clients: readonly Account[],
): Promise<Items> {
  if (!asksByClient(items)) {
    const rows = await readList(service, items, days);
    return { rows: rows.map((row) => ({ row, asked: null })), gaps: [] };
  }
  if (clients.length > CLIENTS_MAX) {
    const words = `${service.title} lists ${String(clients.length)} clients; ${String(CLIENTS_MAX)} at most are asked one by one. Ask for all in one list.`;
    throw new AppError('SOURCE_MALFORMED', words);
  }
  const { read, gaps } = await readEach(clients, ({ ref }) =>
    readList(service, items, { ...days, clientId: ref }),
  );
  const rows = read.flatMap(({ account, content }) =>
    content.map((row) => ({ row, asked: account })),
  );
  return { rows, gaps };
}
