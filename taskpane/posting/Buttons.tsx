/** What can be done with the whole batch: the next step first, what stops it last. */
import { Button } from '@fluentui/react-components';
import type { ReactNode } from 'react';
import type { Batch, Posting } from '../../src/contract/contract.ts';
import { booksWords } from '../books-words.ts';
import { AskFirst } from '../components/AskFirst.tsx';
import { Notice } from '../components/Bars.tsx';
import { isSent } from '../posting-news.ts';
import { canRetry, isAlike, mustLook, shownPostings } from '../shown-postings.ts';
import type { Close } from '../use-close.ts';
import { plural } from '../words.ts';
import { Results } from './Results.tsx';

interface Props {
  readonly batch: Batch;
  readonly close: Close;
}

/** So many are drawn, where there are as many. */
const DRAWN = 5;
/** Now or once: what is gone or voided is read back too. */
const IN_BOOKS: readonly Posting['state'][] = ['POSTED', 'MISMATCH', 'MISSING_IN_LEDGER', 'VOIDED', 'DUPLICATE_IN_LEDGER']; // prettier-ignore

export function Buttons({ batch, close }: Props): ReactNode {
  const { state, actions } = close;
  const busy = state.busy !== null;
  const failed = shownPostings(batch).filter(canRetry);
  const posted = batch.postings.filter((posting) => posting.state === 'POSTED');
  const inBooks = batch.postings.filter(({ state: one }) => IN_BOOKS.includes(one));
  const isResting = batch.state.startsWith('COMPLETED');
  return (
    <div className="stack">
      {batch.state === 'SUBMITTED' ? <ApproveButton batch={batch} close={close} /> : null}
      <PostButton batch={batch} close={close} />
      {failed.length > 1 ? (
        <Button disabledFocusable={busy} onClick={() => void actions.retryFailed()}>
          Retry {failed.length}
          {failed.some(({ key }) => isAlike(state, key)) ? ', they are others' : ''}
        </Button>
      ) : null}
      {inBooks.length > 0 && (isResting || batch.state === 'POSTING') ? (
        <Button
          appearance={isResting ? 'primary' : 'secondary'}
          disabledFocusable={busy}
          onClick={() => void actions.draw()}
        >
          Spot-check {inBooks.length < DRAWN ? plural(inBooks.length, 'invoice') : 'five'}
        </Button>
      ) : null}
      {posted.length > 0 ? <Results close={close} /> : null}
      {batch.state === 'CANCELLED' ? null : (
        <Button disabledFocusable={busy} onClick={() => void actions.lookAgain()}>
          Refresh this list
        </Button>
      )}
      <Stops batch={batch} close={close} />
    </div>
  );
}

/** Under the two-person rule whoever sent it in only waits. */
function ApproveButton({ batch, close }: Props): ReactNode {
  const { state, actions } = close;
  const { twoPersons, person } = state.session ?? {};
  if (twoPersons && batch.preparedBy === person) {
    return (
      <Notice>You have sent it in. Another person approves it, signed in as themselves.</Notice>
    );
  }
  return (
    <Button
      appearance="primary"
      disabledFocusable={state.busy !== null}
      onClick={() => void actions.approveSubmitted()}
    >
      {mustLook(batch) ? 'I have looked: approve' : 'Approve'}{' '}
      {twoPersons ? 'as second person' : plural(batch.postings.length, 'invoice')}
    </Button>
  );
}

/** The first press and, after a pause, the next: what is posted stays posted. */
function PostButton({ batch, close }: Props): ReactNode {
  const { state, actions } = close;
  const lapsed = new Set(state.lapsed.map((one) => one.clientId));
  const ready = batch.postings.filter(
    (posting) => posting.state === 'READY' && !lapsed.has(posting.clientId),
  );
  const isPaused = batch.state === 'PAUSED';
  if (batch.state !== 'APPROVED' && !isPaused) return null;
  const { name, send } = booksWords(state.session);
  const isLess = batch.postings.some((one) => lapsed.has(one.clientId) && !isSent(one));
  const what = isLess ? `the other ${ready.length}` : plural(ready.length, 'invoice');
  return (
    <Button
      appearance="primary"
      size="large"
      disabledFocusable={
        state.busy !== null ||
        !state.online ||
        state.foreignMarks.length > 0 ||
        (ready.length === 0 && !isPaused)
      }
      onClick={() => void actions.post(lapsed.size > 0)}
    >
      {isPaused ? `Resume: ${what} to ${name}` : send(what)}
      {ready.some(({ key }) => isAlike(state, key)) ? ', they are others' : ''}
    </Button>
  );
}

const WITHDRAWN: readonly Batch['state'][] = ['SUBMITTED', 'APPROVED', 'STALE'];

/** Ready in a batch under way; or in doubt, where the books may be sent the same once more. */
const mayStillLeave = ({ state, postings }: Batch): boolean =>
  (state === 'POSTING' && postings.some((one) => one.state === 'READY')) ||
  (['POSTING', 'COMPLETED_WITH_DOUBT'].includes(state) &&
    postings.some((one) => one.state === 'UNKNOWN'));

function Stops({ batch, close }: Props): ReactNode {
  const { state, actions } = close;
  const { verb } = booksWords(state.session);
  const busy = state.busy !== null;
  return (
    <>
      {mayStillLeave(batch) ? (
        <Button onClick={() => void actions.pause()} disabledFocusable={busy}>
          Pause
        </Button>
      ) : null}
      {WITHDRAWN.includes(batch.state) ? (
        <AskFirst
          label="Withdraw"
          question={`All ${plural(batch.postings.length, 'invoice')} are withdrawn; nothing was sent. To ${verb} them after all, approve again.`}
          why="Why withdraw"
          action="Withdraw"
          disabled={busy}
          onDo={(reason) => void actions.withdraw(reason)}
        />
      ) : null}
    </>
  );
}
