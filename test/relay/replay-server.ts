/** A small HTTP server on a free port that answers as a recording or a test says. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Seen {
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

export interface Reply {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** An object is sent as JSON, a text as it is. */
  readonly body?: unknown;
  /** Ends the connection after the headers and so many bytes of the body. */
  readonly cutAt?: number;
  /** Never answers. */
  readonly hang?: boolean;
  /** So many bytes of the letter x instead of a body, as fast as they are taken. */
  readonly bytes?: number;
  /** Breaks the connection without an answer. */
  readonly reset?: boolean;
}

export interface Server {
  readonly url: string;
  readonly seen: Seen[];
  close(): Promise<void>;
}

export async function startServer(answer: (seen: Seen, nth: number) => Reply): Promise<Server> {
  const seen: Seen[] = [];
  const server = createServer((request, response) => {
    void toSeen(request).then((one) => {
      seen.push(one);
      send(response, answer(one, seen.length));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${String(port)}`,
    seen,
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}

async function toSeen(request: IncomingMessage): Promise<Seen> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const url = new URL(request.url ?? '/', 'http://replay.example');
  return {
    method: request.method ?? '',
    path: url.pathname,
    query: Object.fromEntries(url.searchParams),
    headers: request.headers,
    body: Buffer.concat(chunks).toString('utf8'),
  };
}

function send(response: ServerResponse, reply: Reply): void {
  if (reply.hang) return;
  if (reply.reset) {
    response.socket?.resetAndDestroy();
    return;
  }
  if (reply.bytes !== undefined) {
    sendBytes(response, reply.bytes);
    return;
  }
  const text = typeof reply.body === 'string' ? reply.body : JSON.stringify(reply.body ?? null);
  const length = String(Buffer.byteLength(text));
  response.writeHead(reply.status ?? 200, {
    'content-type': 'application/json',
    'content-length': length,
    ...reply.headers,
  });
  if (reply.cutAt === undefined) {
    response.end(text);
    return;
  }
  response.write(text.slice(0, reply.cutAt), () => response.socket?.destroy());
}

const CHUNK = Buffer.alloc(1024 * 1024, 'x');

function sendBytes(response: ServerResponse, bytes: number): void {
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': String(bytes) });
  let left = bytes;
  const more = (): void => {
    while (left > 0 && !response.destroyed) {
      left -= CHUNK.byteLength;
      if (!response.write(CHUNK)) {
        response.once('drain', more);
        return;
      }
    }
    response.end();
  };
  more();
}
