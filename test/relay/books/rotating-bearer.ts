/** Signs in at a stand-in without an adapter, for questions that no adapter puts. */
import type { RunningSim } from '../../../src/sim/start-sim.ts';

export interface SignIn {
  readonly standIn: string;
  readonly path: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly clientIn: 'header' | 'form';
}

/** The header that proves who asks; the refresh token of the stand-in's ledger is used up by it. */
export async function bearerOf(
  sim: RunningSim,
  { standIn, path, clientId, clientSecret, clientIn }: SignIn,
): Promise<{ readonly authorization: string }> {
  const grant = sim.standIns.ledgers.get(standIn)?.get('grant', clientId);
  const basic = `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}`;
  const form = clientIn === 'form' ? { client_id: clientId, client_secret: clientSecret } : {};
  const answer = await fetch(`${sim.url}/${standIn}${path}`, {
    method: 'POST',
    headers: clientIn === 'header' ? { authorization: basic } : {},
    body: new URLSearchParams({
      grant_type: 'refresh_token',
      refresh_token: grant?.token ?? '',
      ...form,
    }),
  });
  const { access_token: token } = (await answer.json()) as { readonly access_token: string };
  return { authorization: `Bearer ${token}` };
}
