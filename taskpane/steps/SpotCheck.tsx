/** S7: five invoices drawn, field by field what was approved beside what the books hold. */
import { Button } from '@fluentui/react-components';
import { useEffect, useRef, type KeyboardEvent, type ReactNode } from 'react';
import { periodTitle } from '../../src/core/billing-period.ts';
import type { SpotCheck } from '../../src/contract/contract.ts';
import { booksWords } from '../books-words.ts';
import type { CloseState } from '../close-state.ts';
import { Notice } from '../components/Bars.tsx';
import { Differences, FieldsTable } from '../components/FieldsTable.tsx';
import { stillOpen } from '../posting-news.ts';
import { NOT_KNOWN } from '../standing.ts';
import type { Close } from '../use-close.ts';
import { plural } from '../words.ts';

/** More than these open at once hide the spot-check itself. */
const OPEN_MAX = 2;

type Drawn = SpotCheck['invoices'][number];

export function SpotCheckStep({ close }: { readonly close: Close }): ReactNode {
  const { spotCheck } = close.state;
  if (!spotCheck) return <Notice>Nothing is drawn for the spot-check yet.</Notice>;
  const index = spotCheck.invoices.findIndex((invoice) => invoice.verdict === null);
  const invoice = spotCheck.invoices[index];
  const { compared, equal } = spotCheck.readBack;
  const { place } = booksWords(close.state.session);
  return (
    <section className="stack">
      <p className={`notice ${compared === equal ? 'good' : 'bad'}`}>
        {compared === equal ? '✓ ' : ''}
        {equal} of {compared} invoices in {place} equal what was approved, to the cent and the line.
      </p>
      <Differing check={spotCheck} place={place} />
      {invoice ? (
        <One key={invoice.key} invoice={invoice} index={index} check={spotCheck} close={close} />
      ) : (
        <Summary check={spotCheck} close={close} />
      )}
    </section>
  );
}

interface OneProps {
  readonly invoice: Drawn;
  readonly index: number;
  readonly check: SpotCheck;
  readonly close: Close;
}

function One({ invoice, index, check, close }: OneProps): ReactNode {
  const { actions, state } = close;
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => box.current?.focus({ preventScroll: true }), []);
  // A held key and the second click of a double one would judge the next invoice unseen.
  const judge = (verdict: 'matches' | 'does not match', isAgain: boolean): void => {
    if (!isAgain) void actions.judge(invoice.key, verdict);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.target !== event.currentTarget) return;
    if (event.key === ' ') judge('matches', event.repeat);
    else if (event.key.toLowerCase() === 'x') judge('does not match', event.repeat);
    else return;
    event.preventDefault();
  };
  return (
    <div
      ref={box}
      tabIndex={-1}
      role="group"
      aria-label={`Invoice ${invoice.ref}`}
      onKeyDown={onKeyDown}
      className="stack"
    >
      <div className="row spread">
        <h1>
          Spot-check {index + 1} of {check.invoices.length}
        </h1>
        <span className="quiet">draw {check.seed}</span>
      </div>
      <p>
        <b>{invoice.clientName}</b> {invoice.ref}
      </p>
      <FieldsTable
        fields={invoice.fields}
        label={`${invoice.clientName} ${invoice.ref}, field by field`}
        place={booksWords(state.session).place}
      />
      <div className="check-foot">
        <Button
          appearance="primary"
          disabledFocusable={state.busy !== null}
          onClick={({ detail }) => judge('matches', detail > 1)}
        >
          Matches <kbd>Space</kbd>
        </Button>
        <Button
          disabledFocusable={state.busy !== null}
          onClick={({ detail }) => judge('does not match', detail > 1)}
        >
          Does not match <kbd>X</kbd>
        </Button>
      </div>
    </div>
  );
}

/** Every invoice that differs, drawn or not; the list is closed while all are equal. */
function Differing({
  check,
  place,
}: {
  readonly check: SpotCheck;
  readonly place: string;
}): ReactNode {
  const { differing = [] } = check.readBack;
  if (differing.length === 0) return null;
  return (
    <section aria-label="What differs" className="stack">
      <h2>{plural(differing.length, 'invoice')} not as approved</h2>
      {differing.map(({ key, clientName, ref, fields }) => (
        <details key={key} open={differing.length <= OPEN_MAX} className="group">
          <summary>
            <b>{clientName}</b> {ref}
          </summary>
          <Differences fields={fields} label={`${clientName} ${ref}`} place={place} />
        </details>
      ))}
    </section>
  );
}

function Summary({
  check,
  close,
}: {
  readonly check: SpotCheck;
  readonly close: Close;
}): ReactNode {
  const { state, actions } = close;
  const matching = check.invoices.filter((invoice) => invoice.verdict === 'matches').length;
  const wrong = check.invoices.filter((invoice) => invoice.verdict === 'does not match');
  const { compared, equal } = check.readBack;
  const unseen = state.statuses.filter(({ word }) => word === NOT_KNOWN).length;
  const isGood = wrong.length === 0 && compared === equal;
  return (
    <>
      <h1>{isGood ? monthWords(state) : 'Not closed: something differs'}</h1>
      <p>
        {matching} of {check.invoices.length} drawn invoices match (draw {check.seed}).
      </p>
      {unseen > 0 ? (
        <Notice tone="warn">
          {plural(unseen, 'invoice')} given up without an answer: nobody knows whether{' '}
          {unseen === 1 ? 'it is' : 'they are'} in {booksWords(state.session).place}.
        </Notice>
      ) : null}
      {wrong.length > 0 ? (
        <Notice tone="bad">
          Look at {wrong.map((invoice) => `${invoice.clientName} ${invoice.ref}`).join(', ')} in{' '}
          {booksWords(state.session).place}, and correct there or with a credit memo.
        </Notice>
      ) : null}
      <Button disabledFocusable={state.busy !== null} onClick={() => void actions.draw()}>
        {compared > check.invoices.length ? 'Draw five others' : 'Read them again'}
      </Button>
    </>
  );
}

/** Closed is what the relay calls so; else what is known to be open, in this batch or another. */
function monthWords(state: CloseState): string {
  const month = state.period ? periodTitle(state.period) : 'The month';
  const open = stillOpen(state);
  if (state.month?.sealed && open === '') return `${month} is closed`;
  return `${month} is not closed yet${open === '' ? '' : `: ${open}`}`;
}
