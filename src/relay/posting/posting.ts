/** Posting as the rest of the relay sees it: the handlers of its routes and a worker behind them. */
import { randomInt, randomUUID } from 'node:crypto';
import { nameFingerprint } from '../counts/clients.ts';
import type {
  Handler,
  Posting,
  PostingHandlers,
  PostingRouteName,
  RelayContext,
} from '../handlers.ts';
import type { Day } from '../../core/billing-period.ts';
import type { RelayConfig } from '../config.ts';
import { isPlayground } from '../config.ts';
import type { BatchRow } from '../store/posting.ts';
import { createPostingStore } from '../store/posting-store.ts';
import { approve, requireBatch } from './approve.ts';
import { unpark } from './caps.ts';
import { closeClient } from './close-client.ts';
import { pinCompany } from './company.ts';
import { compare } from './compare.ts';
import { decide } from './decide.ts';
import type { Engine } from './engine.ts';
import { beside } from './beside.ts';
import { booksState, knowMark, toSweep } from './books-state.ts';
import { foreignMarks, inBooks } from './in-books.ts';
import { batchOf, doubt, isSealed, postedMonths, troubles } from './months.ts';
import {
  NO_MACHINE,
  type Asker,
  type Ids,
  type PostingPolicy,
  type PostingPorts,
} from './ports.ts';
import { createPost } from './post.ts';
import { endRecovery, recoveryShown, refuseInRecovery } from './recovery.ts';
import { createScheduler } from './scheduler.ts';
import { spotCheck, spotVerdict } from './spot-check.ts';
import { cancel, pause, statusesOf } from './stop.ts';
import { submit } from './submit.ts';
import { sweep } from './sweep.ts';
import { toBatch } from './view.ts';
import { createWorker, type Worker } from './worker.ts';

/** F26: prices and counts older than this are looked at again. */
const APPROVAL_HOURS = 72;

const realIds: Ids = { uuid: () => randomUUID(), seed: () => randomInt(2 ** 31) };

export function createPosting(context: RelayContext): Posting {
  return createPostingOn(portsOf(context)).posting;
}

/** The same on any ports: tests and the simulator come in here. */
export function createPostingOn(ports: PostingPorts): {
  readonly posting: Posting;
  readonly engine: Engine;
  readonly worker: Worker;
} {
  const engine: Engine = {
    ...ports,
    lease: { fence: 0, holder: ports.ids.uuid() },
    quiet: { until: null },
    reach: (name) => ports.failpoints.reach(name),
  };
  const worker = createWorker(engine);
  // Nothing is written before the connection is taken over, whoever comes first: seed or start.
  let taken: Promise<void> | null = null;
  // Tried again by the next who comes when it failed, for example on a full disk.
  const takeOver = (): Promise<void> =>
    (taken ??= worker.recover().catch((cause: unknown) => {
      taken = null;
      throw cause;
    }));
  const posting: Posting = {
    handlers: handlersOf(engine, takeOver),
    async recover() {
      await takeOver();
      worker.start();
    },
    settled: (batchId) => settled(engine, worker, batchId),
    stop: () => worker.stop(),
    postedMonths: (before, limit) => postedMonths(engine, before, limit),
    isSealed: (period) => isSealed(engine, period),
    async batchOf(period) {
      const batch = await batchOf(engine, period);
      return batch && { id: batch.id, snapshotId: batch.snapshot_id };
    },
    async pinCompany(company) {
      await takeOver();
      await pinCompany(engine, company);
    },
    doubt: () => doubt(engine),
    troubles: () => troubles(engine),
    async recovery() {
      await takeOver();
      return recoveryShown(engine);
    },
    async endRecovery(reason, asker) {
      await takeOver();
      await endRecovery(engine, reason, asker);
    },
  };
  return { posting, engine, worker };
}

function portsOf(context: RelayContext): PostingPorts {
  const { config, store, clock, log, books, directory, failpoints, machine } = context;
  return {
    store: createPostingStore({ store, clock, directory }),
    clock,
    books,
    failpoints,
    machine: machine ?? NO_MACHINE,
    ids: realIds,
    scheduler: createScheduler(),
    services: config.services,
    policy: policyOf(config),
    // One relay, one set of books: the connection tells two companies apart.
    tenant: 'local',
    timeZone: config.timeZone,
    instance: context.instance,
    restored: context.restored,
    fingerprint: nameFingerprint,
    warn: (words, about) => log.warn(about, words),
  };
}

function policyOf(config: RelayConfig): PostingPolicy {
  return {
    twoPersons: config.twoPersons,
    approvalHours: APPROVAL_HOURS,
    invoicesPerBatchMax: config.caps.invoicesMax,
    amountPerInvoiceMax: config.caps.invoiceMax,
    amountPerBatchMax: config.caps.batchMax,
    changePercentMax: config.caps.changePercent,
    postingEnabled: config.books.postingEnabled ?? isPlayground(config.profile),
  };
}

function handlersOf(engine: Engine, takeOver: () => Promise<void>): PostingHandlers {
  const post = createPost(engine);
  const show = (batch: BatchRow) => toBatch(engine, batch);
  const own =
    <Name extends PostingRouteName>(handler: Handler<Name>): Handler<Name> =>
    async (request) => {
      await takeOver();
      return handler(request);
    };
  /** What has to wait until a restored database was held against the books. */
  const settledOnly =
    <Name extends PostingRouteName>(handler: Handler<Name>): Handler<Name> =>
    async (request) => {
      await takeOver();
      await refuseInRecovery(engine);
      return handler(request);
    };
  return {
    submit: settledOnly<'submit'>(async (request) =>
      show(await submit(engine, request.body, askerOf(request))),
    ),
    batch: own<'batch'>(async ({ params }) => show(await requireBatch(engine.store, params.batch))),
    approve: settledOnly<'approve'>(async (request) => {
      return show(await approve(engine, request.params.batch, request.body, askerOf(request)));
    }),
    compare: settledOnly<'compare'>(async (request) => {
      const { batch } = request.params;
      const result = await compare(engine, batch, request.body.draft, askerOf(request));
      return { batch: await show(result.batch), lapsed: [...result.lapsed] };
    }),
    post: settledOnly<'post'>(async (request) => {
      return show(await post(request.params.batch, request.body, askerOf(request)));
    }),
    decide: settledOnly<'decide'>(async (request) => {
      return show(await decide(engine, request.params, request.body, askerOf(request)));
    }),
    spotCheck: settledOnly<'spotCheck'>((request) => {
      return spotCheck(engine, request.params.batch, request.body, askerOf(request));
    }),
    spotVerdict: settledOnly<'spotVerdict'>((request) => {
      return spotVerdict(engine, request.params, request.body, askerOf(request));
    }),
    status: own<'status'>(({ params }) => statusesOf(engine, params.period)),
    pause: own<'pause'>(async (request) =>
      show(await pause(engine, request.params.batch, request.body.reason, askerOf(request))),
    ),
    cancel: settledOnly<'cancel'>(async (request) =>
      show(await cancel(engine, request.params.batch, request.body.reason, askerOf(request))),
    ),
    closeClient: settledOnly<'closeClient'>(async (request) => {
      const { period, client: clientId } = request.params;
      await closeClient(engine, { period, clientId }, request.body.reason, askerOf(request));
      return statusesOf(engine, period);
    }),
    inBooks: own<'inBooks'>(async ({ params }) => ({
      foreignMarks: [...(await foreignMarks(engine, params.period))],
      invoices: (await inBooks(engine, params.period)).map(({ invoice, ...client }) => {
        const { id: invoiceId, document, ref, date, subtotal: total } = invoice;
        const alikeTo = [...client.alikeTo];
        return { ...client, alikeTo, invoiceId, document, ref, date: date as Day, total };
      }),
    })),
    beside: own<'beside'>(({ params }) => beside(engine, params)),
    books: own<'books'>(() => booksState(engine)),
    sweep: own<'sweep'>(async () => toSweep(engine, await sweep(engine))),
    unpark: own<'unpark'>(async (request) => {
      await unpark(engine, request.body.reason, askerOf(request));
      return booksState(engine);
    }),
    endRecovery: own<'endRecovery'>(async (request) => {
      await endRecovery(engine, request.body.reason, askerOf(request));
      return booksState(engine);
    }),
    knowMark: own<'knowMark'>(async (request) => {
      await knowMark(engine, request.body, askerOf(request));
      return booksState(engine);
    }),
  };
}

const askerOf = ({ person, requestId }: Asker): Asker => ({ person, requestId });

/** Works until nothing of the batch can move without a person or time passing. */
async function settled(engine: Engine, worker: Worker, batchId: string): Promise<void> {
  const batch = await engine.store.findBatch(batchId);
  if (batch?.state === 'POSTING') await worker.tick();
}
