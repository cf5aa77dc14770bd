/** Listens on this machine alone: 127.0.0.1, and ::1 where there is one, under one port. */
import { randomUUID } from 'node:crypto';
import { createServer, type Server } from 'node:https';
import type { FastifyInstance } from 'fastify';
import { AppError } from '../core/errors.ts';
import { toProblem } from './problem.ts';

export interface Wish {
  readonly port: number;
  /** The port stands in a manifest or was asked for by hand: taken means stop, not another one. */
  readonly insist: boolean;
}

interface Tls {
  readonly cert: string;
  readonly key: string;
}

const PORTS_TRIED = 20;
const SLOW_CLIENT_MS = 30_000;
const HEADER_BYTES_MAX = 16 * 1024;
/** A thousand clicks at once wait in line; Node's own 511 would reset the rest. */
const WAITING_MAX = 4096;
const NO_SUCH_ADDRESS = new Set(['EADDRNOTAVAIL', 'EAFNOSUPPORT', 'EINVAL']);
const CHOICES_TRIED = 5;

/** Resolves with the port; the listeners close with the app. */
export async function listenOnLoopback(
  app: FastifyInstance,
  tls: Tls,
  wish: Wish,
): Promise<number> {
  const servers: Server[] = [];
  app.addHook('onClose', async () => {
    await Promise.all(servers.map(closeServer));
  });
  await app.ready();
  for (const port of portsToTry(wish)) {
    const listening = await listenAt(app, tls, port);
    if (!listening) continue;
    servers.push(...listening.servers);
    return listening.port;
  }
  const last = wish.port + PORTS_TRIED - 1;
  const which = wish.insist
    ? `port: ${String(wish.port)} is taken by another program.`
    : `port: ${String(wish.port)} to ${String(last)} are all taken by other programs.`;
  throw new AppError('SETUP_MISSING', `${which} Stop it, or choose another port.`);
}

function portsToTry({ port, insist }: Wish): number[] {
  if (port === 0) return Array.from({ length: CHOICES_TRIED }, () => 0);
  return insist ? [port] : Array.from({ length: PORTS_TRIED }, (_, index) => port + index);
}

/** Both addresses or neither: whoever held the other one would receive our visitors. */
async function listenAt(
  app: FastifyInstance,
  tls: Tls,
  wanted: number,
): Promise<{ port: number; servers: Server[] } | null> {
  const first = makeServer(app, tls);
  if ((await tryListen(first, '127.0.0.1', wanted)) !== 'listening') return null;
  const address = first.address();
  const port = typeof address === 'object' && address ? address.port : wanted;
  const second = makeServer(app, tls);
  const outcome = await tryListen(second, '::1', port);
  if (outcome === 'listening') return { port, servers: [first, second] };
  if (outcome === 'no such address') return { port, servers: [first] };
  await closeServer(first);
  return null;
}

function makeServer(app: FastifyInstance, tls: Tls): Server {
  const options = { ...tls, minVersion: 'TLSv1.2', maxHeaderSize: HEADER_BYTES_MAX } as const;
  const server = createServer(options, (request, response) => app.routing(request, response));
  server.requestTimeout = SLOW_CLIENT_MS;
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    if (error.code === 'ECONNRESET' || !socket.writable) socket.destroy();
    else socket.end(refusalOf(error.code === 'HPE_HEADER_OVERFLOW' ? 431 : 400));
  });
  return server;
}

function tryListen(
  server: Server,
  host: string,
  port: number,
): Promise<'listening' | 'taken' | 'no such address'> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') resolve('taken');
      else if (NO_SUCH_ADDRESS.has(error.code ?? '')) resolve('no such address');
      else reject(error);
    });
    const where = { host, port, exclusive: true, ipv6Only: host === '::1', backlog: WAITING_MAX };
    server.listen(where, () => resolve('listening'));
  });
}

const closeServer = (server: Server): Promise<void> =>
  new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });

/** Bytes that are no HTTP at all never reach a route; they get the same kind of answer. */
function refusalOf(status: number): string {
  const body = JSON.stringify(toProblem({ statusCode: status }, randomUUID()));
  const head = [
    `HTTP/1.1 ${String(status)} Refused`,
    'content-type: application/problem+json; charset=utf-8',
    `content-length: ${String(Buffer.byteLength(body))}`,
    'x-content-type-options: nosniff',
    'connection: close',
  ];
  return `${head.join('\r\n')}\r\n\r\n${body}`;
}
