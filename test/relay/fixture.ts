/** A real relay over real HTTPS on a free port, with a real database in a folder of its own. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { request, type RequestOptions } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseConfig } from '../../src/relay/config.ts';
import { startRelay, type RelayOptions, type RunningRelay } from '../../src/relay/relay.ts';

/** Nothing listens there: for tests that need no books. */
const NOWHERE = 'http://127.0.0.1:9';

export const plainConfig = (): Record<string, unknown> => ({
  profile: 'lab',
  person: 'Dana Whitfield',
  currency: 'USD',
  timeZone: 'America/Chicago',
  connections: [],
  books: {
    adapter: 'conductor',
    settings: { baseUrl: NOWHERE, apiKey: 'sk_conductor_test', endUserId: 'end_usr_test' },
  },
  services: [
    { id: 'WS', name: 'Managed workstation', basis: 'active', unit: 'device', item: 'Workstation' },
  ],
});

export const makeFolder = (): string => mkdtempSync(join(tmpdir(), 'mcc-relay-'));

export interface TestRelay extends RunningRelay {
  readonly data: string;
  /** Asks with our header, as the pane would; what is given wins. */
  ask(options: AskOptions): Promise<Answer>;
  /** The same with a token, got by pairing at the first call. */
  asked(options: AskOptions): Promise<Answer>;
  remove(): Promise<void>;
}

export interface AskOptions {
  readonly method?: string;
  readonly path: string;
  /** Null takes a header away. */
  readonly headers?: Readonly<Record<string, string | null>>;
  /** Text and bytes go as they are, anything else as JSON. */
  readonly body?: unknown;
}

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- tests look into answers freely
  readonly json: any;
}

export async function startTestRelay(
  config: Record<string, unknown> = plainConfig(),
  more: Partial<RelayOptions> = {},
): Promise<TestRelay> {
  const data = more.data ?? makeFolder();
  const loaded = parseConfig(config, process.env);
  const wish = { port: 0, insist: false };
  const options = { loaded, data, wish, version: '0.0.0', syncAtStart: false, ...more };
  const relay = await startRelay(options);
  const ca = readFileSync(relay.certificate, 'utf8');
  const ask = (asked: AskOptions): Promise<Answer> => send({ ca, port: relay.port }, asked);
  let token: Promise<string> | null = null;
  const pair = async (): Promise<string> => {
    const answer = await ask({ method: 'POST', path: '/api/pair', body: { code: relay.code } });
    return answer.json.token as string;
  };
  return {
    ...relay,
    data,
    ask,
    async asked(options) {
      token ??= pair();
      const authorization = `Bearer ${await token}`;
      return ask({ ...options, headers: { authorization, ...options.headers } });
    },
    async remove() {
      await relay.stop();
      rmSync(data, { recursive: true, force: true });
    },
  };
}

/** One call on a connection of its own, to a relay in this or another process. */
export function send(to: { ca: string; port: number }, asked: AskOptions): Promise<Answer> {
  const { method = 'GET', path, body } = asked;
  const payload = body === undefined ? null : isAsItIs(body) ? body : JSON.stringify(body);
  const headers: Record<string, string | null> = {
    'x-mcc': '1',
    ...(payload === null ? {} : { 'content-type': 'application/json' }),
    ...asked.headers,
  };
  const kept = Object.entries(headers).filter((pair): pair is [string, string] => pair[1] !== null);
  const options: RequestOptions = {
    host: '127.0.0.1', servername: 'localhost', port: to.port, path, method, ca: to.ca, agent: false,
    headers: { host: `localhost:${to.port}`, ...Object.fromEntries(kept) },
  }; // prettier-ignore
  return new Promise((resolve, reject) => {
    const outgoing = request(options, (answer) => {
      const chunks: Buffer[] = [];
      answer.on('data', (chunk: Buffer) => chunks.push(chunk));
      answer.on('end', () => {
        const text = Buffer.concat(chunks).toString('utf8');
        resolve({
          status: answer.statusCode ?? 0,
          headers: answer.headers,
          text,
          json: parse(text),
        });
      });
    });
    outgoing.on('error', reject);
    outgoing.end(payload ?? undefined);
  });
}

const isAsItIs = (body: unknown): body is string | Uint8Array =>
  typeof body === 'string' || ArrayBuffer.isView(body);

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
