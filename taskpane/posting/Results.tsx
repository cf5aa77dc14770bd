/** W5: the results beside the clients' rows, after a person has seen which cells that takes. */
import { Button } from '@fluentui/react-components';
import type { ReactNode } from 'react';
import type { ResultsPlan } from '../../src/workbook/result-columns.ts';
import type { Close } from '../use-close.ts';
import { plural } from '../words.ts';

const SHOWN_MAX = 5;

export function Results({ close }: { readonly close: Close }): ReactNode {
  const { state, actions } = close;
  const { results, busy, started } = state;
  if (!started) return null;
  if (!results) {
    return (
      <Button disabledFocusable={busy !== null} onClick={() => void actions.planResults()}>
        Results into the sheet …
      </Button>
    );
  }
  return (
    <section aria-label="Results into the sheet" className="notice">
      <strong>What MCC would write into {results.sheet}</strong>
      <Where plan={results} />
      <div className="row">
        <Button
          size="small"
          appearance="primary"
          disabled={results.writes.length === 0}
          disabledFocusable={busy !== null}
          onClick={() => void actions.writeResults(false)}
        >
          Write {plural(results.writes.length, 'cell')}
        </Button>
        {results.occupied.length > 0 ? (
          <Button
            size="small"
            disabledFocusable={busy !== null}
            onClick={() => void actions.writeResults(true)}
          >
            Overwrite these {results.occupied.length} too
          </Button>
        ) : null}
        <Button
          size="small"
          appearance="subtle"
          onClick={() => actions.tell({ type: 'learned', news: { results: null } })}
        >
          Cancel
        </Button>
      </div>
    </section>
  );
}

function Where({ plan }: { readonly plan: ResultsPlan }): ReactNode {
  const { columns, occupied, missing } = plan;
  return (
    <>
      <ul className="plain">
        {columns.map(({ title, letters, isNew }) => (
          <li key={letters}>
            Column {letters}: {title}
            {isNew ? ', new' : ''}
          </li>
        ))}
      </ul>
      <p>
        Beside {plural(plan.clients, 'client')}. Your other cells stay as they are; later results
        follow by themselves.
      </p>
      {occupied.length > 0 ? (
        <>
          <p>{plural(occupied.length, 'cell')} in use, left as they are:</p>
          <ul className="plain">
            {occupied.slice(0, SHOWN_MAX).map(({ write, holds }) => (
              <li key={write.cell}>
                {write.cell.slice(write.cell.lastIndexOf('!') + 1)} holds “{holds}”, result “
                {write.value}”
              </li>
            ))}
            {occupied.length > SHOWN_MAX ? <li>and {occupied.length - SHOWN_MAX} more</li> : null}
          </ul>
        </>
      ) : null}
      {missing.length > 0 ? <p>Not in the sheet any more: {missing.join(', ')}.</p> : null}
    </>
  );
}
