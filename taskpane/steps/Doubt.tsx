/** One invoice nobody is sure of: the evidence, and the choices of a person. */
import { Button, Input } from '@fluentui/react-components';
import { useRef, useState, type ReactNode } from 'react';
import type { Posting } from '../../src/contract/contract.ts';
import { booksWords } from '../books-words.ts';
import { AskFirst } from '../components/AskFirst.tsx';
import { Fact } from '../components/Fact.tsx';
import type { Close } from '../use-close.ts';
import { doubtWords, moment, money, nextWords, plural, readable, STATE_WORDS } from '../words.ts';

export function DoubtCard({ posting, close }: Props): ReactNode {
  const { name: books } = booksWords(close.state.session);
  const next = nextWords(posting, books);
  return (
    <article className="card doubt" aria-label={posting.clientName}>
      <p>
        <span className="badge late">{STATE_WORDS[posting.state]}</span>{' '}
        {doubtWords(posting, books)}
      </p>
      {next ? <p>{next}</p> : null}
      <LookFor posting={posting} />
      {posting.evidence.length > 0 ? (
        <details>
          <summary>What we saw</summary>
          <ul className="plain">
            {posting.evidence.map((one) => (
              <li key={`${one.at}|${one.words}`}>
                <span className="quiet">{moment(one.at)}</span> {readable(one.words)}
              </li>
            ))}
          </ul>
        </details>
      ) : null}
      {posting.state === 'NEEDS_PERSON' ? (
        <Choices posting={posting} close={close} />
      ) : (
        <div className="row">
          <Ask posting={posting} close={close} />
        </div>
      )}
    </article>
  );
}

/** By what a person finds it in the books, and what was done to find it so far. */
function LookFor({ posting }: { readonly posting: Posting }): ReactNode {
  const { ref, clientName, total, date, sentAt, lastLookupAt, lookups, uncertainSince } = posting;
  return (
    <dl className="facts tight">
      <Fact name="Number">{ref ?? 'none'}</Fact>
      <Fact name="Customer">{clientName}</Fact>
      <Fact name="Amount">{money(total)}, before tax</Fact>
      {date ? <Fact name="Dated">{date}</Fact> : null}
      <Fact name="Sent">
        {sentAt ? moment(sentAt) : 'not known'}
        {uncertainSince ? `; open since ${moment(uncertainSince)}` : ''}
      </Fact>
      <Fact name="Looked up">
        {lastLookupAt ? `${plural(lookups, 'time')}, last ${moment(lastLookupAt)}` : 'not yet'}
      </Fact>
    </dl>
  );
}

interface Props {
  readonly posting: Posting;
  readonly close: Close;
}

/** Asks the books now; the list itself only shows what the relay has seen. */
function Ask({ posting, close }: Props): ReactNode {
  const { actions, state } = close;
  return (
    <Button
      size="small"
      disabledFocusable={state.busy !== null}
      onClick={() => void actions.decidePosting(posting.key, 'look again', {})}
    >
      Look in {booksWords(state.session).name} again
    </Button>
  );
}

function Choices({ posting, close }: Props): ReactNode {
  const { actions, state } = close;
  const [invoiceId, setInvoiceId] = useState('');
  const { place, name } = booksWords(state.session);
  const isDeleted = posting.mayResend === false;
  const busy = state.busy !== null;
  const from = posting.decideFrom;
  return (
    <div className="stack">
      <div className="row">
        <Ask posting={posting} close={close} />
      </div>
      {isDeleted ? null : <SendAgain posting={posting} close={close} />}
      {from ? (
        <p className="quiet">
          {isDeleted ? 'Giving up' : 'Sending again'} is possible from {moment(from)}, so that a
          slow answer cannot become a second invoice.
        </p>
      ) : null}
      <div className="row">
        <Input
          size="small"
          value={invoiceId}
          maxLength={120}
          aria-label={`Id of the invoice in ${place}`}
          placeholder={`Id in ${place}`}
          onChange={(_, { value }) => setInvoiceId(value)}
        />
        <Button
          size="small"
          disabled={invoiceId.trim() === ''}
          disabledFocusable={busy}
          onClick={() =>
            void actions.decidePosting(posting.key, 'it is there', { invoiceId: invoiceId.trim() })
          }
        >
          It is there
        </Button>
      </div>
      <AskFirst
        label="Give up"
        question={`${posting.clientName} gets no invoice for this month from MCC. It is looked for once more. If ${name} gives no answer, it stays not known whether the invoice is there, and MCC says so wherever it is shown.`}
        why="Why give up"
        action="Give up"
        disabled={busy}
        onDo={(reason) => void actions.decidePosting(posting.key, 'give up', { reason })}
      />
    </div>
  );
}

/** The button that sends is never where the one that asks was: a double click is no decision. */
function SendAgain({ posting, close }: Props): ReactNode {
  const { actions, state } = close;
  const { place, name } = booksWords(state.session);
  const [asks, setAsks] = useState(false);
  const opener = useRef<HTMLDivElement>(null);
  const busy = state.busy !== null;
  const alike = state.alike.filter(({ keys }) => keys.includes(posting.key));
  const leave = (): void => {
    setAsks(false);
    opener.current?.querySelector('button')?.focus();
  };
  return (
    <>
      <div className="row" ref={opener}>
        <Button
          size="small"
          disabledFocusable={busy || asks}
          aria-expanded={asks}
          onClick={() => setAsks(true)}
        >
          It is not there …
        </Button>
      </div>
      {asks ? (
        <div
          className="ask"
          role="group"
          aria-label="It is not there"
          onKeyDown={({ key }) => key === 'Escape' && leave()}
        >
          <p>It is sent once more. If it is in {name} after all, the customer has two invoices.</p>
          {alike.length > 0 ? (
            <ul className="plain">
              {alike.map(({ invoiceId, words }) => (
                <li key={invoiceId}>
                  {words}, id {invoiceId}
                </li>
              ))}
            </ul>
          ) : null}
          <div className="row">
            <Button
              size="small"
              appearance="primary"
              disabledFocusable={busy}
              onClick={() =>
                void actions.decidePosting(posting.key, 'send again', {
                  reason: `Looked in ${place}: it is not there.`,
                })
              }
            >
              Yes, I looked{alike.length > 0 ? ', it is another' : ''}: send it again
            </Button>
            <Button size="small" appearance="subtle" onClick={leave}>
              Cancel
            </Button>
          </div>
        </div>
      ) : null}
    </>
  );
}
