/** S6: what became of each invoice. Doubt first, in words that keep anybody from entering it twice. */
import { Button, ProgressBar } from '@fluentui/react-components';
import { useEffect, type ReactNode } from 'react';
import type { Batch } from '../../src/contract/contract.ts';
import { booksWords } from '../books-words.ts';
import { Notice } from '../components/Bars.tsx';
import { Buttons } from '../posting/Buttons.tsx';
import { Findings } from '../posting/Findings.tsx';
import { Groups } from '../posting/Groups.tsx';
import { Held } from '../posting/Held.tsx';
import { InTheWay } from '../posting/InTheWay.tsx';
import { titleOf } from '../posting/title.ts';
import { isDoubt, isToGo } from '../posting-news.ts';
import { shownPostings } from '../shown-postings.ts';
import { totalsOfPostings } from '../posting-totals.ts';
import type { Close } from '../use-close.ts';
import { moment, plural, readable, sentence, sums } from '../words.ts';
import { DoubtCard } from './Doubt.tsx';

export function PostingStep({ close }: { readonly close: Close }): ReactNode {
  const { state, actions } = close;
  const { batch } = state;
  useEffect(() => {
    if (batch?.id) void actions.lookAround();
  }, [actions, batch?.id, batch?.state, batch?.waiting]);
  if (!batch) return <Notice>Nothing is approved yet.</Notice>;
  const doubt = shownPostings(batch).filter(isDoubt);
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
      <InTheWay close={close} />
      <Groups batch={batch} close={close} />
      <Held batch={batch} close={close} />
      <Findings close={close} />
      <Buttons batch={batch} close={close} />
    </section>
  );
}

function Head({ batch, close }: { readonly batch: Batch; readonly close: Close }): ReactNode {
  const posted = batch.postings.filter((posting) => posting.state === 'POSTED');
  const toGo = batch.postings.filter(isToGo);
  const { session } = close.state;
  const words = booksWords(session);
  const { done } = words;
  return (
    <>
      <h1>{titleOf(batch, session?.twoPersons === true, words)}</h1>
      {batch.approvedBy ? (
        <p className="quiet">
          Approved by {batch.approvedBy}, {batch.approvedAt ? moment(batch.approvedAt) : ''},
          fingerprint {batch.digest.slice(0, 8)}
          {batch.singleOperator ? ' (one person)' : ''}
        </p>
      ) : null}
      <WhyStopped batch={batch} close={close} />
      {batch.state === 'CANCELLED' ? null : (
        <>
          <ProgressBar
            thickness="large"
            value={posted.length / Math.max(1, batch.postings.length)}
            aria-label={`${posted.length} of ${batch.postings.length} ${done}`}
          />
          <p>
            <b>
              {posted.length} of {batch.postings.length} {done}
            </b>
            <span className="quiet">
              {' '}
              {[
                posted.length > 0 ? `${sums(totalsOfPostings(posted))} ${done}` : '',
                toGo.length > 0 ? `${sums(totalsOfPostings(toGo))} to go` : '',
              ]
                .filter(Boolean)
                .join(' · ')}
            </span>
          </p>
        </>
      )}
      {batch.state === 'POSTING' ? (
        <p className="quiet">
          You can close this pane. MCC goes on, and each invoice gets into {words.name} once.
        </p>
      ) : null}
      {session?.books.kind === 'file' &&
      posted.length > 0 &&
      batch.state.startsWith('COMPLETED') ? (
        <Notice>
          The invoices are in the file, not in your books yet. It is in the folder books/
          {session.books.id} of MCC&apos;s data: move it to &quot;imported&quot; beside it, and
          import it from there once.
        </Notice>
      ) : null}
    </>
  );
}

/** A batch that goes no further by itself says why, and what comes next. */
function WhyStopped({ batch, close }: { readonly batch: Batch; readonly close: Close }): ReactNode {
  const { state, actions } = close;
  const reason = sentence(readable(batch.reason ?? ''));
  if (batch.state === 'PAUSED') {
    return (
      <Notice tone="warn">
        Nothing more is sent. What is under way ends, and what is in doubt is still looked for.{' '}
        {reason}
      </Notice>
    );
  }
  if (batch.state !== 'STALE' && batch.state !== 'CANCELLED') return null;
  return (
    <div className="notice warn">
      {reason} Nothing was sent. Review the month and approve it again.{' '}
      {state.started ? (
        <Button
          size="small"
          disabledFocusable={state.busy !== null}
          onClick={() => void actions.openReview()}
        >
          Review
        </Button>
      ) : null}
    </div>
  );
}
