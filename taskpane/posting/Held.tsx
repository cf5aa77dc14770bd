/** Clients of the month that are not in the batch: billed later, or closed without an invoice. */
import type { ReactNode } from 'react';
import type { Batch } from '../../src/contract/contract.ts';
import { isGone, shownPostings } from '../shown-postings.ts';
import { NO_INVOICE, NOT_KNOWN } from '../standing.ts';
import type { Close } from '../use-close.ts';
import { BillNow } from './BillNow.tsx';
import { NoInvoice } from './NoInvoice.tsx';

interface Props {
  readonly batch: Batch;
  readonly close: Close;
}

/** The relay's word for a client that a person has put off. */
const HELD = 'held';
const CAN_BILL = [HELD, NO_INVOICE, NOT_KNOWN];

export function Held({ batch, close }: Props): ReactNode {
  const { state } = close;
  const gone = new Set(
    shownPostings(batch)
      .filter(isGone)
      .map(({ clientId }) => clientId),
  );
  // Those stand among the invoices, with what can be done.
  const held = batch.held.filter(({ clientId }) => !gone.has(clientId));
  if (held.length === 0) return null;
  const { clients = [] } = state.snapshot ?? state.review?.snapshot ?? {};
  return (
    <details open className="group">
      <summary>
        <b>Held</b> {held.length} <span className="quiet">not in this batch</span>
      </summary>
      <ul className="postings">
        {held.map(({ clientId, reason }) => {
          const name = clients.find(({ id }) => id === clientId)?.name ?? clientId;
          const word = state.statuses.find((one) => one.clientId === clientId)?.word ?? HELD;
          return (
            <li key={clientId} aria-label={name}>
              <div className="row spread">
                <b>{name}</b>
                <span className="quiet">{word}</span>
              </div>
              <p>{reason}</p>
              {CAN_BILL.includes(word) ? (
                <>
                  <BillNow
                    clientId={clientId}
                    name={name}
                    label={`Bill ${name} now`}
                    close={close}
                  />
                  {word === HELD ? (
                    <NoInvoice clientId={clientId} name={name} close={close} />
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
