/** One invoice nobody is sure of: the evidence, and the choices of a person. */
import { Button, Input } from '@fluentui/react-components';
import { useState, type ReactNode } from 'react';
import type { Posting } from '../../src/contract/contract.ts';
import type { Close } from '../use-close.ts';
import { doubtWords, moment, nextWords, plural, readable, STATE_WORDS } from '../words.ts';

export function DoubtCard({
  posting,
  close,
}: {
  readonly posting: Posting;
  readonly close: Close;
}): ReactNode {
  const { session } = close.state;
  return (
    <article className="card doubt" aria-label={posting.clientName}>
      <p>
        <span className="badge late">{STATE_WORDS[posting.state]}</span>{' '}
        {doubtWords(posting, session?.books.title ?? 'the books')}
      </p>
      {nextWords(posting) ? <p>{nextWords(posting)}</p> : null}
      <p className="quiet">
        Looked {plural(posting.lookups, 'time')}
        {posting.lastLookupAt ? `, last ${moment(posting.lastLookupAt)}` : ''}
        {posting.uncertainSince ? `; open since ${moment(posting.uncertainSince)}` : ''}.
      </p>
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
      {posting.state === 'NEEDS_PERSON' ? <Choices posting={posting} close={close} /> : null}
    </article>
  );
}

function Choices({
  posting,
  close,
}: {
  readonly posting: Posting;
  readonly close: Close;
}): ReactNode {
  const { actions, state } = close;
  const [invoiceId, setInvoiceId] = useState('');
  const [isSure, setSure] = useState(false);
  const busy = state.busy !== null;
  const from = posting.decideFrom;
  return (
    <div className="stack">
      <div className="row">
        <Button
          size="small"
          disabled={busy}
          onClick={() => void actions.decidePosting(posting.key, 'look again', {})}
        >
          Look again
        </Button>
        {isSure ? (
          <Button
            size="small"
            appearance="primary"
            disabled={busy}
            onClick={() =>
              void actions.decidePosting(posting.key, 'send again', {
                reason: 'Looked in the books: it is not there.',
              })
            }
          >
            Yes, I looked: send it again
          </Button>
        ) : (
          <Button size="small" disabled={busy} onClick={() => setSure(true)}>
            It is not there …
          </Button>
        )}
        <Button
          size="small"
          appearance="subtle"
          disabled={busy}
          onClick={() => void actions.decidePosting(posting.key, 'give up', {})}
        >
          Give up
        </Button>
      </div>
      {from ? (
        <p className="quiet">
          Sending again is possible from {moment(from)}, so that a slow answer cannot become a
          second invoice.
        </p>
      ) : null}
      <div className="row">
        <Input
          size="small"
          value={invoiceId}
          maxLength={120}
          aria-label="Id of the invoice in the books"
          placeholder="Id in the books"
          onChange={(_, { value }) => setInvoiceId(value)}
        />
        <Button
          size="small"
          disabled={busy || invoiceId.trim() === ''}
          onClick={() =>
            void actions.decidePosting(posting.key, 'it is there', { invoiceId: invoiceId.trim() })
          }
        >
          It is there
        </Button>
      </div>
    </div>
  );
}
