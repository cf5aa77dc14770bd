/** Asks the stand-ins over real HTTP, signed in as each vendor wants it. */
import { CREDENTIALS } from '../../src/sample/config.ts';

export interface Answer {
  readonly status: number;
  readonly type: string;
  readonly text: string;
  /** The body as JSON; fails the test when it is none. */
  // eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- the test names the shape it will check
  json<T>(): T;
}

export async function ask(url: string, init: RequestInit = {}): Promise<Answer> {
  const answer = await fetch(url, init);
  const text = await answer.text();
  return {
    status: answer.status,
    type: answer.headers.get('content-type') ?? '',
    text,
    // eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- as above
    json: <T>() => JSON.parse(text) as T,
  };
}

export const post = (
  url: string,
  body: unknown,
  headers: Record<string, string> = {},
): Promise<Answer> =>
  ask(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });

export function huntressHeaders(): Record<string, string> {
  const { apiKey, apiSecret } = CREDENTIALS.huntress;
  return { authorization: `Basic ${Buffer.from(`${apiKey}:${apiSecret}`).toString('base64')}` };
}

export const conductorHeaders = (): Record<string, string> => ({
  authorization: `Bearer ${CREDENTIALS.conductor.apiKey}`,
  'conductor-end-user-id': CREDENTIALS.conductor.endUserId,
});

export function ninjaoneForm(changes: Record<string, string> = {}): URLSearchParams {
  const { clientId, clientSecret } = CREDENTIALS.ninjaone;
  return new URLSearchParams({
    grant_type: 'client_credentials',
    client_id: clientId,
    client_secret: clientSecret,
    scope: 'monitoring',
    ...changes,
  });
}

export async function ninjaoneHeaders(url: string): Promise<Record<string, string>> {
  const answer = await ask(`${url}/ninjaone/ws/oauth/token`, {
    method: 'POST',
    body: ninjaoneForm(),
  });
  return { authorization: `Bearer ${answer.json<{ access_token: string }>().access_token}` };
}

export const pax8Body = (changes: Record<string, unknown> = {}): Record<string, unknown> => ({
  client_id: CREDENTIALS.pax8.clientId,
  client_secret: CREDENTIALS.pax8.clientSecret,
  audience: 'https://api.pax8.com',
  grant_type: 'client_credentials',
  ...changes,
});

export async function pax8Headers(url: string): Promise<Record<string, string>> {
  const answer = await post(`${url}/pax8/v1/token`, pax8Body());
  return { authorization: `Bearer ${answer.json<{ access_token: string }>().access_token}` };
}
