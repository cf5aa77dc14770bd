/** The close as a React component sees it: the state, and every action bound to this pane. */
import { useMemo, useSyncExternalStore } from 'react';
import { lookAround, lookBeside } from './actions/around.ts';
import { approve, approveSubmitted } from './actions/approve.ts';
import { begin, chooseMonth, pairWith, startMonth } from './actions/begin.ts';
import { draw, judge } from './actions/check.ts';
import { importFile } from './actions/import-file.ts';
import { confirm, openSources } from './actions/mapping.ts';
import { decidePosting, lookAgain, post, retryFailed } from './actions/post.ts';
import { planResults, writeResults } from './actions/results.ts';
import { decide, goTo, hold, openReview, refresh, release, undecide } from './actions/review.ts';
import { closeClient, endRecovery, knowMark, pause, unpark, withdraw } from './actions/stop.ts';
import type { CloseState } from './close-state.ts';
import type { Pane } from './pane.ts';

const ACTIONS = {
  approve, approveSubmitted, begin, pairWith, startMonth, chooseMonth, draw, judge, importFile, confirm, openSources, decidePosting, lookAgain, post, retryFailed, pause, withdraw, closeClient, knowMark, unpark, endRecovery, lookAround, lookBeside, planResults, writeResults, decide, goTo, hold, openReview, refresh, release, undecide,
} as const; // prettier-ignore

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
