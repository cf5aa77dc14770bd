// A client of a relay that was just started, paired with its one-time code.
import { readFileSync } from 'node:fs';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { createClient, type Client } from '../../../src/client/client.ts';
import { routes } from '../../../src/contract/contract.ts';
import type { RelayReady } from '../../../src/start/parts.ts';

export async function openClient(ready: RelayReady): Promise<Client> {
  const own = readFileSync(ready.certificate, 'utf8');
  setDefaultCACertificates([...getCACertificates('default'), own]);
  let token: string | null = null;
  const client = createClient({ url: ready.url, token: () => token, fetch });
  token = (await client.call(routes.pair, { body: { code: ready.code } })).token;
  return client;
}
