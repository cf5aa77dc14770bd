/**
 * Stand-in for ConnectWise Automate: sign-in, clients, locations, computers. Written from the
 * Automate API 25.0.5 (read 2026-11-22): parameters are prefixed by "options.", lists are plain
 * arrays without totals, every call carries the clientId of an integration. The file declares no
 * errors: their statuses are HTTP's own, their body a guess in the manner of its platform.
 */
import type { SampleDevice, SampleOrganisation, SampleVendors } from '../../sample/model.ts';
import { answerJson, parseJson, type SimAnswer, type SimRequest } from '../exchange.ts';
import { NO_LIMIT } from '../options.ts';
import { numberOf, queryTroubles, type Parameters } from '../query.ts';
import type { StandIn } from '../stand-in.ts';
import { createTokenStore, type TokenStore } from '../tokens.ts';
import { kindOf, once, operatingSystemOf } from './machines.ts';

/** What this stand-in accepts; invented and worth nothing anywhere else. */
export const AUTOMATE_CREDENTIALS = {
  username: 'sample-automate-user',
  password: 'sample automate password',
  clientId: '5a0e4c1e-0000-4000-8000-5a3b1e000001',
} as const;
/** Its sign-in asks for a code that only a person has. */
export const USER_WITH_SECOND_FACTOR = 'sample-automate-person';

const TOKEN_SECONDS = 3600;
const PAGE_SIZE_DEFAULT = 25;
const OPTIONS: Parameters = {
  'options.orderBy.name': { kind: 'text' },
  'options.orderBy.type': { kind: 'choice', oneOf: ['Undefined', 'Ascending', 'Descending'] },
  'options.page': { kind: 'integer', min: 1 },
  'options.pageSize': { kind: 'integer', min: 1, max: 1000 },
  'options.condition': { kind: 'text' },
  'options.expands': { kind: 'text' },
  'options.includedFields': { kind: 'texts' },
  'options.excludedFields': { kind: 'texts' },
  'options.ids': { kind: 'texts' },
  'options.timeout': { kind: 'integer', min: 0 },
};

type Row = Readonly<Record<string, unknown>>;
type Lists = Readonly<Record<string, readonly Row[]>>;

export const connectwiseAutomate: StandIn = {
  system: 'connectwise-automate',
  base: '/cwa',
  create(stage) {
    const tokens = createTokenStore(TOKEN_SECONDS);
    const listsOf = once(listsFrom);
    return {
      answer(request) {
        const sizeMax = stage.options().pageSizeMax ?? NO_LIMIT;
        const refused = refuseStranger(request, tokens);
        return refused ?? read(request, listsOf(stage.vendorsAt(request.nowMs)), sizeMax);
      },
      revokeTokens: () => tokens.revokeAll(),
    };
  },
};

/** The answer to whoever may not read; null for who may. */
function refuseStranger(request: SimRequest, tokens: TokenStore): SimAnswer | null {
  const { method, path, headers, nowMs } = request;
  if (headers['clientid'] !== AUTOMATE_CREDENTIALS.clientId) {
    return refusal(401, 'A registered clientId is required.');
  }
  if (path === '/api/v1/APIToken') {
    return method === 'POST' ? signIn(request, tokens) : answerJson(200, SIGN_IN_OFFERED);
  }
  if (!tokens.isValid(headers['authorization'], nowMs)) {
    return refusal(401, 'Authorization has been denied for this request.');
  }
  return method === 'GET' ? null : refusal(405, 'The method is not supported here.');
}

const SIGN_IN_OFFERED = { AllowDirect: true, AllowServiceRegistration: false, Services: [] };

function signIn({ headers, body, nowMs }: SimRequest, tokens: TokenStore): SimAnswer {
  const asked = parseJson(body);
  if (!headers['content-type']?.startsWith('application/json')) {
    return refusal(415, 'The media type is not supported.');
  }
  const fields = (typeof asked === 'object' && asked !== null ? asked : {}) as Row;
  const { username, password } = AUTOMATE_CREDENTIALS;
  const isPerson = fields['Username'] === USER_WITH_SECOND_FACTOR;
  if (fields['Password'] !== password || (fields['Username'] !== username && !isPerson)) {
    return refusal(401, 'The user name or password is incorrect.');
  }
  const isAsked = isPerson && fields['TwoFactorPasscode'] === undefined;
  const expires = new Date(nowMs + TOKEN_SECONDS * 1000).toISOString();
  return answerJson(200, {
    ...(isAsked ? {} : { AccessToken: tokens.issue(nowMs), ExpirationDate: expires }),
    TokenType: 'Bearer',
    UserId: '12',
    IsTwoFactorRequired: isAsked,
    IsInternalTwoFactorRequired: false,
  });
}

function read(request: SimRequest, lists: Lists, sizeMax: number): SimAnswer {
  const troubles = queryTroubles(request.query, OPTIONS);
  if (troubles.length > 0) return refusal(400, troubles.join(' '));
  const [, api, version, name = '', id, ...rest] = request.path.split('/');
  const rows = Object.hasOwn(lists, name) ? lists[name] : undefined;
  if (api !== 'api' || version !== 'v1' || !rows || rest.length > 0) {
    return refusal(404, 'There is no such resource.');
  }
  if (id === undefined) return list(request, rows, sizeMax);
  const row = rows.find((one) => String(one['Id']) === id);
  return row && name !== 'Computers'
    ? answerJson(200, row)
    : refusal(404, 'There is no such record.');
}

function list({ query }: SimRequest, rows: readonly Row[], sizeMax: number): SimAnswer {
  const condition = conditionOf(query.get('options.condition'));
  if (!condition) return refusal(400, 'Of the conditions only "field = value" is played here.');
  const ids = query.getAll('options.ids');
  const kept = rows.filter((row) => condition(row) && (ids.length === 0 || ids.includes(String(row['Id'])))); // prettier-ignore
  const page = numberOf(query, 'options.page', 1);
  const size = Math.min(numberOf(query, 'options.pageSize', PAGE_SIZE_DEFAULT), sizeMax);
  const own = sorted(kept, query).slice((page - 1) * size, page * size);
  return answerJson(200, own.map((row) => withFields(row, query))); // prettier-ignore
}

/** "Client.Id = 24" or "Type = 'Server'"; null where it is neither. */
function conditionOf(text: string | null): ((row: Row) => boolean) | null {
  if (text === null) return () => true;
  const [, field = '', value] = /^\s*([\w.]+)\s*=\s*'?([^']*?)'?\s*$/.exec(text) ?? [];
  if (value === undefined) return null;
  return (row) => String(fieldOf(row, field)) === value;
}

const fieldOf = (row: Row, path: string): unknown =>
  path.split('.').reduce<unknown>(
    (at, name) => (typeof at === 'object' && at !== null ? (at as Row)[name] : undefined),
    row,
  ); // prettier-ignore

function sorted(rows: readonly Row[], query: URLSearchParams): readonly Row[] {
  const name = query.get('options.orderBy.name');
  if (name === null) return rows;
  const sign = query.get('options.orderBy.type') === 'Descending' ? -1 : 1;
  const compare = new Intl.Collator('en', { numeric: true }).compare;
  return rows.toSorted((a, b) => sign * compare(String(a[name]), String(b[name])));
}

function withFields(row: Row, query: URLSearchParams): Row {
  const included = query.getAll('options.includedFields');
  const excluded = query.getAll('options.excludedFields');
  return Object.fromEntries(
    Object.entries(row).filter(
      ([name]) => (included.length === 0 || included.includes(name)) && !excluded.includes(name),
    ),
  );
}

// What is played ------------------------------------------------------------------------------

/** A retired agent vanishes: what waits for approval elsewhere was never enrolled here. */
function listsFrom({ ninjaone }: SampleVendors): Lists {
  const clients = new Map(ninjaone.organisations.map((one) => [one.id, toClient(one)]));
  const enrolled = ninjaone.devices.filter((one) => one.approved && kindOf(one) !== 'network');
  return {
    Clients: [...clients.values()],
    Locations: ninjaone.organisations.map(toLocation),
    Computers: enrolled.map((device) => toComputer(device, clients)),
  };
}

const toClient = ({ id, name }: SampleOrganisation): Row => ({
  Id: String(id),
  Name: name,
  Company: name,
  ExternalId: String(19_000 + id),
  City: 'Springfield',
  Country: 'United States',
});

const toLocation = ({ id, name }: SampleOrganisation): Row => ({
  Id: id * 10,
  Name: 'Main Office',
  Client: { Id: String(id), Name: name },
  ExternalId: 0,
});

const toComputer = (device: SampleDevice, clients: ReadonlyMap<number, Row>): Row => ({
  Id: String(device.id),
  ComputerName: device.systemName,
  Client: { Id: String(device.organisationId), Name: clients.get(device.organisationId)?.['Name'] },
  Location: { Id: device.organisationId * 10, Name: 'Main Office' },
  OperatingSystemName: operatingSystemOf(device),
  Type: ['server', 'host'].includes(kindOf(device)) ? 'Server' : 'Workstation',
  Status: device.offline ? 'Offline' : 'Online',
  RemoteAgentLastContact: '2026-10-31T09:58:00Z',
  RemoteAgentVersion: '250.5',
  DateAdded: `${device.since}T08:00:00Z`,
  IsVirtualMachine: false,
});

const refusal = (status: number, Message: string): SimAnswer => answerJson(status, { Message });
