/** S4: one line, all that is known about it. Escape goes back to the list. */
import { Button } from '@fluentui/react-components';
import { useEffect, useRef, useState, type ReactNode } from 'react';
import type { DryRunInvoice, DryRunLine, PostedMonth } from '../../src/core/model.ts';
import { isZero } from '../../src/core/money.ts';
import { booksWords, capital } from '../books-words.ts';
import { Comings, CountBases, CountParts } from '../components/CountFacts.tsx';
import { Fact } from '../components/Fact.tsx';
import { FlagNote } from '../components/FlagNote.tsx';
import { ReasonField } from '../components/ReasonField.tsx';
import { flagKey } from '../obstacles.ts';
import { linesOf } from '../review-rows.ts';
import type { Close } from '../use-close.ts';
import { decimal, moment, signed } from '../words.ts';

const MONTHS_SHOWN = 12;

export function LineDetail({ close }: { readonly close: Close }): ReactNode {
  const { state, actions } = close;
  const back = (): void => actions.tell({ type: 'learned', news: { lineId: null } });
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  const invoice = state.review?.dryRun.invoices.find((one) =>
    linesOf(one).some((line) => line.id === state.lineId),
  );
  const line = invoice && linesOf(invoice).find((one) => one.id === state.lineId);
  if (!invoice || !line) return <Gone onBack={back} />;
  return (
    <section
      className="detail stack"
      onKeyDown={(event) => {
        if (event.key === 'Escape') back();
      }}
    >
      <div className="row">
        <Button size="small" appearance="subtle" onClick={back} aria-label="Back to the list">
          ‹ Back
        </Button>
        <h1 ref={heading} tabIndex={-1}>
          {invoice.clientName} · {line.description}
        </h1>
      </div>
      <Figures line={line} />
      {line.flags.map((flag) => (
        <FlagNote key={flagKey(flag)} flag={flag} close={close} />
      ))}
      <Facts line={line} close={close} />
      <CountBases line={line} close={close} />
      <Causes line={line} />
      <Months
        invoice={invoice}
        line={line}
        months={state.history}
        done={booksWords(state.session).done}
      />
      <Buttons invoice={invoice} line={line} close={close} />
    </section>
  );
}

function Figures({ line }: { readonly line: DryRunLine }): ReactNode {
  return (
    <p className="figures">
      <b>{decimal(line.quantity)}</b>{' '}
      <span className="quiet">
        was {line.previous ? decimal(line.previous.quantity) : 'not billed'}
      </span>{' '}
      <b>{signed(line.delta.quantity)}</b> × {decimal(line.unitPrice)} ={' '}
      <b>{decimal(line.amount)}</b>{' '}
      <span className="quiet">
        ({isZero(line.delta.amount) ? 'same amount' : signed(line.delta.amount)})
      </span>
    </p>
  );
}

const ENTRY_WORDS = {
  count: 'MCC.COUNT: the vendor’s count',
  formula: 'a formula of yours',
  typed: 'typed by hand',
} as const;
const BASIS_WORDS = {
  billable: 'what is billable', assigned: 'seats ASSIGNED to users', bought: 'licences BOUGHT', active: 'active devices or agents', peak: 'the highest count of the month',
} as const; // prettier-ignore

function Facts({ line, close }: { readonly line: DryRunLine; readonly close: Close }): ReactNode {
  const { count } = line;
  const title =
    close.state.sources.find((source) => source.id === count?.source)?.title ?? count?.source;
  return (
    <dl className="facts">
      <Fact name="In the cell">{ENTRY_WORDS[line.entry]}</Fact>
      {count ? (
        <>
          <Fact name="From">
            {title}, {BASIS_WORDS[count.basis]}: {decimal(count.quantity)}
          </Fact>
          <Fact name="As of">
            {moment(count.asOf)}, snapshot {close.state.review?.snapshot.id}
          </Fact>
          <CountParts count={count} />
          <Comings line={line} />
        </>
      ) : (
        <Fact name="From">No source counts this line.</Fact>
      )}
    </dl>
  );
}

function Causes({ line }: { readonly line: DryRunLine }): ReactNode {
  if (line.causes.length === 0) return null;
  return (
    <table className="proof-table">
      <caption>Why it changed</caption>
      <tbody>
        {line.causes.map((cause) => (
          <tr key={`${cause.kind}|${cause.text}`}>
            <th scope="row">
              {cause.kind} <span className="quiet">{cause.text}</span>
            </th>
            <td>{isZero(cause.quantity) ? '' : signed(cause.quantity)}</td>
            <td>{signed(cause.amount)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Months(props: {
  readonly invoice: DryRunInvoice;
  readonly line: DryRunLine;
  readonly months: readonly PostedMonth[];
  readonly done: string;
}): ReactNode {
  const { line } = props;
  const months = props.months
    .toSorted((a, b) => (a.period < b.period ? -1 : 1))
    .slice(-MONTHS_SHOWN);
  if (months.length === 0) return null;
  return (
    <div>
      <h2>{capital(props.done)} before</h2>
      <ol className="months">
        {months.map((month) => {
          const posted = month.lines.find(
            (one) =>
              one.clientId === line.clientId &&
              one.serviceId === line.serviceId &&
              one.kind === line.kind,
          );
          return (
            <li key={month.period}>
              <span className="quiet">{month.period.slice(2)}</span>{' '}
              {posted ? decimal(posted.quantity) : '–'}
            </li>
          );
        })}
      </ol>
    </div>
  );
}

function Buttons({
  invoice,
  line,
  close,
}: {
  readonly invoice: DryRunInvoice;
  readonly line: DryRunLine;
  readonly close: Close;
}): ReactNode {
  const { actions } = close;
  const [holds, setHolds] = useState(false);
  const cell = line.cell.slice(line.cell.lastIndexOf('!') + 1);
  if (holds) {
    return (
      <ReasonField
        label={`Why hold ${invoice.clientName}`}
        required
        action="Hold"
        onCancel={() => setHolds(false)}
        onSave={(reason) => {
          setHolds(false);
          actions.hold(invoice.clientId, reason);
        }}
      />
    );
  }
  return (
    <>
      <div className="row">
        <Button size="small" onClick={() => void actions.goTo(line.cell)}>
          Edit cell {cell}
        </Button>
        {invoice.held === null ? (
          <Button size="small" onClick={() => setHolds(true)}>
            Hold invoice …
          </Button>
        ) : (
          <Button size="small" onClick={() => actions.release(invoice.clientId)}>
            Release invoice
          </Button>
        )}
      </div>
      <p className="quiet">
        To bill another quantity, type it in {cell}; MCC reads the sheet again by itself
        {line.previous ? ` (last month: ${decimal(line.previous.quantity)})` : ''}.
      </p>
    </>
  );
}

const Gone = ({ onBack }: { readonly onBack: () => void }): ReactNode => (
  <p className="empty">
    This line is no longer in the sheet.{' '}
    <Button size="small" onClick={onBack}>
      Back to the list
    </Button>
  </p>
);
