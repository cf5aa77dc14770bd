/** Lines of the sheet that are not as approved any more, by what became of their client's invoice. */
import { Button } from '@fluentui/react-components';
import type { ReactNode } from 'react';
import { booksWords } from '../books-words.ts';
import type { Lapsed as LapsedLine } from '../close-state.ts';
import { isSent } from '../posting-news.ts';
import type { Close } from '../use-close.ts';
import { plural, readable } from '../words.ts';

export function Lapsed({ close }: { readonly close: Close }): ReactNode {
  const { lapsed, batch, session } = close.state;
  const sent = new Set(batch?.postings.filter(isSent).map(({ clientId }) => clientId));
  const late = lapsed.filter(({ clientId }) => sent.has(clientId));
  const stopped = lapsed.filter(({ clientId }) => !sent.has(clientId));
  const { done, name } = booksWords(session);
  const left = clientsOf(stopped);
  return (
    <>
      {stopped.length > 0 ? (
        <div className="notice warn" role="alert">
          <strong>
            Changed after the approval: {plural(left, 'client')} will not be {done}.
          </strong>
          <Lines lines={stopped} close={close} />
          <p className="quiet">
            {left === 1
              ? 'Review this client and approve it again.'
              : 'Review these clients and approve them again.'}
          </p>
        </div>
      ) : null}
      {late.length > 0 ? (
        <div className="notice warn" role="alert">
          <strong>
            Sent as approved, and the sheet differs now: {plural(clientsOf(late), 'client')}.
          </strong>
          <Lines lines={late} close={close} />
          <p className="quiet">
            MCC changes nothing in {name}. Put the sheet back, or correct the invoice there.
          </p>
        </div>
      ) : null}
    </>
  );
}

const clientsOf = (lines: readonly LapsedLine[]): number =>
  new Set(lines.map(({ clientId }) => clientId)).size;

interface LinesProps {
  readonly lines: readonly LapsedLine[];
  readonly close: Close;
}

function Lines({ lines, close }: LinesProps): ReactNode {
  const { batch } = close.state;
  const names = new Map(batch?.postings.map((posting) => [posting.clientId, posting.clientName]));
  return (
    <ul className="plain">
      {lines.map((one) => (
        <li key={`${one.clientId}|${one.words}`}>
          <b>{names.get(one.clientId) ?? one.clientId}</b> {readable(one.words)}{' '}
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
  );
}
