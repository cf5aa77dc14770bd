/** Starts the stand-ins over real HTTP on a loopback port, in this process. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import Fastify, { type FastifyInstance } from 'fastify';
import type { SampleVariant } from '../sample/model.ts';
import { NOW, sampleWorld } from '../sample/world.ts';
import { createSimClock, type SimClock } from './clock.ts';
import { openBooks, type Books } from './conductor/books.ts';
import { addCustomer, addItem } from './conductor/office.ts';
import { addControl } from './control.ts';
import { handle, toSimRequest } from './door.ts';
import type { SimOptions } from './options.ts';
import { createStandIns, type StandIns } from './stand-ins.ts';

export interface StartSimOptions {
  readonly variant?: SampleVariant;
  /** Where the books are kept; absent: in memory. */
  readonly stateDir?: string;
  /** Absent or 0: any free port. */
  readonly port?: number;
  readonly options?: SimOptions;
  /** Absent: one that runs on from the sample's Sunday. */
  readonly clock?: SimClock;
  /**
   * Where every exchange is appended as one line of JSON; absent: what MCC_EXCHANGES names; null:
   * nowhere, for whoever asks by hand and wrongly on purpose.
   */
  readonly exchangesFile?: string | null;
}

export interface RunningSim {
  readonly url: string;
  readonly standIns: StandIns;
  close(): Promise<void>;
}

const LOOPBACK = '127.0.0.1';
const BODY_BYTES_MAX = 2_000_000;
const BOOKS_BEGAN_MS = Date.parse('2025-06-02T08:00:00Z');
const OTHER_KINDS: Readonly<Record<string, 'other_charge' | 'non_inventory'>> = {
  ADJ: 'other_charge',
  HW: 'non_inventory',
};

export async function startSim(start: StartSimOptions = {}): Promise<RunningSim> {
  const variant = start.variant ?? 'planted';
  const books = openBooks(journalPath(start.stateDir));
  if (books.isEmpty()) fillWithSample(books, variant);
  const standIns = createStandIns({
    variant,
    books,
    stateDir: start.stateDir ?? null,
    clock: start.clock ?? createSimClock(NOW),
    options: start.options ?? {},
    exchangesFile: exchangesFileOf(start),
  });
  const app = buildApp(standIns);
  const url = await app.listen({ host: LOOPBACK, port: start.port ?? 0 });
  return {
    url,
    standIns,
    async close() {
      await app.close();
      books.close();
      for (const ledger of standIns.ledgers.values()) ledger.close();
    },
  };
}

const exchangesFileOf = ({ exchangesFile }: StartSimOptions): string | null =>
  exchangesFile === undefined ? (process.env['MCC_EXCHANGES'] ?? null) : exchangesFile;

function journalPath(stateDir: string | undefined): string | null {
  if (stateDir === undefined) return null;
  mkdirSync(stateDir, { recursive: true });
  return join(stateDir, 'books.jsonl');
}

function buildApp(standIns: StandIns): FastifyInstance {
  // A held answer must not keep the process from ending.
  const app = Fastify({ forceCloseConnections: true, bodyLimit: BODY_BYTES_MAX });
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => done(null, body));
  addControl(app, standIns);
  app.all('/*', async (request, reply) => {
    const asked = toSimRequest(request, standIns.clock.nowMs());
    if (asked) return handle(asked, reply, standIns);
    return reply.code(404).send({ error: `No stand-in answers ${request.url}` });
  });
  return app;
}

/** The company file as it was before the first month was ever billed. */
function fillWithSample(books: Books, variant: SampleVariant): void {
  const world = sampleWorld(variant);
  books.write({ event: 'company', name: world.company.name });
  for (const { id, name } of world.parents) {
    addCustomer(books, { id, name, isActive: true }, BOOKS_BEGAN_MS);
  }
  for (const { id, name, code } of world.customers) {
    addCustomer(books, { id, name, code, isActive: true }, BOOKS_BEGAN_MS);
  }
  for (const { id, item } of world.services) {
    if (!item) continue;
    const kind = OTHER_KINDS[id] ?? 'service';
    addItem(
      books,
      { id: item.id, name: item.name, kind, price: item.price, isActive: true },
      BOOKS_BEGAN_MS,
    );
  }
}
