/** Posting: started once, watched until it rests, decided where a person is needed. */
import type { Batch, Draft, Posting } from '../../src/contract/contract.ts';
import { routes } from '../../src/contract/contract.ts';
import { postedRows } from '../audit.ts';
import { booksWords } from '../books-words.ts';
import { progress, toAppError, work, type Pane } from '../pane.ts';
import { money } from '../words.ts';
import { lookAround } from './around.ts';
import { reading } from './reading.ts';
import { keepResults } from './results.ts';
import { currentSnapshot, readNow } from './review.ts';

const LOOK_MS = 700;
const DOUBT_LOOK_MS = 30_000;
/** Nobody watches for ever: after this a person presses "Refresh this list". */
const LOOKS_MAX = 1_500;

/**
 * Before anything leaves, the sheet is held against the approval; lapsed clients are named. What
 * may stand in the books already stops it until the person has seen it and posts once more.
 */
export async function post(pane: Pane, withoutLapsed: boolean): Promise<void> {
  const { batch, alike } = pane.get();
  if (!batch) return;
  const seen = alike.map(({ invoiceId }) => invoiceId);
  const isStarted = await work(pane, 'Holding the sheet against the approval', async () => {
    const { client } = pane.outside;
    const body = { draft: await draftNow(pane, batch) };
    const compared = await client.call(routes.compare, { params: { batch: batch.id }, body });
    pane.tell({ type: 'learned', news: { batch: compared.batch, lapsed: compared.lapsed } });
    const sent = compared.batch.postings.filter(({ outcome }) => outcome !== 'not_created');
    const stopped = compared.lapsed.filter((one) =>
      sent.every(({ clientId }) => clientId !== one.clientId),
    );
    if (stopped.length > 0 && !withoutLapsed) {
      return `The sheet changed after the approval: ${stopped.map((one) => one.words).join(' ')}`;
    }
    const { doing } = booksWords(pane.get().session);
    progress(pane, doing);
    const started = await client
      .call(routes.post, {
        params: { batch: batch.id },
        body: { key: `post-${batch.id}-${batch.version}`, digest: batch.digest, seen },
      })
      .catch(async (error: unknown) => {
        if (toAppError(error).code === 'LEDGER_CONFLICT') await learnAlike(pane, batch);
        throw error;
      });
    pane.tell({ type: 'learned', news: { batch: started, alike: [], foreignMarks: [] } });
    // Paused meanwhile: what was pressed on an older screen resumes nothing.
    return started.state === 'PAUSED' ? 'It is paused. Nothing was sent.' : `${doing} has started.`;
  });
  // The answer may have got lost on its way while the relay has begun: look, never guess.
  if (isStarted || pane.get().trouble?.code === 'SOURCE_DOWN') await watch(pane);
}

/** What the relay found in the way, one by one, so that a person can say of each what it is. */
async function learnAlike(pane: Pane, batch: Batch): Promise<void> {
  const params = { period: batch.period };
  const found = await pane.outside.client.call(routes.inBooks, { params });
  const { invoices, foreignMarks = [] } = found;
  const alike = invoices.flatMap(({ invoiceId, clientId, clientName, document, ...found }) => {
    const posting = batch.postings.find((one) => one.clientId === clientId);
    if (found.ours || posting?.document !== document || posting.total.amount !== found.total)
      return [];
    const number = found.ref === null ? 'without number' : `number ${found.ref}`;
    const words = `${clientName}: ${document} ${number} of ${found.date} over ${money({ amount: found.total, currency: posting.total.currency })}`;
    return [{ invoiceId, words }];
  });
  pane.tell({ type: 'learned', news: { alike, foreignMarks } });
}

/** Who watches already, and how to wake them before their pause is over. */
const watched = new WeakMap<Pane, () => void>();

/** The relay posts by itself; this only looks, and says once how it ended. */
export async function watch(pane: Pane): Promise<void> {
  const wake = watched.get(pane);
  if (wake) {
    wake();
    return;
  }
  watched.set(pane, () => undefined);
  try {
    for (let looks = 0; looks < LOOKS_MAX; looks += 1) {
      const { batch } = pane.get();
      if (!batch) return;
      const isSeen = await look(pane, batch.id);
      pane.tell({ type: 'learned', news: { online: isSeen } });
      const pauseMs = pauseOf(pane, isSeen);
      if (pauseMs === null) break;
      const woken = new Promise<void>((done) => watched.set(pane, done));
      await Promise.race([pane.outside.delay(pauseMs), woken]);
    }
    await finish(pane);
  } finally {
    watched.delete(pane);
  }
}

/** Soon while invoices are on their way or the relay is away, rarely while it looks for a lost one. */
function pauseOf(pane: Pane, isSeen: boolean): number | null {
  const { batch } = pane.get();
  if (!isSeen || (batch && isRunning(batch))) return LOOK_MS;
  return batch?.postings.some((posting) => posting.state === 'UNKNOWN') ? DOUBT_LOOK_MS : null;
}

type Choice = 'look again' | 'send again' | 'it is there' | 'give up' | 'retry';

/** A person decides about one invoice, with the evidence on screen. */
export async function decidePosting(
  pane: Pane,
  key: string,
  choice: Choice,
  more: { readonly invoiceId?: string; readonly reason?: string },
): Promise<void> {
  const { batch } = pane.get();
  if (!batch) return;
  const isDone = await work(pane, 'One moment', async () => {
    const params = { batch: batch.id, key };
    const decided = await pane.outside.client.call(routes.decide, {
      params,
      body: { choice, ...more },
    });
    pane.tell({ type: 'learned', news: { batch: decided } });
    const { became } = await import('../posting-news.ts');
    return became(decided, key, booksWords(pane.get().session));
  });
  if (isDone) await watch(pane);
}

/** Only what is certainly not in the books is tried again: never what is in doubt. */
export async function retryFailed(pane: Pane): Promise<void> {
  const failed = pane.get().batch?.postings.filter(canRetry) ?? [];
  for (const posting of failed) await decidePosting(pane, posting.key, 'retry', {});
}

export const canRetry = ({ retriable, outcome }: Posting): boolean =>
  retriable && outcome === 'not_created';

export async function lookAgain(pane: Pane): Promise<void> {
  const { batch } = pane.get();
  if (!batch) return;
  await work(pane, 'Looking', async () => {
    pane.tell({ type: 'learned', news: { batch: await fetchBatch(pane, batch.id) } });
    await lookAround(pane);
    return 'This is how it stands now.';
  });
  await watch(pane);
}

/** Paused, what is under way still ends. */
const isRunning = (batch: Batch): boolean =>
  batch.postings.some(
    ({ state }) =>
      (state === 'SENDING' && ['POSTING', 'PAUSED'].includes(batch.state)) ||
      (state === 'READY' && batch.state === 'POSTING'),
  );

/** A relay that is away for a moment (restart) is no trouble: it goes on where it was. */
async function look(pane: Pane, id: string): Promise<boolean> {
  try {
    pane.tell({ type: 'learned', news: { batch: await fetchBatch(pane, id) } });
    return true;
  } catch {
    return false;
  }
}

const fetchBatch = (pane: Pane, id: string): Promise<Batch> =>
  pane.outside.client.call(routes.batch, { params: { batch: id } });

async function finish(pane: Pane): Promise<void> {
  const { batch, session } = pane.get();
  const { workbook, runtime, storage } = pane.outside;
  runtime.snapshots.forgetStatus();
  if (!batch || batch.state === 'APPROVED') return;
  await keepResults(pane);
  const posted = batch.postings.filter((posting) => posting.state === 'POSTED').length;
  const words = booksWords(session);
  const { tally } = await import('../posting-news.ts');
  pane.tell({ type: 'learned', news: { announced: `${tally(batch.postings, words)}.` } });
  const mark = `mcc.audited.${batch.id}`;
  if (posted === 0 || storage.getItem(mark) === String(posted)) return;
  await workbook.appendAudit(
    postedRows(batch, {
      at: session?.now ?? batch.preparedAt,
      person: session?.person ?? '',
      done: words.done,
    }),
  );
  storage.setItem(mark, String(posted));
}

/** What the sheet says now of the clients in the approval, blocked or not: the relay names what differs. */
async function draftNow(pane: Pane, batch: Batch): Promise<Draft> {
  const { draftOfClients } = await reading();
  const review = await readNow(pane, pane.get().review?.snapshot ?? (await currentSnapshot(pane)));
  pane.tell({ type: 'learned', news: { review } });
  const approved = new Set(batch.postings.map((posting) => posting.clientId));
  const { decisions } = pane.get();
  return {
    ...draftOfClients(review, pane.outside.workbook.title(), decisions, approved),
    held: batch.held,
  };
}
