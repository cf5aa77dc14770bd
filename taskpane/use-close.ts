/** The close as a React component sees it: the state, and every action bound to this pane. */
import { useMemo, useSyncExternalStore } from 'react';
import { begin, chooseMonth, pairWith, startMonth } from './actions/begin.ts';
import { importFile } from './actions/import-file.ts';
import { confirm, openSources } from './actions/mapping.ts';
import { decide, goTo, hold, openReview, refresh, release, undecide } from './actions/review.ts';
import type { CloseState } from './close-state.ts';
import { toAppError, type Pane } from './pane.ts';

/** Approving and posting come late in the month: their code is loaded with the first press. */
const inPosting = {
  approve: () => import('./actions/approve.ts'),
  around: () => import('./actions/around.ts'),
  check: () => import('./actions/check.ts'),
  decide: () => import('./actions/decide.ts'),
  post: () => import('./actions/post.ts'),
  results: () => import('./actions/results.ts'),
  stop: () => import('./actions/stop.ts'),
};

const ACTIONS = {
  begin, pairWith, startMonth, chooseMonth, importFile, confirm, openSources, decide, goTo, hold, openReview, refresh, release, undecide,
  approve: late(async () => (await inPosting.approve()).approve),
  approveSubmitted: late(async () => (await inPosting.approve()).approveSubmitted),
  post: late(async () => (await inPosting.post()).post),
  decidePosting: late(async () => (await inPosting.decide()).decidePosting),
  retryFailed: late(async () => (await inPosting.decide()).retryFailed),
  lookAgain: late(async () => (await inPosting.decide()).lookAgain),
  pause: late(async () => (await inPosting.stop()).pause),
  withdraw: late(async () => (await inPosting.stop()).withdraw),
  closeClient: late(async () => (await inPosting.stop()).closeClient),
  knowMark: late(async () => (await inPosting.stop()).knowMark),
  unpark: late(async () => (await inPosting.stop()).unpark),
  endRecovery: late(async () => (await inPosting.stop()).endRecovery),
  lookAround: late(async () => (await inPosting.around()).lookAround),
  lookBeside: late(async () => (await inPosting.around()).lookBeside),
  planResults: late(async () => (await inPosting.results()).planResults),
  writeResults: late(async () => (await inPosting.results()).writeResults),
  draw: late(async () => (await inPosting.check()).draw),
  judge: late(async () => (await inPosting.check()).judge),
} as const; // prettier-ignore

/** An action whose code does not come is a trouble like any other. */
function late<Rest extends unknown[]>(
  load: () => Promise<(pane: Pane, ...rest: Rest) => Promise<void>>,
): (pane: Pane, ...rest: Rest) => Promise<void> {
  return async (pane, ...rest) => {
    try {
      const action = await load();
      await action(pane, ...rest);
    } catch (error) {
      pane.tell({ type: 'failed', error: toAppError(error) });
    }
  };
}

type Bound<F> = F extends (pane: Pane, ...rest: infer Rest) => infer Result
  ? (...rest: Rest) => Result
  : never;

export type Actions = { readonly [Name in keyof typeof ACTIONS]: Bound<(typeof ACTIONS)[Name]> } & {
  readonly tell: Pane['tell'];
};

export interface Close {
  readonly state: CloseState;
  readonly actions: Actions;
}

export function useClose(pane: Pane): Close {
  const state = useSyncExternalStore(pane.subscribe, pane.get);
  const actions = useMemo(() => bind(pane), [pane]);
  return { state, actions };
}

function bind(pane: Pane): Actions {
  const bound = Object.entries(ACTIONS).map(([name, action]) => [
    name,
    (...rest: unknown[]) => (action as (pane: Pane, ...rest: unknown[]) => unknown)(pane, ...rest),
  ]);
  return { ...(Object.fromEntries(bound) as Actions), tell: pane.tell };
}
