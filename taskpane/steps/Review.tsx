/** S3: the dry-run. Every invoice, every line, every total, on one scroll. */
import { Button, Input } from '@fluentui/react-components';
import {
  lazy,
  Suspense,
  useDeferredValue,
  useEffect,
  useMemo,
  useRef,
  useState,
  type ReactNode,
  type RefObject,
} from 'react';
import { booksWords } from '../books-words.ts';
import type { Filter } from '../close-state.ts';
import { Cards } from '../components/Cards.tsx';
import { ReviewGrid } from '../components/ReviewGrid.tsx';
import { RollForwards } from '../components/RollForwards.tsx';
import { ReasonField } from '../components/ReasonField.tsx';

import { obstaclesOf, toApprove, totalsOf } from '../obstacles.ts';
import { countsOf, hasLines, toRows } from '../review-rows.ts';
import type { Close } from '../use-close.ts';
import { plural, sums } from '../words.ts';
import { Totals } from '../components/Totals.tsx';

const LineDetail = lazy(() => import('./LineDetail.tsx').then((m) => ({ default: m.LineDetail })));

export function Review({ close }: { readonly close: Close }): ReactNode {
  const { state, actions } = close;
  if (!state.review) {
    return (
      <section className="stack">
        <h1>Nothing to review yet</h1>
        <p>Refresh fetches the counts and reads every line of the sheet.</p>
        <Button
          appearance="primary"
          disabled={!state.started}
          onClick={() => void actions.refresh()}
        >
          Refresh counts
        </Button>
      </section>
    );
  }
  return <DryRunScreen close={close} />;
}

function DryRunScreen({ close }: { readonly close: Close }): ReactNode {
  const { state, actions } = close;
  const [toggled, setToggled] = useState<ReadonlySet<string>>(new Set());
  const [holding, setHolding] = useState<string | null>(null);
  const [at, setAt] = useState(0);
  const [scroller, setScroller] = useState<HTMLDivElement | null>(null);
  const search = useRef<HTMLInputElement>(null);
  const wanted = useDeferredValue(state.search);
  const run = state.review?.dryRun;
  useKeys(close, search);
  const rows = useMemo(
    () => (run ? toRows(run, { filter: state.filter, search: wanted, toggled }) : []),
    [run, state.filter, wanted, toggled],
  );
  if (!run) return null;
  const toggle = (id: string): void => {
    const next = new Set(toggled);
    if (!next.delete(id)) next.add(id);
    setToggled(next);
  };
  if (state.lineId) {
    return (
      <Suspense fallback={null}>
        <LineDetail close={close} />
      </Suspense>
    );
  }
  return (
    <div className="review">
      <h1 className="hidden">Dry-run</h1>
      <Totals run={run} done={booksWords(close.state.session).done} />
      <Chips close={close} searchRef={search} />
      {state.changedSince.length > 0 ? <Changed words={state.changedSince} /> : null}
      <div className="scroll" ref={setScroller}>
        <Cards close={close} onHold={setHolding} />
        {hasLines(run) ? (
          <ReviewGrid
            close={close}
            rows={rows}
            scroller={scroller}
            at={at}
            onAt={setAt}
            onToggle={toggle}
            onHold={setHolding}
          />
        ) : (
          <p className="empty">
            No lines were found on sheet {state.sheet}. Is it the right sheet?{' '}
            <Button size="small" onClick={() => actions.tell({ type: 'went', step: 'home' })}>
              Choose the sheet
            </Button>
          </p>
        )}
        {hasLines(run) && rows.length === 0 ? <EmptyFilter close={close} /> : null}
        <RollForwards run={run} />
      </div>
      {holding ? (
        <ReasonField
          label={`Why hold ${run.invoices.find((invoice) => invoice.clientId === holding)?.clientName ?? ''}`}
          required
          action="Hold"
          onCancel={() => setHolding(null)}
          onSave={(reason) => {
            actions.hold(holding, reason);
            setHolding(null);
          }}
        />
      ) : null}
      <Foot close={close} />
    </div>
  );
}

/** Ctrl+Enter and / work from anywhere in the pane but a text field. */
function useKeys(close: Close, search: RefObject<HTMLInputElement | null>): void {
  const { tell } = close.actions;
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent): void => {
      if (event.target instanceof HTMLInputElement) return;
      const isApprove = (event.ctrlKey || event.metaKey) && event.key === 'Enter';
      if (isApprove) tell({ type: 'went', step: 'approve' });
      else if (event.key === '/') search.current?.focus();
      else return;
      event.preventDefault();
    };
    document.addEventListener('keydown', onKeyDown);
    return () => document.removeEventListener('keydown', onKeyDown);
  }, [tell, search]);
}

function Chips({
  close,
  searchRef,
}: {
  readonly close: Close;
  readonly searchRef: RefObject<HTMLInputElement | null>;
}): ReactNode {
  const { state, actions } = close;
  const counts = countsOf(state.review?.dryRun ?? EMPTY);
  const chip = (filter: Filter, label: string, count: number): ReactNode => (
    <button
      type="button"
      className="chip"
      aria-pressed={state.filter === filter}
      onClick={() => actions.tell({ type: 'learned', news: { filter } })}
    >
      {label} <b>{count}</b>
    </button>
  );
  return (
    <div className="chips">
      {chip('all', 'All', counts.all)}
      {chip('changed', 'Changed', counts.changed)}
      {chip('flagged', '! Flagged', counts.flagged)}
      <Input
        size="small"
        className="search"
        input={{ ref: searchRef }}
        value={state.search}
        aria-label="Search clients and services"
        placeholder="Search  /"
        onChange={(_, { value }) => actions.tell({ type: 'learned', news: { search: value } })}
      />
    </div>
  );
}

const EMPTY = { invoices: [] } as unknown as Parameters<typeof countsOf>[0];

function EmptyFilter({ close }: { readonly close: Close }): ReactNode {
  return (
    <p className="empty">
      No line matches.{' '}
      <Button
        size="small"
        onClick={() => close.actions.tell({ type: 'learned', news: { filter: 'all', search: '' } })}
      >
        Clear filter
      </Button>
    </p>
  );
}

const Changed = ({ words }: { readonly words: readonly string[] }): ReactNode => (
  <div className="notice warn" role="alert">
    <strong>The sheet changed while you looked: {plural(words.length, 'line')}.</strong>
    <ul className="plain">
      {words.slice(0, 5).map((text) => (
        <li key={text}>{text}</li>
      ))}
    </ul>
  </div>
);

function Foot({ close }: { readonly close: Close }): ReactNode {
  const { state, actions } = close;
  if (!state.review) return null;
  const left = obstaclesOf(state.review.dryRun).length;
  const invoices = toApprove(state.review.dryRun);
  return (
    <div className="foot">
      <span aria-live="off">
        {left === 0 ? 'Nothing left to decide' : `${left} left to decide`}
      </span>
      <Button
        appearance="primary"
        title={`Ctrl+Enter · ${sums(totalsOf(invoices))}`}
        onClick={() => actions.tell({ type: 'went', step: 'approve' })}
      >
        Approve {invoices.length} …
      </Button>
    </div>
  );
}
