/** A service that the configuration describes: where it is, who we are to it, how fast it is asked. */
import { z } from 'zod';
import {
  credential, loopbackUrl, type Answer, type Headers, type Http, type HttpService, type ServiceOptions,
} from '../http.ts'; // prettier-ignore
import type { Finding } from './list-settings.ts';
import { Auth, Host, PlainHeaders } from './values.ts';

export const serviceKeys = {
  host: Host.optional(),
  baseUrl: loopbackUrl.optional(),
  auth: Auth,
  headers: PlainHeaders,
  rate: z
    .strictObject({ calls: z.int().min(1).max(100_000), perSeconds: z.int().min(1).max(86_400) })
    .optional(),
};
export type ServiceSettings = z.infer<z.ZodObject<typeof serviceKeys>>;
type OAuth = Extract<z.infer<typeof Auth>, { kind: 'oauth2' }>;

export interface Service {
  readonly api: HttpService;
  readonly title: string;
  readonly baseUrl: string;
  /** What is done to an answer before its rows are read; absent: nothing. */
  readonly rowsOf?: (answer: Answer) => Answer;
}

export const serviceFindings = ({ host, baseUrl }: ServiceSettings): Finding[] =>
  host === undefined && baseUrl === undefined ? [{ path: ['host'], message: 'is missing' }] : [];

/** Where credentials go. */
export function destinationsOf({ host, baseUrl, auth }: ServiceSettings): string[] {
  const named = [host, auth.kind === 'oauth2' ? auth.host : undefined];
  return baseUrl === undefined ? [...new Set(named.filter((one) => one !== undefined))] : [];
}

type More = Pick<ServiceOptions, 'timeoutMs' | 'explain'>;

/** `title` names the kind of service in messages; the host is put behind it. */
export function openDescribed(
  title: string,
  settings: ServiceSettings,
  http: Http,
  more: More = {},
): Service {
  const { host = 'loopback', auth, rate } = settings;
  const named = `${title} ${host}`;
  const baseUrl = settings.baseUrl ?? `https://${host}`;
  const options: ServiceOptions = {
    title: named,
    baseUrl,
    ...more,
    headers: { ...settings.headers, ...fixedProof(auth) },
    ...(rate ? { rate: auth.kind === 'oauth2' ? { ...rate, holder: auth.clientId } : rate } : {}),
  };
  if (auth.kind !== 'oauth2') return { api: http.service(options), title: named, baseUrl };
  const elsewhere = settings.baseUrl === undefined && auth.host !== undefined;
  const door = elsewhere
    ? { title: `${title} ${auth.host ?? ''}`, baseUrl: `https://${auth.host ?? ''}` }
    : { title: named, baseUrl, ...(options.rate ? { rate: options.rate } : {}) };
  const authorize = keepSignedIn(() => signInAt(http.service(door), auth));
  return { api: http.service({ ...options, authorize }), title: named, baseUrl };
}

/** One sign-in for all who wait for it; a new one after a refusal, and after one that failed. */
function keepSignedIn(signIn: () => Promise<Headers>): (refused: boolean) => Promise<Headers> {
  let signedIn: Promise<Headers> | null = null;
  return (refused) => {
    if (refused) signedIn = null;
    const current = (signedIn ??= signIn());
    current.catch(() => {
      if (signedIn === current) signedIn = null;
    });
    return current;
  };
}

function fixedProof(auth: z.infer<typeof Auth>): Headers {
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

const Token = z.object({ access_token: credential });

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
