/** Books behind OAuth that give another refresh token at each renewal: settings, sign-in, service. */
import { z } from 'zod';
import {
  credential,
  loopbackUrl,
  type Http,
  type HttpService,
  type ServiceOptions,
} from '../http.ts';
import type { BooksTools, Grant } from './accounting.ts';

/** What every such connection is set up with. */
export const signInSettings = {
  baseUrl: loopbackUrl.optional(),
  clientId: credential,
  clientSecret: credential,
  /** Of the first sign-in of a person; the keeper has the ones after it. */
  refreshToken: credential,
};
type Settings = z.infer<z.ZodObject<typeof signInSettings>>;

export interface RotatingBooks {
  readonly service: Omit<ServiceOptions, 'baseUrl' | 'authorize' | 'signIn'>;
  readonly serviceUrl: string;
  /** Follows the address, also where the settings name another one: "/v3/company/1". */
  readonly servicePath: string;
  readonly tokenUrl: string;
  readonly tokenPath: string;
  /** Where the token endpoint reads who the client is. */
  readonly clientIn: 'header' | 'form';
}

const Token = z.object({
  access_token: z.string().min(1),
  refresh_token: z.string().min(1),
  expires_in: z.number().positive(),
});

/** Signs every request with an access token of the keeper, which renews it when it ends. */
export function openRotating(
  books: RotatingBooks,
  settings: Settings,
  http: Http,
  tools: BooksTools,
): HttpService {
  const { refreshToken: first } = settings;
  const renew = (refreshToken: string): Promise<Grant> =>
    renewToken(books, settings, http, refreshToken);
  return http.service({
    ...books.service,
    baseUrl: `${settings.baseUrl ?? books.serviceUrl}${books.servicePath}`,
    authorize: async (refused) => {
      const token = await tools.tokens.accessToken({ first, refused, renew });
      return { authorization: `Bearer ${token}` };
    },
  });
}

async function renewToken(
  { service: { title }, tokenUrl, tokenPath, clientIn }: RotatingBooks,
  { baseUrl, clientId, clientSecret }: Settings,
  http: Http,
  refreshToken: string,
): Promise<Grant> {
  const basic = Buffer.from(`${clientId}:${clientSecret}`).toString('base64');
  const client =
    clientIn === 'header'
      ? { headers: { authorization: `Basic ${basic}` }, form: {} }
      : { headers: {}, form: { client_id: clientId, client_secret: clientSecret } };
  const service = http.service({
    title: `${title} sign-in`,
    baseUrl: baseUrl ?? tokenUrl,
    headers: { accept: 'application/json', ...client.headers },
  });
  const form = { grant_type: 'refresh_token', refresh_token: refreshToken, ...client.form };
  const token = await service.post(tokenPath, Token, { form });
  return {
    accessToken: token.access_token,
    refreshToken: token.refresh_token,
    expiresInSeconds: token.expires_in,
  };
}
