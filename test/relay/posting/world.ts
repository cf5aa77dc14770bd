/** A whole world for one test, and the few actions a person has. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Draft } from '../../../src/contract/contract.ts';
import type { PostingHandlers } from '../../../src/relay/handlers.ts';
import { openMemoryStore, openStore, type Store } from '../../../src/relay/store/database.ts';
import { createFakeBooks, PLAIN_WEAK, type BooksClass, type FakeBooks } from './fake-books.ts';
import { createFakeClock } from './fake-clock.ts';
import { createFakeDirectory, plainDraft, type Running, type World } from './fake-ports.ts'; // prettier-ignore

export const ANNA = { person: 'Anna', requestId: 'r1' };
export const BEN = { person: 'Ben', requestId: 'r2' };

const opened: { store: Store; folder: string | null }[] = [];
const allBooks: FakeBooks[] = [];

export async function closeWorlds(): Promise<void> {
  for (const { store, folder } of opened.splice(0)) {
    await store.destroy();
    if (folder !== null) rmSync(folder, { recursive: true, force: true });
  }
  // One worker sends, and one invoice at a time: asked of every world of every test.
  assert.deepEqual(
    allBooks.splice(0).flatMap(({ overlapping }) => overlapping),
    [],
  );
}

/** Opens the file of a world once more, as a new process would. */
export async function reopen(world: World): Promise<World> {
  const folder = opened.find(({ store }) => store === world.store)?.folder;
  if (folder == null) throw new Error('this world is not on disk');
  const store = await openStore(folder);
  opened.unshift({ store, folder: null });
  return { ...world, store };
}

export async function makeWorld(
  options: { clients?: number; kind?: BooksClass; onDisk?: boolean } = {},
): Promise<World> {
  const folder = options.onDisk ? mkdtempSync(join(tmpdir(), 'mcc-posting-')) : null;
  const store = folder === null ? await openMemoryStore() : await openStore(folder);
  opened.push({ store, folder });
  return worldOn(store, 'books', options);
}

export function worldOn(
  store: Store,
  connection: string,
  { clients = 3, kind = PLAIN_WEAK }: { clients?: number; kind?: BooksClass } = {},
): World {
  const clock = createFakeClock();
  const books = createFakeBooks(clock, kind);
  allBooks.push(books);
  return { store, clock, books, connection, directory: createFakeDirectory(books, clients) };
}

/** A batch as the relay shows it. */
export type Batch = Awaited<ReturnType<PostingHandlers['batch']>>;
type Posting = Batch['postings'][number];
type Asker = typeof ANNA;
const asked = (asker: Asker) => ({ ...asker, query: {}, params: {} });

export const actions = ({ posting }: Pick<Running, 'posting'>) => ({
  submit: (draft: Draft, key = 'key-1', asker: Asker = ANNA): Promise<Batch> =>
    posting.handlers.submit({ ...asked(asker), body: { key, draft } }),
  approve: (batch: Batch, asker: Asker = ANNA): Promise<Batch> =>
    posting.handlers.approve({
      ...asked(asker),
      params: { batch: batch.id },
      body: { digest: batch.digest, version: batch.version },
    }),
  post: (batch: Batch, key = 'post-1', asker: Asker = ANNA): Promise<Batch> =>
    posting.handlers.post({
      ...asked(asker),
      params: { batch: batch.id },
      body: { key, digest: batch.digest },
    }),
  compare: (batch: Batch, draft: Draft) =>
    posting.handlers.compare({ ...asked(ANNA), params: { batch: batch.id }, body: { draft } }),
  look: (batch: Pick<Batch, 'id'>): Promise<Batch> =>
    posting.handlers.batch({ ...asked(ANNA), params: { batch: batch.id }, body: {} }),
  decide: (
    batch: Pick<Batch, 'id'>,
    key: string,
    choice: 'look again' | 'send again' | 'it is there' | 'give up' | 'retry',
    invoiceId?: string,
  ): Promise<Batch> =>
    posting.handlers.decide({
      ...asked(ANNA),
      params: { batch: batch.id, key },
      body: { choice, ...(invoiceId === undefined ? {} : { invoiceId }) },
    }),
});

/** Submitted, approved and posted, with nothing sent yet. */
export async function posted(running: Running, draft: Draft = plainDraft(3)): Promise<Batch> {
  const act = actions(running);
  const batch = await act.submit(draft);
  await act.approve(batch);
  return act.post(batch);
}

export const stateOf = (batch: Batch): string[] => batch.postings.map(({ state }) => state);
export const only = (batch: Batch, clientId = 'c1'): Posting => {
  const posting = batch.postings.find((one) => one.clientId === clientId);
  if (!posting) throw new Error(`no posting of ${clientId}`);
  return posting;
};
