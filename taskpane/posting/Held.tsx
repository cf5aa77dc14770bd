/** Clients of the month that are not in the batch: billed later, or closed without an invoice. */
import { Button } from '@fluentui/react-components';
import type { ReactNode } from 'react';
import type { Batch } from '../../src/contract/contract.ts';
import { periodTitle } from '../../src/core/billing-period.ts';
import { AskFirst } from '../components/AskFirst.tsx';
import { NO_INVOICE } from '../standing.ts';
import type { Close } from '../use-close.ts';

interface Props {
  readonly batch: Batch;
  readonly close: Close;
}

export function Held({ batch, close }: Props): ReactNode {
  const { state, actions } = close;
  if (batch.held.length === 0) return null;
  const { clients = [] } = state.snapshot ?? state.review?.snapshot ?? {};
  const month = periodTitle(batch.period);
  return (
    <details open className="group">
      <summary>
        <b>Held</b> {batch.held.length} <span className="quiet">not in this batch</span>
      </summary>
      <ul className="postings">
        {batch.held.map(({ clientId, reason }) => {
          const name = clients.find(({ id }) => id === clientId)?.name ?? clientId;
          const word = state.statuses.find((one) => one.clientId === clientId)?.word ?? 'held';
          const isHeld = word === 'held';
          return (
            <li key={clientId} aria-label={name}>
              <div className="row spread">
                <b>{name}</b>
                <span className="quiet">{word}</span>
              </div>
              <p>{reason}</p>
              {isHeld || word === NO_INVOICE ? (
                <>
                  {state.started ? (
                    <Button
                      size="small"
                      disabledFocusable={state.busy !== null}
                      onClick={() => {
                        actions.release(clientId);
                        actions.tell({ type: 'learned', news: { search: name, filter: 'all' } });
                        void actions.openReview();
                      }}
                    >
                      Bill {name} now
                    </Button>
                  ) : null}
                  {isHeld ? (
                    <AskFirst
                      label={`No invoice for ${month}`}
                      question={`${name} gets no invoice for ${month}. The month can be closed then.`}
                      why="Why no invoice"
                      action="Close without invoice"
                      disabled={state.busy !== null}
                      onDo={(why) => void actions.closeClient(clientId, why)}
                    />
                  ) : null}
                </>
              ) : null}
            </li>
          );
        })}
      </ul>
    </details>
  );
}
