/** The page a function runs in, and a relay that answers from a table and counts what it is asked. */
import { october, september } from './month.ts';

export interface Cell {
  readonly value: unknown;
  readonly error: string | null;
  readonly words: string;
}

export type Reply = (path: string, headers: Headers) => Response | Promise<Response> | null;

export const json = (body: unknown, status = 200, headers: Record<string, string> = {}): Response =>
  new Response(JSON.stringify(body), {
    status,
    headers: { 'content-type': 'application/json', ...headers },
  });

export const usual: Reply = (path, headers) => {
  if (path === '/api/session') return json({ currentPeriod: '2026-10' });
  if (/2026-10\/snapshots\/(latest|snap-1)$/.test(path)) {
    if (headers.get('if-none-match') === '"snap-1"') return new Response(null, { status: 304 });
    return json(october, 200, { etag: '"snap-1"' });
  }
  if (/2026-09\/snapshots\//.test(path)) return json(september);
  if (path.endsWith('/2026-10/status')) {
    return json({
      period: '2026-10',
      clients: [
        { clientId: '1-1', word: 'posted', ref: 'MB2610-0042' },
        { clientId: '1-2', word: 'needs you', ref: null },
      ],
    });
  }
  if (path.includes('/2026-10/history')) {
    return json({
      months: [
        { period: '2026-08', origin: 'posted', lines: october.previous?.lines.slice(0, 1) },
        october.previous,
      ],
    });
  }
  return json({ code: 'NOT_FOUND', message: 'There is no such snapshot.', remedy: '' }, 404);
};

class CellError {
  readonly code: string;
  readonly message: string;
  constructor(code: string, message: string) {
    this.code = code;
    this.message = message;
  }
}

type Formula = (...args: unknown[]) => Promise<unknown>;

/** What Excel provides in the add-in's page, as far as a function sees it. */
export interface Page {
  readonly asked: string[];
  readonly ids: () => readonly string[];
  answer(reply: Reply): void;
  token(token: string | null): void;
  online(online: boolean): void;
  call(id: string, ...args: unknown[]): Promise<Cell>;
  callMany(id: string, many: number, ...args: unknown[]): Promise<readonly Cell[]>;
}

export function openPage(): Page {
  const asked: string[] = [];
  const formulas = new Map<string, Formula>();
  let reply: Reply = usual;
  let token: string | null = 'token';
  let isOnline = true;
  let at = 0;
  const later = globalThis.setTimeout;
  Object.assign(globalThis, {
    // Pauses between tries pass a hundred times faster.
    setTimeout: (done: () => void, ms: number) => later(done, ms / 100),
    CustomFunctions: {
      associate: (id: string, formula: Formula) => formulas.set(id, formula),
      Error: CellError,
      ErrorCode: { invalidValue: '#VALUE!', notAvailable: '#N/A' },
    },
    Office: { onReady: () => Promise.resolve() },
    // A workbook without MCC_AsOf and MCC_Period.
    Excel: { run: () => Promise.resolve({ asOf: null, period: null }) },
    fetch: async (url: string, init: RequestInit) => {
      asked.push(url);
      const answer = await reply(url, new Headers(init.headers));
      if (!answer) throw new TypeError('fetch failed');
      return answer;
    },
  });
  Object.defineProperty(globalThis, 'localStorage', {
    configurable: true,
    value: { getItem: () => token },
  });
  Object.defineProperty(globalThis, 'navigator', {
    configurable: true,
    get: () => ({ onLine: isOnline }),
  });
  const call = async (id: string, ...args: unknown[]): Promise<Cell> => {
    at += 1;
    const invocation = { address: `'Oct 2026'!$C$${at}`, functionName: id };
    try {
      return { value: await formulas.get(id)?.(...args, invocation), error: null, words: '' };
    } catch (error) {
      if (!(error instanceof CellError)) throw error;
      return { value: null, error: error.code, words: error.message };
    }
  };
  return {
    asked,
    ids: () => [...formulas.keys()],
    answer: (next) => (reply = next),
    token: (next) => (token = next),
    online: (next) => (isOnline = next),
    call,
    callMany: (id, many, ...args) =>
      Promise.all(Array.from({ length: many }, () => call(id, ...args))),
  };
}
