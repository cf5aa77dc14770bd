/** The invoices by what became of them; what needs a person stands open and first. */
import { Button } from '@fluentui/react-components';
import { useState, type ReactNode } from 'react';
import type { Batch, Posting } from '../../src/contract/contract.ts';
import { booksWords, capital } from '../books-words.ts';
import { Beside } from '../components/Beside.tsx';
import { isDoubt } from '../posting-news.ts';
import { adviceOf } from '../posting-words.ts';
import { canRetry, isAlike, isGivenUpUnseen, shownPostings } from '../shown-postings.ts';
import { NO_INVOICE, NOT_KNOWN } from '../standing.ts';
import { totalsOfPostings } from '../posting-totals.ts';
import type { Close } from '../use-close.ts';
import { moment, money, sentence, STATE_WORDS, sums } from '../words.ts';
import { BillNow } from './BillNow.tsx';
import { NoInvoice } from './NoInvoice.tsx';

interface Group {
  readonly title: string;
  readonly has: (posting: Posting) => boolean;
  readonly open: boolean;
}

function isCalled(word: string): Group['has'] {
  return ({ state }) => STATE_WORDS[state] === word;
}
const isClosed: Group['has'] = ({ state }) => state === 'CANCELLED' || state === 'SUPERSEDED';

const GROUPS: readonly Group[] = [
  { title: 'Given up, not known', has: isGivenUpUnseen, open: true },
  { title: 'Rejected', has: isCalled('rejected'), open: true },
  { title: 'Blocked', has: isCalled('blocked'), open: true },
  { title: 'Sending', has: isCalled('sending'), open: true },
  { title: 'Ready', has: isCalled('ready'), open: false },
  { title: 'Posted', has: isCalled('posted'), open: false },
  { title: 'Given up or replaced', has: (one) => isClosed(one) && !isGivenUpUnseen(one), open: false },
]; // prettier-ignore

interface Props {
  readonly batch: Batch;
  readonly close: Close;
}

export function Groups({ batch, close }: Props): ReactNode {
  const { done } = booksWords(close.state.session);
  return GROUPS.map(({ title, has, open }) => {
    const own = shownPostings(batch).filter((posting) => !isDoubt(posting) && has(posting));
    if (own.length === 0) return null;
    return (
      <details key={title} open={open} className="group">
        <summary>
          <b>{title === 'Posted' ? capital(done) : title}</b> {own.length}{' '}
          <span className="quiet">{sums(totalsOfPostings(own))}</span>
        </summary>
        <ul className="postings">
          {own.map((posting) => (
            <PostingRow key={posting.key} posting={posting} close={close} />
          ))}
        </ul>
      </details>
    );
  });
}

interface RowProps {
  readonly posting: Posting;
  readonly close: Close;
}

function PostingRow({ posting, close }: RowProps): ReactNode {
  const words = booksWords(close.state.session);
  const advice = adviceOf(posting, words);
  return (
    <li aria-label={posting.clientName}>
      <div className="row spread">
        <span>
          <b>{posting.clientName}</b> <span className="quiet">{posting.ref ?? ''}</span>
          {posting.batchId === close.state.batch?.id ? null : (
            <span className="tag">earlier approval</span>
          )}
          {posting.adopted ? <span className="tag">found in {words.place}</span> : null}
        </span>
        <span className="figure">{money(posting.total)}</span>
      </div>
      {advice ? (
        <>
          <p>{advice.happened}</p>
          {advice.now ? <p className="quiet">{advice.now}</p> : null}
          <Evidence posting={posting} />
          <RowActions posting={posting} close={close} />
        </>
      ) : null}
    </li>
  );
}

const NOT_SENT: readonly Posting['state'][] = ['READY', 'BLOCKED'];

/** When it went out and how often it was looked for; a send that was given back is none. */
function Evidence({ posting }: { readonly posting: Posting }): ReactNode {
  const { state, sentAt, lookups, lastLookupAt } = posting;
  const words = [
    sentAt && !NOT_SENT.includes(state) ? `Sent ${moment(sentAt)}` : '',
    lastLookupAt ? `looked up ${lookups} ×, last ${moment(lastLookupAt)}` : '',
  ].filter(Boolean);
  return words.length === 0 ? null : <p className="quiet">{sentence(words.join('; '))}</p>;
}

const COMPARED: readonly Posting['state'][] = ['CONFLICT', 'MISMATCH', 'DUPLICATE_IN_LEDGER', 'VOIDED', 'MISSING_IN_LEDGER']; // prettier-ignore
const REVIEWED: readonly Posting['state'][] = ['BLOCKED', 'CONFLICT', 'MISMATCH', 'VOIDED', 'MISSING_IN_LEDGER']; // prettier-ignore
/** Perhaps nothing valid of it is in the books: the relay asks them before it leaves it at that. */
const CLOSABLE: readonly Posting['state'][] = ['REJECTED', ...REVIEWED];
/** Said of the client by a person, and taken back by billing it after all. */
const OUT: readonly string[] = [NO_INVOICE, NOT_KNOWN];

function RowActions({ posting, close }: RowProps): ReactNode {
  const { state, actions } = close;
  const { clientId, clientName } = posting;
  const busy = state.busy !== null;
  const mayReview = REVIEWED.includes(posting.state) && posting.block !== 'books';
  const word = state.statuses.find((one) => one.clientId === clientId)?.word ?? '';
  const isOut = isClosed(posting) && OUT.includes(word);
  return (
    <>
      {COMPARED.includes(posting.state) ? <Compare posting={posting} close={close} /> : null}
      <div className="row">
        {canRetry(posting) ? (
          <Button
            size="small"
            disabledFocusable={busy}
            onClick={() => void actions.decidePosting(posting.key, 'retry', {})}
          >
            Retry {clientName}
            {isAlike(state, posting.key) ? ', it is another' : ''}
          </Button>
        ) : null}
        {mayReview || isOut ? (
          <BillNow
            clientId={clientId}
            name={clientName}
            label={mayReview ? `Review ${clientName}` : `Bill ${clientName} now`}
            close={close}
          />
        ) : null}
      </div>
      {CLOSABLE.includes(posting.state) ? (
        <NoInvoice clientId={clientId} name={clientName} close={close} />
      ) : null}
    </>
  );
}

/** Few are read at once; of many, each when a person opens it. */
const READ_AT_ONCE_MAX = 3;

function Compare({ posting, close }: RowProps): ReactNode {
  const { batch } = close.state;
  const shown = batch ? shownPostings(batch) : [];
  const compared = shown.filter(({ state }) => COMPARED.includes(state));
  const [isOpen, setOpen] = useState(compared.length <= READ_AT_ONCE_MAX);
  return (
    <details open={isOpen} onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary>Approved and in {booksWords(close.state.session).place}</summary>
      {isOpen ? <Beside posting={posting} close={close} /> : null}
    </details>
  );
}
