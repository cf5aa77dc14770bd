/** S5: one decision. What is approved, what is not, and why it cannot be done yet. */
import { Button } from '@fluentui/react-components';
import type { ReactNode } from 'react';
import { periodTitle } from '../../src/core/billing-period.ts';
import type { DryRun, SheetReading } from '../../src/core/model.ts';
import { isZero } from '../../src/core/money.ts';
import { Notice } from '../components/Bars.tsx';
import { Fact } from '../components/Fact.tsx';
import { FlagNote } from '../components/FlagNote.tsx';
import { flagKey, obstaclesOf, toApprove, totalsOf } from '../obstacles.ts';
import type { Close } from '../use-close.ts';
import { decimal, money, plural, sums } from '../words.ts';

export function Approve({ close }: { readonly close: Close }): ReactNode {
  const { state, actions } = close;
  const { review, session, batch } = state;
  if (!review) return <Notice>Review the month first.</Notice>;
  const { dryRun, reading } = review;
  const invoices = toApprove(dryRun);
  const obstacles = obstaclesOf(dryRun);
  const isOffline = !state.online;
  const running = batch !== null && ['POSTING', 'PAUSED'].includes(batch.state);
  const canApprove =
    obstacles.length === 0 &&
    !dryRun.blocked &&
    invoices.length > 0 &&
    !isOffline &&
    !running &&
    state.changedSince.length === 0 &&
    state.busy === null;
  const total = sums(totalsOf(invoices));
  return (
    <section className="stack">
      <h1>Approve {periodTitle(dryRun.period)}</h1>
      <Summary close={close} run={dryRun} reading={reading} />
      {state.changedSince.length > 0 ? <Changed words={state.changedSince} close={close} /> : null}
      {obstacles.length > 0 ? (
        <section aria-label="Still to decide" className="stack">
          <h2>{plural(obstacles.length, 'thing')} to decide first</h2>
          <div className="card">
            {obstacles.map((flag) => (
              <FlagNote
                key={flagKey(flag)}
                flag={flag}
                close={close}
                who={dryRun.invoices.find((one) => one.clientId === flag.clientId)?.clientName}
              />
            ))}
          </div>
        </section>
      ) : (
        <p className="quiet">
          After this, a change of a line voids the approval of its client only, and the line is
          named.
        </p>
      )}
      {isOffline ? (
        <Notice tone="warn">
          MCC does not answer: approving and posting wait until it is back.
        </Notice>
      ) : null}
      {running ? (
        <Notice tone="warn">This month is being posted. Wait until it rests.</Notice>
      ) : null}
      <Button
        appearance="primary"
        size="large"
        disabledFocusable={!canApprove}
        onClick={() => void actions.approve()}
      >
        {session?.twoPersons ? 'Submit' : 'Approve'} {plural(invoices.length, 'invoice')} · {total}
      </Button>
      <Button onClick={() => actions.tell({ type: 'went', step: 'review' })}>
        Back to the review
      </Button>
    </section>
  );
}

function Summary({
  close,
  run,
  reading,
}: {
  readonly close: Close;
  readonly run: DryRun;
  readonly reading: SheetReading;
}): ReactNode {
  const { state } = close;
  const held = run.invoices.filter(({ held: why, taken }) => why !== null && taken === null);
  const taken = run.invoices.filter((invoice) => invoice.taken !== null);
  const kept = state.decisions.filter((one) => one.choice === 'keep').length;
  const typed = state.decisions.filter((one) => one.choice === 'typed over').length;
  const late = state.decisions.filter((one) => one.choice === 'use late counts');
  const ties = run.rollForward.every((one) => isZero(one.difference));
  return (
    <dl className="facts">
      {totalsOf(toApprove(run)).map((total) => (
        <Fact
          key={total.currency}
          name={plural(
            toApprove(run).filter((one) => one.currency === total.currency).length,
            'invoice',
          )}
        >
          <b>{money(total)}</b>
        </Fact>
      ))}
      <Fact name={`${held.length} held`}>
        {held.map((one) => `${one.clientName} (${one.held ?? ''})`).join('; ') || 'none'}
      </Fact>
      {taken.length > 0 ? (
        <Fact name={`${taken.length} billed already`}>
          {taken.map((one) => `${one.clientName} (${one.taken ?? ''})`).join('; ')}
        </Fact>
      ) : null}
      {kept > 0 ? (
        <Fact name={`${plural(kept, 'flag')} kept`}>
          {reasons(state.decisions.filter((one) => one.choice === 'keep'))}
        </Fact>
      ) : null}
      {typed > 0 ? (
        <Fact name={`${typed} typed over`}>
          {reasons(state.decisions.filter((one) => one.choice === 'typed over'))}
        </Fact>
      ) : null}
      {late.length > 0 ? (
        <Fact name={`${plural(late.length, 'late source')} used`}>{reasons(late)}</Fact>
      ) : null}
      <Fact name="Sheet total = dry-run total">
        <SheetTotal reading={reading} />
      </Fact>
      <Fact name="Roll-forward ties">{ties ? 'yes' : 'NO'}</Fact>
    </dl>
  );
}

/** The sheet's own grand total against the sum of the lines that were read from it. */
function SheetTotal({ reading }: { readonly reading: SheetReading }): ReactNode {
  const { shownTotal, total } = reading;
  if (!shownTotal) return <>the sheet shows no total; lines sum to {decimal(total)}</>;
  const isSame = shownTotal.amount === total;
  return isSame ? (
    <>yes, {decimal(total)}</>
  ) : (
    <b>
      NO: the sheet shows {decimal(shownTotal.amount)}, the lines sum to {decimal(total)}
    </b>
  );
}

function Changed({
  words,
  close,
}: {
  readonly words: readonly string[];
  readonly close: Close;
}): ReactNode {
  return (
    <div className="notice warn" role="alert">
      <strong>Sheet changed: {plural(words.length, 'line')}. Look at it before you approve.</strong>
      <ul className="plain">
        {words.map((text) => (
          <li key={text}>{text}</li>
        ))}
      </ul>
      <Button
        size="small"
        onClick={() => close.actions.tell({ type: 'learned', news: { changedSince: [] } })}
      >
        I have seen it
      </Button>
    </div>
  );
}

const reasons = (decisions: Close['state']['decisions']): string =>
  decisions.map((one) => `${one.rule}${one.reason ? `: ${one.reason}` : ''}`).join('; ') || '';
