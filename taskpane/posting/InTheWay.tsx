/** What stands between the approval and the books: changed lines, look-alikes, unknown marks, a parked connection. */
import { Button } from '@fluentui/react-components';
import type { ReactNode } from 'react';
import type { Batch, Posting } from '../../src/contract/contract.ts';
import { booksWords, capital } from '../books-words.ts';
import { AskFirst } from '../components/AskFirst.tsx';
import { Notice } from '../components/Bars.tsx';
import { isDoubt, isSent } from '../posting-news.ts';
import { canRetry, shownPostings } from '../shown-postings.ts';
import type { Close } from '../use-close.ts';
import { moment, readable, sentence } from '../words.ts';
import { Lapsed } from './Lapsed.tsx';

interface Props {
  readonly close: Close;
}

export function InTheWay({ close }: Props): ReactNode {
  return (
    <>
      <BooksTrouble close={close} />
      <Waiting close={close} />
      <MustSee close={close} />
      <Lapsed close={close} />
      <InTheBooks close={close} />
      <ForeignMarks close={close} />
    </>
  );
}

/** Nothing is sent at all, or what is shown as posted was not looked at lately. */
function BooksTrouble({ close }: Props): ReactNode {
  const { books } = close.state;
  if (!books) return null;
  const { sweep } = books;
  return (
    <>
      <Recovery close={close} />
      <Parked close={close} />
      {sweep?.late ? (
        <Notice tone="bad">
          <strong>
            {books.title} {sweep.failed === null ? 'was last compared' : 'could not be compared'}{' '}
            {moment(sweep.at)}.
          </strong>{' '}
          {sentence(readable(sweep.failed ?? '')) ||
            `Look there before you rely on what is shown as ${booksWords(close.state.session).done}.`}
        </Notice>
      ) : null}
    </>
  );
}

/** A restored database may have forgotten invoices: all are looked up before anything is sent. */
function Recovery({ close }: Props): ReactNode {
  const { state, actions } = close;
  const { recovery, title } = state.books ?? {};
  if (!recovery) return null;
  return (
    <section aria-label="Recovery" className="notice bad">
      <p>
        <strong>Nothing is sent: the database of MCC was restored.</strong>{' '}
        {sentence(readable(recovery.words))}
      </p>
      <p>
        {recovery.looked} of {recovery.total} invoices looked up in {title}.
      </p>
      <p className="quiet">{sentence(readable(recovery.reason))}</p>
      <div className="row">
        <Button
          size="small"
          disabledFocusable={state.busy !== null}
          onClick={() => void actions.lookAgain()}
        >
          See how far it is
        </Button>
      </div>
      <AskFirst
        label="End the recovery"
        question="Invoices that MCC has forgotten could be sent twice. End it only when you have compared the month in the books yourself."
        why="Why it is safe"
        action="End"
        disabled={state.busy !== null}
        onDo={(reason) => void actions.endRecovery(reason)}
      />
    </section>
  );
}

function Parked({ close }: Props): ReactNode {
  const { state, actions } = close;
  const { parked, title, liftedBy } = state.books ?? {};
  if (!parked) return null;
  return (
    <section aria-label="Nothing is sent" className="notice bad">
      <p>
        <strong>Nothing is sent to {title}.</strong> {sentence(readable(parked))}
      </p>
      {liftedBy === 'person' ? (
        <AskFirst
          label="Lift the stop"
          question="The cap is there against a wrong sheet or a wrong import. Lift the stop once you have looked: what is within the cap goes on. What is beyond it stops again until the cap is raised in the configuration of MCC; if nothing of it was sent, it can be withdrawn too."
          why="Why it is right"
          action="Lift"
          disabled={state.busy !== null}
          onDo={(reason) => void actions.unpark(reason)}
        />
      ) : (
        <p className="quiet">
          Connect the company named there; then {booksWords(state.session).verb} again.
        </p>
      )}
    </section>
  );
}

/** Said with the batch, which is read more often than the books. */
function Waiting({ close }: Props): ReactNode {
  const { batch, books } = close.state;
  if (!batch?.waiting || books?.parked || books?.recovery) return null;
  return <Notice tone="warn">{sentence(readable(batch.waiting))}</Notice>;
}

function MustSee({ close }: Props): ReactNode {
  const { batch } = close.state;
  const { mustSee = [] } = batch ?? {};
  if (batch?.state !== 'SUBMITTED' || mustSee.length === 0) return null;
  return (
    <section aria-label="Big changes" className="notice warn">
      <strong>Big changes against last month</strong>
      <ul className="plain">
        {mustSee.map((words) => (
          <li key={words}>{readable(words)}</li>
        ))}
      </ul>
    </section>
  );
}

/** A batch that goes on after a pause has sent some already. */
const nothingSent = (batch: Batch | null): string =>
  batch?.postings.some(isSent) ? 'Nothing more was sent.' : 'Nothing was sent.';

/** Somebody may have typed the invoice by hand; nothing was sent until a person has looked. */
function InTheBooks({ close }: Props): ReactNode {
  const { alike, batch, session } = close.state;
  if (alike.length === 0) return null;
  const { name, verb } = booksWords(session);
  const isAll = (is: (posting: Posting) => boolean): boolean => {
    const own = (batch ? shownPostings(batch) : []).filter(is).map(({ key }) => key);
    return alike.every(({ keys }) => keys.every((key) => own.includes(key)));
  };
  return (
    <section aria-label="In the books already" className="notice warn">
      <strong>
        Perhaps in {name} already. {nothingSent(batch)}
      </strong>
      <ul className="plain">
        {alike.map(({ invoiceId, words }) => (
          <li key={invoiceId}>{words}</li>
        ))}
      </ul>
      <p className="quiet">
        {isAll(canRetry)
          ? 'The same invoice, typed by hand? Then no other is due: say so with "No invoice". Another one? Retry all the same.'
          : isAll(isDoubt)
            ? 'The same invoice? Then no other is due: say "It is there" with its id, or give this one up. Another one? Send it again all the same.'
            : `The same invoice, typed by hand? Hold the client and approve the others again. Another one? ${capital(verb)} all the same.`}
      </p>
    </section>
  );
}

function ForeignMarks({ close }: Props): ReactNode {
  const { foreignMarks, batch, session, busy } = close.state;
  if (foreignMarks.length === 0) return null;
  const words = booksWords(session);
  return (
    <section aria-label="Marks of another relay" className="notice warn">
      <strong>
        In {words.name} are invoices that another MCC has {words.done}. {nothingSent(batch)}
      </strong>
      <ul className="plain">
        {foreignMarks.map(({ marker, words }) => (
          <li key={marker} aria-label={marker}>
            <span className="ids">{marker}</span>: {readable(words)}
            <AskFirst
              label="I know whose it is"
              question="Two relays on one set of books can bill a client twice. Go on only when the other one is out of use, or bills other clients."
              why="Whose it is"
              action="Go on"
              disabled={busy !== null}
              onDo={(reason) => void close.actions.knowMark(marker, reason)}
            />
          </li>
        ))}
      </ul>
    </section>
  );
}
