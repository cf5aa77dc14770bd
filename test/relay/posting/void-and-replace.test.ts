// An invoice that is gone from the books or voided there is followed by a new one, if a person says so.
import { afterEach, describe, expect, it } from '@jest/globals';
import { plainDraft } from './fake-ports.ts';
import { actions, closeWorlds, only, type Batch } from './world.ts';
import {
  approveAnew,
  decide,
  later,
  sent,
  settle,
  sweep,
  thereAlready,
  waiting,
  type Walk,
} from './walk.ts';

afterEach(closeWorlds);

const shown = async ({ running }: Walk, batch: Batch) => only(await actions(running).look(batch));

async function posted(walk: Walk, batch: Batch): Promise<void> {
  await actions(walk.running).post(batch, 'post-2');
  await later(walk, 1);
}

describe('an invoice that the books hold no more', () => {
  it.each([
    ['voided', (walk: Walk) => walk.world.books.edit('1', { voided: true })],
    ['deleted', (walk: Walk) => walk.world.books.remove('1')],
  ])('%s: a new approval bills the client again, and nothing else does', async (_how, gone) => {
    const walk = await sent();
    gone(walk);
    await sweep(walk);
    for (let day = 0; day < 3; day += 1) await later(walk, 24 * 60);
    await sweep(walk);
    expect(walk.world.books.creates).toHaveLength(1);
    expect((await shown(walk, walk.batch)).nextStep).toMatch(
      /^Look at it in Fake Books and ask who did that: approve it again if it is to be billed\.$/,
    );
    const anew = await approveAnew(walk);
    await posted(walk, anew);
    expect(await shown(walk, walk.batch)).toMatchObject({ state: 'SUPERSEDED' });
    expect(await shown(walk, anew)).toMatchObject({ state: 'POSTED', ref: 'MC2610-0002' });
    expect((await sweep(walk)).findings).toEqual([]);
  });

  it('is in the way of the new one when it is there after all', async () => {
    const walk = await sent();
    walk.world.books.edit('1', { voided: true });
    await sweep(walk);
    const anew = await approveAnew(walk);
    walk.world.books.edit('1', { voided: false });
    await posted(walk, anew);
    const blocked = await shown(walk, anew);
    expect(blocked).toMatchObject({ state: 'BLOCKED', block: 'books' });
    expect(blocked.reason).toMatch(
      /MC2610-0001 \(1\) of an earlier approval is still in the books/,
    );
    expect(walk.world.books.creates).toHaveLength(1);
  });
});

describe('an invoice that was deleted in the books while in doubt', () => {
  it('says that it may not be sent again, and is given up and approved anew', async () => {
    const walk = await sent('request lost');
    Object.assign(walk.world.books.company, {
      findDeleted: () => Promise.resolve({ id: '1', deletedAt: '2026-10-31T12:00:00Z' }),
    });
    await later(walk, 2);
    const early = await shown(walk, walk.batch);
    expect(early).toMatchObject({ state: 'NEEDS_PERSON', mayResend: false });
    expect(early.nextStep).toMatch(/was deleted in Fake Books on 2026-10-31\. Do not enter it by hand yet: .* Then give it up/); // prettier-ignore
    await settle(walk);
    await expect(decide(walk, 'send again')).rejects.toMatchObject({ code: 'APPROVAL_STALE' });
    expect((await shown(walk, walk.batch)).nextStep).toMatch(/Give it up, and approve it anew/);
    await decide(walk, 'give up');
    expect(await shown(walk, walk.batch)).not.toHaveProperty('mayResend');
    await posted(walk, await approveAnew(walk));
    expect(walk.world.books.creates).toHaveLength(2);
  });

  it('is not said of any other doubt', async () => {
    const walk = await waiting();
    expect(await shown(walk, walk.batch)).not.toHaveProperty('mayResend');
  });
});

describe('a client that gets no other invoice', () => {
  it.each([
    ['posted', () => sent(), /is in the books already\. Leave/],
    ['there twice', async () => {
      const walk = await sent();
      await thereAlready(walk);
      await sweep(walk);
      return walk;
    }, /is in the books more than once\. Leave/],
    ['looked for', () => sent('request lost'), /is in doubt: it may be in the books\. Leave/],
    ['waiting for a person', () => waiting(), /is in doubt: a person has to decide first\. Leave/],
  ] as const)('is told why: %s', async (_what, walked, words) => {
    const { running } = await walked();
    await expect(actions(running).submit(plainDraft(1), 'again')).rejects.toThrow(words);
  }); // prettier-ignore
});
