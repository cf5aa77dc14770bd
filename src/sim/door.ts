/** The HTTP side: takes a request off the wire, lets faults strike, puts the answer on the wire. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { timedOut } from './conductor/errors.ts';
import type { SimAnswer, SimRequest } from './exchange.ts';
import type { Fault } from './faults.ts';
import { STAND_INS } from './registry.ts';
import { emptied, loginPage, patched, renamed, statusAnswer, withRowsOf } from './spoiled.ts';
import type { StandIns } from './stand-ins.ts';

const PAGING = [
  'after',
  'page',
  'options.page',
  'pageId',
  'page_no',
  'page_token',
  'cursor',
  '$skip',
  'offset',
  'seekOperation',
];
const PAGING_HEADERS = ['ms-continuationtoken'];
const SLOW_MS = 1000;

/** Null when the address is no vendor's. */
export function toSimRequest(request: FastifyRequest, nowMs: number): SimRequest | null {
  const url = new URL(request.url, 'http://127.0.0.1');
  const [, system = '', ...rest] = url.pathname.split('/');
  const base = STAND_INS.find((one) => one.system === system)?.base;
  const own = `/${rest.join('/')}`;
  if (base === undefined || !own.startsWith(`${base}/`)) return null;
  return {
    system,
    method: request.method,
    path: own.slice(base.length),
    query: url.searchParams,
    headers: Object.fromEntries(
      Object.entries(request.headers).map(([key, value]) => [key, value?.toString()]),
    ),
    body: typeof request.body === 'string' ? request.body : '',
    nowMs,
    baseUrl: `http://${request.headers.host ?? '127.0.0.1'}/${system}${base}`,
  };
}

/** A place of the system is taken from the arrival of a request to its answer. */
export async function handle(
  request: SimRequest,
  reply: FastifyReply,
  standIns: StandIns,
): Promise<void> {
  const { underWay } = standIns;
  const others = underWay.get(request.system) ?? 0;
  underWay.set(request.system, others + 1);
  try {
    const { atOnce } = STAND_INS.find(({ system }) => system === request.system) ?? {};
    const isFull = standIns.options().rateLimits && atOnce !== undefined && others >= atOnce.max;
    if (isFull) refuseOne(request, reply, standIns, atOnce.refuse());
    else await work(request, reply, standIns);
  } finally {
    underWay.set(request.system, (underWay.get(request.system) ?? 1) - 1);
  }
}

function refuseOne(
  request: SimRequest,
  reply: FastifyReply,
  standIns: StandIns,
  answer: SimAnswer,
): void {
  standIns.remember(request, answer, null);
  put(reply, answer, null);
}

async function work(request: SimRequest, reply: FastifyReply, standIns: StandIns): Promise<void> {
  const fault = standIns.faults.take(request);
  const ms =
    (standIns.options().latencyMs ?? 0) + (fault?.fault === 'slow' ? (fault.ms ?? SLOW_MS) : 0);
  if (ms > 0) await standIns.clock.sleep(ms);
  const answer = fault
    ? await faultyAnswer(fault, request, standIns)
    : await standIns.answer(request);
  standIns.remember(request, answer, fault === null || fault.fault === 'slow' ? null : fault.fault);
  put(reply, answer, fault);
}

/** The answer under a fault; null when none comes. */
async function faultyAnswer(
  fault: Fault, request: SimRequest, standIns: StandIns,
): Promise<SimAnswer | null> {
  switch (fault.fault) {
    case 'drop-request':
      return null;
    case 'status':
      if (fault.work) await standIns.answer(request);
      return statusAnswer(fault);
    case 'html':
      if (fault.work) await standIns.answer(request);
      return loginPage();
    case 'late-landing':
      return landLater(fault, request, standIns);
    case 'empty-list':
      return emptied(await standIns.answer(request));
    case 'changed-schema':
      return renamed(await standIns.answer(request));
    case 'patch':
      return patched(await standIns.answer(request), fault.set ?? {});
    case 'repeat-page':
      return withRowsOf(await standIns.answer(request), await standIns.answer(firstPage(request)));
    case 'twice': {
      const first = await standIns.answer(request);
      await standIns.answer(request);
      return first;
    }
    case 'hold-answer':
    case 'drop-answer':
    case 'reset':
    case 'truncate':
    case 'slow':
      return standIns.answer(request);
  }
} // prettier-ignore

function landLater(fault: Fault, request: SimRequest, standIns: StandIns): SimAnswer {
  let isDone = false;
  const work = async (): Promise<void> => {
    if (isDone) return;
    isDone = true;
    await standIns.answer({ ...request, nowMs: standIns.clock.nowMs() });
  };
  standIns.later(work);
  if (fault.ms !== undefined) standIns.clock.after(fault.ms, work);
  return fault.status === undefined ? timedOut() : statusAnswer(fault);
}

function firstPage(request: SimRequest): SimRequest {
  const query = new URLSearchParams(request.query);
  for (const name of PAGING) query.delete(name);
  // QuickBooks Online writes the page into its statement.
  const statement = query.get('query')?.replace(/ startposition \d+/i, '');
  if (statement !== undefined) query.set('query', statement);
  const headers = Object.entries(request.headers).filter(
    ([name]) => !PAGING_HEADERS.includes(name),
  );
  // Sage Intacct writes it into its question.
  const body = request.body.replace(/"start":\d+/, '"start":1');
  return { ...request, query, body, headers: Object.fromEntries(headers) };
}

function put(reply: FastifyReply, answer: SimAnswer | null, fault: Fault | null): void {
  reply.hijack();
  const { raw } = reply;
  // The books have it; nobody will ever hear of it. The connection stays open.
  if (fault?.fault === 'hold-answer') return;
  if (answer === null || fault?.fault === 'drop-answer') {
    raw.socket?.destroy();
    return;
  }
  const text = typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body);
  const bytes = Buffer.from(text, 'utf8');
  const half = bytes.subarray(0, Math.floor(bytes.length / 2));
  const isCut = fault?.fault === 'truncate';
  if (isCut && bytes.length === 0) {
    // Where there is no body, it is the head that breaks off.
    raw.socket?.end(`HTTP/1.1 ${String(answer.status)}`);
    return;
  }
  const length = String(isCut ? half.length : bytes.length);
  raw.writeHead(answer.status, { ...answer.headers, 'content-length': length });
  if (fault?.fault === 'reset') raw.write(half, () => raw.socket?.resetAndDestroy());
  else raw.end(isCut ? half : bytes);
}
