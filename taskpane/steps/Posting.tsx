/** S6: what became of each invoice. Doubt first, in words that keep anybody from entering it twice. */
import { Button, ProgressBar } from '@fluentui/react-components';
import type { ReactNode } from 'react';
import type { Batch, Posting } from '../../src/contract/contract.ts';
import { negateAmount, sumAmounts } from '../../src/core/money.ts';
import { Notice } from '../components/Bars.tsx';
import type { Close } from '../use-close.ts';
import { moment, money, nextWords, plural, readable, STATE_WORDS, sums } from '../words.ts';
import { DoubtCard } from './Doubt.tsx';

export function PostingStep({ close }: { readonly close: Close }): ReactNode {
  const { batch } = close.state;
  if (!batch) return <Notice>Nothing is approved yet.</Notice>;
  const doubt = batch.postings.filter((posting) => posting.outcome === 'uncertain');
  return (
    <section className="stack">
      <Head batch={batch} close={close} />
      {doubt.length > 0 ? (
        <section aria-label="Not known" className="stack">
          <h2>{plural(doubt.length, 'invoice')} we are not sure of</h2>
          {doubt.map((posting) => (
            <DoubtCard key={posting.key} posting={posting} close={close} />
          ))}
        </section>
      ) : null}
      <Lapsed close={close} />
      <InTheBooks close={close} />
      <Groups batch={batch} close={close} />
      <Buttons batch={batch} close={close} />
    </section>
  );
}

function Head({ batch, close }: { readonly batch: Batch; readonly close: Close }): ReactNode {
  const posted = batch.postings.filter((posting) => posting.state === 'POSTED');
  const rest = batch.postings.filter((posting) => posting.state !== 'POSTED');
  const { books } = close.state.session ?? {};
  return (
    <>
      <h1>{titleOf(batch)}</h1>
      {batch.approvedBy ? (
        <p className="quiet">
          Approved by {batch.approvedBy}, {batch.approvedAt ? moment(batch.approvedAt) : ''},
          fingerprint {batch.digest.slice(0, 8)}
          {batch.singleOperator ? ' (one person)' : ''}
        </p>
      ) : null}
      <ProgressBar
        thickness="large"
        value={posted.length / Math.max(1, batch.postings.length)}
        aria-label={`${posted.length} of ${batch.postings.length} posted`}
      />
      <p>
        <b>
          {posted.length} of {batch.postings.length} posted
        </b>
        <span className="quiet">
          {' '}
          {[
            posted.length > 0 ? `${sums(totals(posted))} posted` : '',
            rest.length > 0 ? `${sums(totals(rest))} to go` : '',
          ]
            .filter(Boolean)
            .join(' · ')}
        </span>
      </p>
      {batch.state === 'POSTING' ? (
        <p className="quiet">
          You can close this pane. MCC goes on, and {books?.title ?? 'the books'} get each invoice
          once.
        </p>
      ) : null}
    </>
  );
}

function titleOf(batch: Batch): string {
  switch (batch.state) {
    case 'SUBMITTED':
      return 'Waiting for a second person';
    case 'APPROVED':
      return `Approved: post ${plural(batch.postings.length, 'invoice')}?`;
    case 'POSTING':
      return 'Posting';
    case 'PAUSED':
      return 'Posting is paused';
    case 'COMPLETED':
      return 'All invoices are posted';
    case 'COMPLETED_WITH_DOUBT':
      return 'Posted, with doubt';
    case 'COMPLETED_WITH_EXCEPTIONS':
      return 'Posted, with exceptions';
    case 'STALE':
      return 'The approval has lapsed';
    case 'CANCELLED':
      return 'Cancelled';
    case 'DRAFT':
    case 'VALIDATED':
      return 'Not approved yet';
  }
}

function Lapsed({ close }: { readonly close: Close }): ReactNode {
  const { lapsed, batch } = close.state;
  if (lapsed.length === 0) return null;
  const names = new Map(batch?.postings.map((posting) => [posting.clientId, posting.clientName]));
  const clients = new Set(lapsed.map((one) => one.clientId)).size;
  return (
    <div className="notice warn" role="alert">
      <strong>Changed after the approval: {plural(clients, 'client')} will not be posted.</strong>
      <ul className="plain">
        {lapsed.map((one) => (
          <li key={`${one.clientId}|${one.words}`}>
            <b>{names.get(one.clientId) ?? one.clientId}</b> {one.words}{' '}
            {one.cell ? (
              <Button
                size="small"
                appearance="subtle"
                onClick={() => void close.actions.goTo(one.cell ?? '')}
              >
                Cell {one.cell.slice(one.cell.lastIndexOf('!') + 1)}
              </Button>
            ) : null}
          </li>
        ))}
      </ul>
      <p className="quiet">Undo the change, or review and approve this client again.</p>
    </div>
  );
}

/** Somebody may have typed the invoice by hand; nothing was sent until a person has looked. */
function InTheBooks({ close }: { readonly close: Close }): ReactNode {
  const { alike, session } = close.state;
  if (alike.length === 0) return null;
  return (
    <section aria-label="In the books already" className="notice warn">
      <strong>Perhaps in {session?.books.title} already. Nothing was sent.</strong>
      <ul className="plain">
        {alike.map(({ invoiceId, words }) => (
          <li key={invoiceId}>{words}</li>
        ))}
      </ul>
      <p className="quiet">
        The same invoice, typed by hand? Hold the client and approve the others again. Another one?
        Post all the same.
      </p>
    </section>
  );
}

const GROUPS: readonly {
  readonly title: string;
  readonly words: readonly string[];
  readonly open: boolean;
}[] = [
  { title: 'Rejected', words: ['rejected'], open: true },
  { title: 'Blocked', words: ['blocked'], open: true },
  { title: 'Sending', words: ['sending'], open: true },
  { title: 'Ready', words: ['ready'], open: false },
  { title: 'Posted', words: ['posted'], open: false },
  { title: 'Given up or replaced', words: ['given up', 'replaced'], open: false },
];

function Groups({ batch, close }: { readonly batch: Batch; readonly close: Close }): ReactNode {
  return GROUPS.map(({ title, words, open }) => {
    const own = batch.postings.filter(
      (posting) => posting.outcome !== 'uncertain' && words.includes(STATE_WORDS[posting.state]),
    );
    if (own.length === 0) return null;
    return (
      <details key={title} open={open} className="group">
        <summary>
          <b>{title}</b> {own.length} <span className="quiet">{sums(totals(own))}</span>
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

function PostingRow({
  posting,
  close,
}: {
  readonly posting: Posting;
  readonly close: Close;
}): ReactNode {
  return (
    <li>
      <div className="row spread">
        <span>
          <b>{posting.clientName}</b> <span className="quiet">{posting.ref ?? ''}</span>
          {posting.adopted ? <span className="tag">found in the books</span> : null}
        </span>
        <span className="figure">{money(posting.total)}</span>
      </div>
      {posting.reason ? <p>{readable(posting.reason)}</p> : null}
      {posting.nextStep && posting.state !== 'POSTED' ? (
        <p className="quiet">{nextWords(posting)}</p>
      ) : null}
      {posting.state === 'REJECTED' && posting.retriable ? (
        <Button
          size="small"
          disabled={close.state.busy !== null}
          onClick={() => void close.actions.decidePosting(posting.key, 'retry', {})}
        >
          Retry {posting.clientName}
        </Button>
      ) : null}
    </li>
  );
}

function Buttons({ batch, close }: { readonly batch: Batch; readonly close: Close }): ReactNode {
  const { state, actions } = close;
  const busy = state.busy !== null;
  const rejected = batch.postings.filter(
    (posting) => posting.state === 'REJECTED' && posting.retriable,
  );
  const posted = batch.postings.filter((posting) => posting.state === 'POSTED');
  const lapsed = new Set(state.lapsed.map((one) => one.clientId));
  const left = batch.postings.filter((posting) => !lapsed.has(posting.clientId)).length;
  const isResting = batch.state.startsWith('COMPLETED');
  return (
    <div className="stack">
      {batch.state === 'SUBMITTED' ? (
        <Button appearance="primary" disabled={busy} onClick={() => void actions.approveAsSecond()}>
          Approve as second person
        </Button>
      ) : null}
      {batch.state === 'APPROVED' ? (
        <Button
          appearance="primary"
          size="large"
          disabled={busy || !state.online || left === 0}
          onClick={() => void actions.post(lapsed.size > 0)}
        >
          {lapsed.size > 0 ? `Post the other ${left}` : `Post ${plural(left, 'invoice')}`} to{' '}
          {state.session?.books.title}
          {state.alike.length > 0 ? ', they are others' : ''}
        </Button>
      ) : null}
      {rejected.length > 1 ? (
        <Button disabled={busy} onClick={() => void actions.retryRejected()}>
          Retry {rejected.length}
        </Button>
      ) : null}
      {posted.length > 0 && (isResting || batch.state === 'POSTING') ? (
        <Button
          appearance={isResting ? 'primary' : 'secondary'}
          disabled={busy}
          onClick={() => void actions.draw()}
        >
          Spot-check five
        </Button>
      ) : null}
      {batch.state === 'POSTING' || batch.state === 'COMPLETED_WITH_DOUBT' ? (
        <Button disabled={busy} onClick={() => void actions.lookAgain()}>
          Look again
        </Button>
      ) : null}
    </div>
  );
}

function totals(postings: readonly Posting[]): Posting['total'][] {
  const currencies = [...new Set(postings.map((posting) => posting.total.currency))];
  return currencies.map((currency) => ({
    currency,
    amount: sumAmounts(
      postings
        .filter((posting) => posting.total.currency === currency)
        .map((posting) =>
          posting.document === 'credit memo'
            ? negateAmount(posting.total.amount)
            : posting.total.amount,
        ),
      currency,
    ),
  }));
}
