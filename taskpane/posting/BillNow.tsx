/** Out of the approvals of the month so far; a person bills the client after all. */
import { Button } from '@fluentui/react-components';
import type { ReactNode } from 'react';
import type { ClientId } from '../../src/core/model.ts';
import type { Close } from '../use-close.ts';

interface Props {
  readonly clientId: ClientId;
  readonly name: string;
  readonly label: string;
  readonly close: Close;
}

/** The review with this client in it; it needs the sheet of the month. */
export function BillNow({ clientId, name, label, close }: Props): ReactNode {
  const { state, actions } = close;
  if (!state.started) return null;
  return (
    <Button
      size="small"
      disabledFocusable={state.busy !== null}
      onClick={() => {
        actions.release(clientId);
        actions.tell({ type: 'learned', news: { search: name, filter: 'all' } });
        void actions.openReview();
      }}
    >
      {label}
    </Button>
  );
}
