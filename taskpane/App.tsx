/** The frame of the pane: header, steps, one step at a time, the strip of the selected cell. */
import { FluentProvider, webDarkTheme, webLightTheme } from '@fluentui/react-components';
import { lazy, Suspense, useEffect, useRef, useState, type ReactNode } from 'react';
import { periodTitle } from '../src/core/billing-period.ts';
import { BusyBar, TroubleBar } from './components/Bars.tsx';
import { CellStrip } from './components/CellStrip.tsx';
import { StepNav } from './components/StepNav.tsx';
import { later } from './later.ts';
import type { Pane } from './pane.ts';
import { Home } from './steps/Home.tsx';
import { useClose, type Close } from './use-close.ts';

const Sources = lazy(() => import('./steps/Sources.tsx').then((m) => ({ default: m.Sources })));
const review = later(() => import('./steps/Review.tsx').then((m) => m.Review));
const Approve = lazy(() => import('./steps/Approve.tsx').then((m) => ({ default: m.Approve })));
const PostingStep = lazy(() =>
  import('./steps/Posting.tsx').then((m) => ({ default: m.PostingStep })),
);
const SpotCheckStep = lazy(() =>
  import('./steps/SpotCheck.tsx').then((m) => ({ default: m.SpotCheckStep })),
);

export function App({
  pane,
  dark,
}: {
  readonly pane: Pane;
  readonly dark: boolean | null;
}): ReactNode {
  const close = useClose(pane);
  const isDark = useDark(dark);
  const { state, actions } = close;
  // A started month is reviewed next: the largest step comes while the sources are asked.
  useEffect(() => {
    if (state.started) review.load();
  }, [state.started]);
  return (
    <FluentProvider theme={isDark ? webDarkTheme : webLightTheme} className="provider">
      <div className="pane" data-theme={isDark ? 'dark' : 'light'} aria-busy={state.busy !== null}>
        <header>
          <Title close={close} />
          <StepNav close={close} />
        </header>
        <BusyBar busy={state.busy} />
        <TroubleBar trouble={state.trouble} onClose={() => actions.tell({ type: 'dismissed' })} />
        {state.waitingForCell ? (
          <p className="bar notice warn">
            Finish the cell you are typing in; MCC goes on by itself.
          </p>
        ) : null}
        <Body close={close} />
        <CellStrip close={close} />
        <p className="hidden" role="status" aria-live="polite">
          {state.announced}
        </p>
      </div>
    </FluentProvider>
  );
}

function Title({ close }: { readonly close: Close }): ReactNode {
  const { period, session, online } = close.state;
  return (
    <div className="title">
      <strong>{period ? periodTitle(period) : 'MCC'}</strong>
      <span className="quiet">
        {online
          ? session
            ? `${session.person}${session.profile === 'sample' ? ' · sample' : ''}`
            : ''
          : 'Offline: MCC does not answer'}
      </span>
    </div>
  );
}

/** A new step takes the focus, unless a part of it has taken it: the keys of the spot-check. */
function Body({ close }: { readonly close: Close }): ReactNode {
  const main = useRef<HTMLElement>(null);
  const { step } = close.state;
  const first = useRef(true);
  const last = useRef<Element | null>(null);
  useEffect(() => {
    if (first.current) first.current = false;
    else if (!main.current?.contains(document.activeElement)) main.current?.focus();
  }, [step]);
  // A button that did its work is gone: whoever pressed it stays in the step (ux.md U6).
  useEffect(() => {
    const isLost = document.activeElement === document.body && last.current?.isConnected === false;
    if (isLost) main.current?.focus({ preventScroll: true });
  });
  return (
    <main
      ref={main}
      tabIndex={-1}
      className={`step ${step}`}
      onFocus={(event) => (last.current = event.target)}
    >
      <Suspense fallback={<Skeleton />}>{stepOf(close)}</Suspense>
    </main>
  );
}

function stepOf(close: Close): ReactNode {
  switch (close.state.step) {
    case 'home':
      return <Home close={close} />;
    case 'sources':
      return <Sources close={close} />;
    case 'review':
      return <review.Part close={close} />;
    case 'approve':
      return <Approve close={close} />;
    case 'posting':
      return <PostingStep close={close} />;
    case 'spot-check':
      return <SpotCheckStep close={close} />;
  }
}

const Skeleton = (): ReactNode => (
  <div className="skeleton" aria-hidden="true">
    <i />
    <i />
    <i />
  </div>
);

/** Excel on the web has no officeTheme (office-js issue 6134, read 2026-11-21): the system decides. */
function useDark(office: boolean | null): boolean {
  const [isDark, setDark] = useState(
    () => globalThis.matchMedia('(prefers-color-scheme: dark)').matches,
  );
  useEffect(() => {
    const query = globalThis.matchMedia('(prefers-color-scheme: dark)');
    const follow = (): void => setDark(query.matches);
    query.addEventListener('change', follow);
    return () => query.removeEventListener('change', follow);
  }, []);
  return office ?? isDark;
}
