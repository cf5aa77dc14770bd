// How long the pane looks on by itself while the relay posts; the time in between is left out.
import { AppError } from '../../src/core/errors.ts';
import { approve } from '../../taskpane/actions/approve.ts';
import { lookAgain } from '../../taskpane/actions/decide.ts';
import { post } from '../../taskpane/actions/post.ts';
import { undrawn } from './approved-month.tsx';
import type { OpenPane } from './open-pane.ts';

interface Timed {
  readonly opened: OpenPane;
  /** How long it waited before each look. */
  readonly pauses: number[];
}

/** Approved, in a relay that posts only as the test has it; called before each further look. */
async function stalled(beforeLook: (relay: OpenPane['relay'], looks: number) => void): Promise<Timed> {
  const opened = await undrawn();
  await approve(opened.pane);
  const pauses: number[] = [];
  opened.relay.stalled = true;
  Object.assign(opened.pane.outside, {
    delay: (ms: number) => {
      beforeLook(opened.relay, pauses.push(ms));
      return Promise.resolve();
    },
  });
  return { opened, pauses };
} // prettier-ignore

const away = new AppError('SOURCE_DOWN', 'MCC is not reachable.');

test('it gives up only when nothing has changed for a long time, and says so', async () => {
  const { opened, pauses } = await stalled((relay, looks) => {
    if (looks === 1_000) relay.batch = { ...relay.batch!, waiting: 'the books are slow' };
  });
  await post(opened.pane, false);
  expect(pauses.length).toBeGreaterThan(2_000);
  expect(opened.pane.get().batch?.state).toBe('POSTING');
  expect(opened.pane.get().trouble).toMatchObject({
    message: 'Nothing has changed for a long time, so the list is not refreshed by itself any more.',
    remedy: 'Press "Refresh this list".',
  });
  opened.relay.stalled = false;
  await lookAgain(opened.pane);
  expect(opened.pane.get().trouble).toBeNull();
  expect(opened.pane.get().batch?.state).toBe('COMPLETED');
}); // prettier-ignore

test('a relay that is away is looked for soon at first, then rarely, and never given up', async () => {
  const { opened, pauses } = await stalled((relay, looks) => {
    relay.stalled = false;
    relay.fail = looks < 5_000 ? away : null;
  });
  await post(opened.pane, false);
  expect(opened.pane.get()).toMatchObject({ trouble: null, online: true, batch: { state: 'COMPLETED' } }); // prettier-ignore
  const slow = pauses.indexOf(30_000);
  expect(slow).toBeGreaterThan(80);
  expect(slow).toBeLessThan(120);
  expect(new Set(pauses.slice(0, slow))).toEqual(new Set([700]));
  expect(new Set(pauses.slice(slow, 5_000))).toEqual(new Set([30_000]));
});
