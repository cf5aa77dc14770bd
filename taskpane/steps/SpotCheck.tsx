/** S7: five invoices drawn, field by field what was approved beside what the books hold. */
import { Button } from '@fluentui/react-components';
import { useEffect, useRef, type KeyboardEvent, type ReactNode } from 'react';
import { periodTitle } from '../../src/core/billing-period.ts';
import type { SpotCheck } from '../../src/contract/contract.ts';
import { Notice } from '../components/Bars.tsx';
import type { Close } from '../use-close.ts';
import { plural } from '../words.ts';

type Drawn = SpotCheck['invoices'][number];

export function SpotCheckStep({ close }: { readonly close: Close }): ReactNode {
  const { spotCheck } = close.state;
  if (!spotCheck) return <Notice>Post first; then five invoices are drawn.</Notice>;
  const index = spotCheck.invoices.findIndex((invoice) => invoice.verdict === null);
  const invoice = spotCheck.invoices[index];
  const { compared, equal } = spotCheck.readBack;
  return (
    <section className="stack">
      <p className={`notice ${compared === equal ? 'good' : 'bad'}`}>
        {compared === equal ? '✓ ' : ''}
        {equal} of {compared} invoices in the books equal what was approved, to the cent and the
        line.
      </p>
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
  const judge = (verdict: 'matches' | 'does not match'): void =>
    void actions.judge(invoice.key, verdict);
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.target !== event.currentTarget) return;
    if (event.key === ' ') judge('matches');
    else if (event.key.toLowerCase() === 'x') judge('does not match');
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
      <Fields invoice={invoice} />
      <div className="check-foot">
        <Button
          appearance="primary"
          disabled={state.busy !== null}
          onClick={() => judge('matches')}
        >
          Matches <kbd>Space</kbd>
        </Button>
        <Button disabled={state.busy !== null} onClick={() => judge('does not match')}>
          Does not match <kbd>X</kbd>
        </Button>
      </div>
    </div>
  );
}

function Fields({ invoice }: { readonly invoice: Drawn }): ReactNode {
  return (
    <div className="table-scroll">
      <table className="fields">
        <thead>
          <tr>
            <td />
            <th scope="col">approved</th>
            <th scope="col">in the books</th>
            <td />
          </tr>
        </thead>
        <tbody>
          {totalsFirst(invoice.fields).map((field, index) => (
            <tr key={`${field.name}|${index}`} className={field.equal ? '' : 'bad'}>
              <th scope="row">{field.name}</th>
              <td>{field.approved}</td>
              <td>{field.books}</td>
              <td>
                <span aria-hidden="true">{field.equal ? '=' : '≠'}</span>
                <span className="hidden">{field.equal ? 'equal' : 'different'}</span>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** What is wrong shows first, then the figures that say most. */
function totalsFirst(fields: Drawn['fields']): Drawn['fields'] {
  const rank = (field: Drawn['fields'][number]): number =>
    !field.equal ? 0 : field.name === 'Total' ? 1 : field.name === 'Lines' ? 2 : 3;
  return fields.toSorted((a, b) => rank(a) - rank(b));
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
  const held = state.batch?.held.length ?? 0;
  const isGood = wrong.length === 0 && check.readBack.compared === check.readBack.equal;
  return (
    <>
      <h1>
        {isGood
          ? `${state.period ? periodTitle(state.period) : 'The month'} is closed`
          : 'Not closed: something differs'}
      </h1>
      <p>
        {matching} of {check.invoices.length} drawn invoices match (draw {check.seed}).
      </p>
      {held > 0 ? <p>{plural(held, 'client')} held: still to be billed for this month.</p> : null}
      {wrong.length > 0 ? (
        <Notice tone="bad">
          Look at {wrong.map((invoice) => `${invoice.clientName} ${invoice.ref}`).join(', ')} in the
          books, and correct there or with a credit memo.
        </Notice>
      ) : null}
      <Button disabled={state.busy !== null} onClick={() => void actions.draw()}>
        Draw five others
      </Button>
    </>
  );
}
