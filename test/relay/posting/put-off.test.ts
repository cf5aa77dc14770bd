// One invoice that cannot be worked on is told, and holds up no other.
import { afterEach, describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import { draftOf, invoiceOf, plainDraft, startEngine } from './fake-ports.ts';
import { actions, closeWorlds, makeWorld, only, posted, stateOf } from './world.ts';

afterEach(closeWorlds);

describe('an invoice that cannot be worked on', () => {
  it.each([
    ['with a number that no invoice has', `replace(content, '"revision":1', '"revision":1.5')`],
    ['cut short', 'substr(content, 1, length(content) - 5)'],
  ])('%s is blocked as changed behind the relay; the others are posted', async (_name, change) => {
    const world = await makeWorld();
    const running = await startEngine(world);
    const act = actions(running);
    const batch = await posted(running, plainDraft(2));
    const other = await act.submit(draftOf([invoiceOf('c3', [{ quantity: '1', price: '5' }])]), 'b'); // prettier-ignore
    await act.approve(other);
    await act.post(other, 'post-2');
    await sql.raw('drop trigger posting_content_is_sealed').execute(world.store);
    await sql.raw(`update posting set content = ${change} where client_id = 'c1'`).execute(world.store); // prettier-ignore
    await running.worker.tick();
    const seen = await act.look(batch);
    expect([seen.state, ...stateOf(seen)]).toEqual(['COMPLETED_WITH_EXCEPTIONS', 'BLOCKED', 'POSTED']); // prettier-ignore
    expect(only(seen)).toMatchObject({
      block: 'tampered',
      reason: expect.stringMatching(/changed behind the relay/),
      total: only(batch).total,
    });
    expect((await act.look(other)).state).toBe('COMPLETED');
    await expect(act.compare(batch, plainDraft(2))).resolves.toBeDefined();
  });

  it('for any other reason waits with it, is tried more and more rarely, and is sent once it can be', async () => {
    const world = await makeWorld();
    const warned: string[] = [];
    const running = await startEngine(world, { warn: (words) => void warned.push(words) });
    const act = actions(running);
    const batch = await posted(running, plainDraft(2));
    await sql.raw(`create trigger in_the_way before insert on posting_transition
      when new.to_state = 'SENDING' and new.posting = '${only(batch).key}'
      begin select raise(abort, 'a constraint in the way'); end`).execute(world.store);
    await running.worker.tick();
    const seen = await act.look(batch);
    expect([seen.state, ...stateOf(seen)]).toEqual(['POSTING', 'READY', 'POSTED']);
    expect(only(seen)).toMatchObject({ reason: expect.stringMatching(/a constraint in the way/), nextStep: expect.stringMatching(/tried again at/) });
    expect(warned).toEqual(['an invoice is put off']);
    await running.worker.tick();
    expect(warned).toHaveLength(1);
    await sql.raw('drop trigger in_the_way').execute(world.store);
    world.clock.advance(60_000);
    await running.worker.tick();
    expect((await act.look(batch)).state).toBe('COMPLETED');
    expect(world.books.creates).toHaveLength(2);
  }); // prettier-ignore

  it('after it left is in doubt: never sent again for it, and found once it can be written', async () => {
    const world = await makeWorld();
    const running = await startEngine(world);
    const batch = await posted(running, plainDraft(2));
    await sql.raw(`create trigger in_the_way before insert on posting_transition
      when new.to_state = 'POSTED' and new.posting = '${only(batch).key}'
      begin select raise(abort, 'a constraint in the way'); end`).execute(world.store);
    for (let minute = 0; minute < 40; minute += 1) {
      await running.worker.tick();
      world.clock.advance(60_000);
    }
    const seen = await actions(running).look(batch);
    expect(stateOf(seen)).toEqual(['UNKNOWN', 'POSTED']);
    expect(only(seen)).toMatchObject({ outcome: 'uncertain', reason: expect.stringMatching(/a constraint in the way/) });
    expect(world.books.creates).toHaveLength(2);
    await sql.raw('drop trigger in_the_way').execute(world.store);
    world.clock.advance(600_000);
    await running.worker.tick();
    expect((await actions(running).look(batch)).state).toBe('COMPLETED');
    expect(world.books.creates).toHaveLength(2);
  }); // prettier-ignore
});
