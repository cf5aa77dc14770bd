/** A person says that a client gets no invoice for the month, and why. */
import type { ReactNode } from 'react';
import { periodTitle } from '../../src/core/billing-period.ts';
import type { ClientId } from '../../src/core/model.ts';
import { AskFirst } from '../components/AskFirst.tsx';
import type { Close } from '../use-close.ts';

interface Props {
  readonly clientId: ClientId;
  readonly name: string;
  readonly close: Close;
}

export function NoInvoice({ clientId, name, close }: Props): ReactNode {
  const { period, busy } = close.state;
  if (!period) return null;
  const month = periodTitle(period);
  return (
    <AskFirst
      label={`No invoice for ${month}`}
      question={`${name} gets no invoice for ${month}. The month can be closed then.`}
      why="Why no invoice"
      action="Close without invoice"
      disabled={busy !== null}
      onDo={(why) => void close.actions.closeClient(clientId, why)}
    />
  );
}
