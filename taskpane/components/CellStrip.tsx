/** S8: why the selected cell shows what it shows; Excel itself does not tell everywhere. */
import { Button } from '@fluentui/react-components';
import type { ReactNode } from 'react';
import type { Close } from '../use-close.ts';

export function CellStrip({ close }: { readonly close: Close }): ReactNode {
  const { state, actions } = close;
  const { selected } = state;
  // A cell without a function of ours needs no strip.
  if (!selected?.answer) return null;
  const { answer, cell } = selected;
  return (
    <footer className="strip" aria-label="Selected cell">
      <p>
        <strong>{cell.slice(cell.lastIndexOf('!') + 1)}</strong> {answer.client}
        {answer.service ? ` · ${answer.service}` : ''}{' '}
        <strong>{answer.error ?? String(answer.value)}</strong>
      </p>
      {answer.words ? <p>{answer.words}</p> : null}
      {answer.words.includes('Map it') ? (
        <Button size="small" onClick={() => void actions.openSources()}>
          Map
        </Button>
      ) : null}
    </footer>
  );
}
