/**
 * Stand-in for MySonicWall and Network Security Manager: tenants, access code, session, devices.
 * Written from the derived description (read 2026-11-22); the vendor publishes none. It shows the
 * firewalls of the sample's monitoring tool.
 */
import { randomUUID } from 'node:crypto';
import type { SampleOrganisation, SampleVendors } from '../../sample/model.ts';
import { answerJson, parseJson, type SimAnswer, type SimRequest } from '../exchange.ts';
import { queryTroubles } from '../query.ts';
import type { StandIn } from '../stand-in.ts';

/** What the stand-in accepts; invented and worth nothing anywhere else. */
export const SONICWALL_CREDENTIALS = { apiKey: 'sample-sonicwall-key' } as const;
/** A tenant without Network Security Manager. */
export const UNMANAGED_TENANT = { id: 9001, name: 'Larch Street Clinic' } as const;

const TILE = 'ISNSMSAFEENABLED';
const MINUTE_MS = 60_000;
const CODE_MS = 5 * MINUTE_MS;
const SESSION_MS = 480 * MINUTE_MS;
const IDLE_MS = 15 * MINUTE_MS;

interface Code {
  readonly tenantId: number;
  readonly until: number;
}
interface Session {
  readonly tenantId: number;
  readonly until: number;
  seen: number;
}
interface Memory {
  readonly codes: Map<string, Code>;
  readonly sessions: Map<string, Session>;
}

export const sonicwall: StandIn = {
  system: 'sonicwall',
  base: '',
  create(stage) {
    const memory: Memory = { codes: new Map(), sessions: new Map() };
    return {
      answer: (request) => answer(request, stage.vendorsAt(request.nowMs), memory),
      revokeTokens: () => {
        memory.sessions.clear();
      },
    };
  },
};

function answer(request: SimRequest, vendors: SampleVendors, memory: Memory): SimAnswer {
  const troubles = queryTroubles(request.query, {});
  if (troubles.length > 0) return refusal(400, troubles.join(' '));
  switch (`${request.method} ${request.path}`) {
    case 'GET /api/hgms/get-cloud-tenants':
      return hasKey(request) ? tenants(vendors) : LOG_IN;
    case 'POST /api/generate-cscaccesscode':
      return hasKey(request) ? accessCode(request, vendors, memory) : LOG_IN;
    case 'POST /api/manager/auth/sso':
      return session(request, memory);
    case 'GET /api/manager/v2/devices/inventory/tenant':
      return inventory(request, vendors, memory);
    default:
      return refusal(404, 'There is no such resource.');
  }
}

const hasKey = ({ headers }: SimRequest): boolean =>
  headers['x-api-key'] === SONICWALL_CREDENTIALS.apiKey;

/** A key that is not accepted is sent to the log-in page. */
const LOG_IN: SimAnswer = {
  status: 302,
  headers: { location: '/login', 'content-type': 'text/html' },
  body: '<!doctype html><title>Log in</title>',
};

const serialOf = (tenantId: number): string => `NSM${String(tenantId).padStart(6, '0')}`;

function tenants(vendors: SampleVendors): SimAnswer {
  const managed = vendors.ninjaone.organisations.map(({ id, name }) =>
    toTenant({ id, name }, true),
  );
  return answerJson(200, {
    content: { arrTenants: [...managed, toTenant(UNMANAGED_TENANT, false)] },
  });
}

const toTenant = ({ id, name }: SampleOrganisation, isManaged: boolean): object => ({
  name,
  productGroupID: id,
  cloudServices: [
    { serviceName: 'CAPTURE', tenantSerial: `CC${String(id)}` },
    ...(isManaged ? [{ serviceName: 'NGMGMT', tenantSerial: serialOf(id) }] : []),
  ],
});

function accessCode(request: SimRequest, vendors: SampleVendors, { codes }: Memory): SimAnswer {
  const body = bodyOf(request);
  const found = vendors.ninjaone.organisations.find(({ id }) => id === body['tenantId']);
  if (!found || body['tileName'] !== TILE) return refusal(400, 'There is no such tenant or tile.');
  const code = randomUUID();
  codes.set(code, { tenantId: found.id, until: request.nowMs + CODE_MS });
  return answerJson(200, { content: { accessCode: code } });
}

function session(request: SimRequest, { codes, sessions }: Memory): SimAnswer {
  const { nowMs } = request;
  const { code, tenantSerial } = bodyOf(request);
  const known = codes.get(String(code));
  const isGood = known && nowMs < known.until && serialOf(known.tenantId) === tenantSerial;
  if (!isGood) return sessionAnswer(false, 'error', 'E_CODE', 'The code is wrong or expired.');
  codes.delete(String(code));
  const token = randomUUID();
  sessions.set(token, { tenantId: known.tenantId, until: nowMs + SESSION_MS, seen: nowMs });
  return sessionAnswer(true, 'info', 'E_OK', token);
}

const sessionAnswer = (success: boolean, level: string, code: string, message: string): SimAnswer =>
  answerJson(200, { status: { success, info: [{ level, code, message }] } });

function inventory(request: SimRequest, vendors: SampleVendors, memory: Memory): SimAnswer {
  const { headers, nowMs } = request;
  const token = /^Bearer (.+)$/.exec(headers['authorization'] ?? '')?.[1] ?? '';
  const open = memory.sessions.get(token);
  if (!open || nowMs >= open.until || nowMs - open.seen >= IDLE_MS) {
    return refusal(401, 'The session is over.');
  }
  open.seen = nowMs;
  const devices = vendors.ninjaone.devices
    .filter((one) => one.organisationId === open.tenantId && one.nodeClass === 'NMS_FIREWALL')
    .map(({ uid, displayName }) => ({
      friendlyName: displayName,
      serialNumber: `18B169${uid.replaceAll('-', '').slice(-10).toUpperCase()}`,
    }));
  return answerJson(200, { devices });
}

function bodyOf({ headers, body }: SimRequest): Readonly<Record<string, unknown>> {
  const isJson = headers['content-type']?.startsWith('application/json') ?? false;
  const parsed = isJson ? parseJson(body) : null;
  return typeof parsed === 'object' && parsed !== null ? (parsed as Record<string, unknown>) : {};
}

const refusal = (status: number, message: string): SimAnswer => answerJson(status, { message });
