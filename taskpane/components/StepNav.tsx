/** The six steps, always on screen; a step that cannot be opened yet says so. */
import type { ReactNode } from 'react';
import type { CloseState, Step } from '../close-state.ts';
import type { Close } from '../use-close.ts';

const STEPS: readonly { readonly step: Step; readonly title: string }[] = [
  { step: 'home', title: 'Start' },
  { step: 'sources', title: 'Sources' },
  { step: 'review', title: 'Review' },
  { step: 'approve', title: 'Approve' },
  { step: 'posting', title: 'Post' },
  { step: 'spot-check', title: 'Spot-check' },
];

export function StepNav({ close }: { readonly close: Close }): ReactNode {
  const { state, actions } = close;
  const at = STEPS.findIndex((entry) => entry.step === state.step);
  const open = (step: Step): void => {
    if (step === 'sources') void actions.openSources();
    else if (step === 'review' && !state.review) void actions.openReview();
    else actions.tell({ type: 'went', step });
  };
  return (
    <nav aria-label="Steps of the close">
      <ol className="steps">
        {STEPS.map(({ step, title }, index) => (
          <li key={step} className={index < at ? 'done' : ''}>
            <button
              type="button"
              aria-current={index === at ? 'step' : undefined}
              disabled={!isReachable(state, step)}
              onClick={() => open(step)}
            >
              <span className="dot">{index + 1}</span> <span className="step-title">{title}</span>
            </button>
          </li>
        ))}
      </ol>
    </nav>
  );
}

function isReachable(state: CloseState, step: Step): boolean {
  if (state.phase !== 'ready') return false;
  switch (step) {
    case 'home':
    case 'sources':
      return true;
    case 'review':
      return state.started;
    case 'approve':
      return state.review !== null;
    case 'posting':
      return state.batch !== null;
    case 'spot-check':
      return state.spotCheck !== null;
  }
}
