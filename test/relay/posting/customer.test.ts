// A customer that is not what it was when the invoice was approved.
import { afterEach, describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import { customerOf, storeBooks } from '../../../src/relay/counts/clients.ts';
import { inTransaction } from '../../../src/relay/store/database.ts';
import { createPostingStore } from '../../../src/relay/store/posting-store.ts';
import { directoryOf, plainDraft, startEngine, USD, type World } from './fake-ports.ts';
import { actions, closeWorlds, makeWorld, only, posted } from './world.ts';

afterEach(closeWorlds);

type Tamper = readonly [name: string, tamper: (world: World) => unknown, words: RegExp];
const ENDED: Tamper = ['approved too long ago', (w) => w.clock.advance(80 * 3_600_000), /the approval ended at/]; // prettier-ignore

describe('a customer that is not what it was', () => {
  const tampers: readonly Tamper[] = [
    ['inactive', (w) => w.books.customers.set('c1', { ...w.books.customers.get('c1')!, active: false }), /inactive/],
    ['gone', (w) => w.books.customers.delete('c1'), /no longer in the books/],
    ['renamed', (w) => w.books.customers.set('c1', { ...w.books.customers.get('c1')!, name: 'Somebody else' }), /Somebody else/],
    ['of another currency', (w) => w.books.customers.set('c1', { ...w.books.customers.get('c1')!, currency: 'EUR' as never }), /EUR/],
    ['mapped elsewhere', (w) => w.directory.links.set('c1', { ...w.directory.links.get('c1')!, customerId: 'c2' }), /mapping of Client 1/],
    ['confirmed anew', (w) => w.directory.links.set('c1', { ...w.directory.links.get('c1')!, version: 2 }), /mapping of Client 1/],
    ['billed with another item', (w) => w.directory.items.set('WS', 'item-other'), /item in the books was changed/],
  ]; // prettier-ignore

  it.each(tampers)('blocks the invoice: %s', async (_name, tamper, words) => {
    const world = await makeWorld({ clients: 2 });
    const running = await startEngine(world);
    const batch = await posted(running, plainDraft(1));
    tamper(world);
    await running.worker.tick();
    const done = await actions(running).look(batch);
    expect(only(done)).toMatchObject({ state: 'BLOCKED', reason: expect.stringMatching(words) });
    expect(done.state).toBe('COMPLETED_WITH_EXCEPTIONS');
    expect(world.books.creates).toEqual([]);
  });

  it.each([...tampers.slice(-3), ENDED])('blocks the invoice, changed while a turn at the books was waited for: %s', async (_name, tamper, words) => {
    const world = await makeWorld({ clients: 2 });
    const running = await startEngine(world);
    const batch = await posted(running, plainDraft(1));
    const reserve = () => {
      tamper(world);
      return Promise.resolve(() => undefined);
    };
    Object.assign(running.engine.books.company, { reserve });
    await running.worker.tick();
    expect(only(await actions(running).look(batch))).toMatchObject({ state: 'BLOCKED', reason: expect.stringMatching(words) });
    expect(world.books.creates).toEqual([]);
  }); // prettier-ignore

  it.each([
    ['a mark nobody sees', 'Contoso\u200e Ltd'],
    ['a zero-width space', 'Contoso\u200b Ltd'],
    ['embedded directions', '\u202aContoso\u202c  Ltd'],
    ['300 letters', 'x'.repeat(300)],
  ])('but not because its name holds %s', async (_name, name) => {
    const world = await makeWorld({ clients: 1 });
    const c1 = { ...world.books.customers.get('c1')!, name };
    world.books.customers.set('c1', c1);
    const contents = { customers: [c1], items: [] };
    await inTransaction(world.store, (at) => storeBooks(at, world.clock, contents, USD));
    const directory = { ...directoryOf(world.directory), customer: customerOf };
    const running = await startEngine(world, { store: createPostingStore({ ...world, directory }) });
    const batch = await posted(running, plainDraft(1));
    await running.worker.tick();
    expect(only(await actions(running).look(batch))).toMatchObject({ state: 'POSTED', reason: '' });

    world.books.customers.set('c1', { ...c1, name: `${name}y` });
    const next = await actions(running).submit({ ...plainDraft(1), period: '2026-09' as never }, 'september');
    await actions(running).approve(next);
    await actions(running).post(next, 'post-2');
    await running.worker.tick();
    expect(only(await actions(running).look(next)).reason).toMatch(/is now called/);
  }); // prettier-ignore

  it('is refused when the stored invoice was changed behind the relay', async () => {
    const world = await makeWorld({ clients: 2 });
    const running = await startEngine(world);
    const batch = await posted(running, plainDraft(1));
    await sql.raw('drop trigger posting_content_is_sealed').execute(world.store);
    await sql.raw(`update posting set content = replace(content, '"customerId":"c1"', '"customerId":"c2"'), customer_id = 'c2'`).execute(world.store); // prettier-ignore
    await running.worker.tick();
    expect(only(await actions(running).look(batch))).toMatchObject({ state: 'BLOCKED', reason: expect.stringMatching(/changed behind the relay/) }); // prettier-ignore
    expect(world.books.creates).toEqual([]);
  });

  it('can be retried once it is active again', async () => {
    const world = await makeWorld();
    const running = await startEngine(world);
    const batch = await posted(running, plainDraft(1));
    const c1 = world.books.customers.get('c1')!;
    world.books.customers.set('c1', { ...c1, active: false });
    await running.worker.tick();
    world.books.customers.set('c1', c1);
    await actions(running).decide(batch, only(batch).key, 'retry');
    await running.worker.tick();
    expect((await actions(running).look(batch)).state).toBe('COMPLETED');
  });
});
