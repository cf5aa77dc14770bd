/** S1: where the month stands, and the one thing to do next. */
import { Button, Input, Select } from '@fluentui/react-components';
import { useState, type ReactNode } from 'react';
import { periodTitle, previousPeriod } from '../../src/core/billing-period.ts';
import { booksWords } from '../books-words.ts';
import { Notice } from '../components/Bars.tsx';
import type { Close } from '../use-close.ts';
import { age, plural, sums } from '../words.ts';

export function Home({ close }: { readonly close: Close }): ReactNode {
  const { state } = close;
  if (state.phase === 'starting') return <p className="quiet">Looking for MCC …</p>;
  if (state.phase === 'signed out') return <SignIn close={close} />;
  return (
    <>
      <Before close={close} />
      {state.started ? <Started close={close} /> : <Start close={close} />}
      <SourcesLine close={close} />
      <Writes />
    </>
  );
}

function SignIn({ close }: { readonly close: Close }): ReactNode {
  const [code, setCode] = useState('');
  return (
    <form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault();
        void close.actions.pairWith(code);
      }}
    >
      <h1>Close the month in this workbook</h1>
      <p>
        Counts come from your vendors, every line is on one screen, and each invoice is posted
        exactly once.
      </p>
      <p>
        MCC runs on your computer. It printed a pairing code when it was started; a code works once.
      </p>
      <Input
        value={code}
        onChange={(_, { value }) => setCode(value)}
        aria-label="Pairing code"
        placeholder="Pairing code"
        autoComplete="off"
      />
      <Button appearance="primary" type="submit" disabled={code.trim().length < 6}>
        Sign in
      </Button>
    </form>
  );
}

function Before({ close }: { readonly close: Close }): ReactNode {
  const { month, session } = close.state;
  const { done } = booksWords(session);
  if (!month) return null;
  if (!month.previous)
    return (
      <Notice>No month is {done} yet. Changes are measured against last month&apos;s tab.</Notice>
    );
  const { period, invoices, totals } = month.previous;
  return (
    <dl className="facts">
      <div>
        <dt>{periodTitle(period)}</dt>
        <dd>
          {plural(invoices, 'invoice')} {done}, {sums(totals)}
        </dd>
      </div>
    </dl>
  );
}

function Start({ close }: { readonly close: Close }): ReactNode {
  const { state, actions } = close;
  const [picked, setPicked] = useState<string | null>(null);
  const sheet = picked ?? state.sheet ?? '';
  const title = state.period ? periodTitle(state.period) : '';
  const hasStarted = state.month?.started !== false;
  return (
    <form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault();
        void actions.startMonth(sheet);
      }}
    >
      <h1>Start {title}</h1>
      <MonthField close={close} />
      <label className="field">
        <span>Sheet of this month</span>
        <Select value={sheet} onChange={(_, { value }) => setPicked(value)}>
          {state.sheets.map((name) => (
            <option key={name}>{name}</option>
          ))}
        </Select>
      </label>
      {hasStarted ? (
        <p className="quiet">
          Not there yet? Duplicate last month&apos;s tab in Excel, rename it, and choose it here.
        </p>
      ) : (
        <Notice>{title} has not started yet.</Notice>
      )}
      <Button appearance="primary" type="submit" disabled={sheet === '' || !hasStarted}>
        Start {title}
      </Button>
    </form>
  );
}

/** September is closed in October: the month before can always be chosen. */
function MonthField({ close }: { readonly close: Close }): ReactNode {
  const { state, actions } = close;
  const { session, period } = state;
  if (!session || !period) return null;
  const current = session.currentPeriod;
  const months = [...new Set([period, current, previousPeriod(current)])].sort().reverse();
  const choose = (value: string): void => {
    const month = months.find((one) => one === value);
    if (month) void actions.chooseMonth(month);
  };
  return (
    <label className="field">
      <span>Month</span>
      <Select value={period} onChange={(_, { value }) => choose(value)}>
        {months.map((month) => (
          <option key={month} value={month}>
            {periodTitle(month)}
          </option>
        ))}
      </Select>
    </label>
  );
}

function Started({ close }: { readonly close: Close }): ReactNode {
  const { state, actions } = close;
  const title = state.period ? periodTitle(state.period) : '';
  return (
    <section className="stack">
      <h1>{title} is open</h1>
      <p>
        Sheet <strong>{state.sheet}</strong>.{' '}
        {state.month?.sealed
          ? `All its invoices are ${booksWords(state.session).done}.`
          : 'Refresh fetches the counts and reads every line.'}
      </p>
      <Button
        appearance="primary"
        disabledFocusable={state.busy !== null}
        onClick={() => void actions.refresh()}
      >
        Refresh counts
      </Button>
      <Button disabledFocusable={state.busy !== null} onClick={() => void actions.openReview()}>
        Review without refreshing
      </Button>
      {state.batch ? (
        <Button onClick={() => actions.tell({ type: 'went', step: 'posting' })}>
          Go to the approval
        </Button>
      ) : null}
      <details>
        <summary>Another month or sheet</summary>
        <Start close={close} />
      </details>
    </section>
  );
}

function SourcesLine({ close }: { readonly close: Close }): ReactNode {
  const { sources, session } = close.state;
  const fresh = sources.filter((source) => source.state === 'fresh').length;
  const unmapped = sources.reduce((sum, source) => sum + source.unmapped.length, 0);
  const oldest = sources.flatMap((source) => source.lastGoodAt ?? []).sort()[0];
  return (
    <dl className="facts">
      <div>
        <dt>Sources</dt>
        <dd>
          {fresh} fresh, {sources.length - fresh} late or silent
          {unmapped > 0 ? `, ${plural(unmapped, 'account')} to map` : ''}
        </dd>
      </div>
      {oldest && session ? (
        <div>
          <dt>Oldest counts</dt>
          <dd>{age(oldest, session.now)} old</dd>
        </div>
      ) : null}
      <div>
        <dt>Books</dt>
        <dd>{session ? `${session.books.title}, ${session.books.company}` : ''}</dd>
      </div>
    </dl>
  );
}

const Writes = (): ReactNode => (
  <details>
    <summary>What MCC writes into this workbook</summary>
    <ul>
      <li>Sheet MCC: the month and the stamp of the counts (names MCC_Period and MCC_AsOf).</li>
      <li>Highlights: at most two rules on the block that was read, and the sheet MCC Review.</li>
      <li>
        When you ask for it: each client&apos;s invoice number, state and day posted, in columns of
        their own beside your table.
      </li>
      <li>Sheet MCC Audit: who approved and posted what, row by row.</li>
      <li>Workbook settings: which sheet is which month. No numbers, no approvals, no sign-in.</li>
    </ul>
    <p>
      Your own cells are never changed, coloured or moved; where a result would replace one, MCC
      asks.
    </p>
  </details>
);
