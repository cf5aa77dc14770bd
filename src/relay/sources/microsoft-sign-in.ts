/** Signing in at Microsoft with an application's own credentials, as Graph and Partner Center want it. */
import { z } from 'zod';
import { credential, type Answer, type Headers, type Http } from '../http.ts';

/** A GUID as people paste it: spaces of any kind round it, capitals. */
export const Guid = z
  .string()
  .transform((text) => text.replace(/[\s\u200b\ufeff]+/g, '').toLowerCase())
  .pipe(z.guid('is not a GUID such as 00000000-0000-0000-0000-000000000000'));

export interface MicrosoftSignIn {
  readonly title: string;
  readonly loginUrl: string;
  readonly tenantId: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** The service the token is for: "https://graph.microsoft.com/.default". */
  readonly scope: string;
}

const Token = z.object({ access_token: credential });

export async function signInAtMicrosoft(http: Http, ask: MicrosoftSignIn): Promise<Headers> {
  const { title, loginUrl, tenantId } = ask;
  const login = http.service({ title, baseUrl: loginUrl, explain: explainSignIn });
  const form = {
    grant_type: 'client_credentials',
    client_id: ask.clientId,
    client_secret: ask.clientSecret,
    scope: ask.scope,
  };
  const token = await login.post(`/${tenantId}/oauth2/v2.0/token`, Token, { form });
  return { authorization: `Bearer ${token.access_token}` };
}

/** Of the documented codes those a person can act on; the texts of the service are not repeated. */
const CODES: Readonly<Record<string, string>> = {
  65001: 'Nobody has consented to the application in this tenant.',
  700016: 'The application is not known in this tenant: give consent there.',
  7000215: 'The client secret is wrong.',
  7000222: 'The client secret has expired.',
  90002: 'There is no such tenant.',
};

const SignInError = z.object({ error_codes: z.array(z.int()).min(1) });

function explainSignIn({ text }: Answer): string | null {
  const codes = SignInError.safeParse(parseJson(text)).data?.error_codes ?? [];
  const [code] = codes;
  if (code === undefined) return null;
  return CODES[String(code)] ?? `Microsoft gives the code AADSTS${String(code)}.`;
}

export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
