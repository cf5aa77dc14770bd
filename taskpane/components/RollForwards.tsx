/** The proof at the end of the list: last month plus everything that moved is this month. */
import type { ReactNode } from 'react';
import { periodTitle } from '../../src/core/billing-period.ts';
import type { DryRun, RollForward } from '../../src/core/model.ts';
import { isZero } from '../../src/core/money.ts';
import { decimal, plural, signed } from '../words.ts';

export function RollForwards({ run }: { readonly run: DryRun }): ReactNode {
  const { compared, matched, flagged, excluded, unmapped } = run.comparison;
  return (
    <section className="proof" aria-label="Roll-forward">
      {run.rollForward.map((one) => (
        <Table key={one.currency} one={one} run={run} />
      ))}
      <p className="quiet">
        {compared} lines compared = {matched} matched + {flagged} flagged + {excluded} excluded +{' '}
        {unmapped} unmapped
      </p>
      {run.skipped.length > 0 ? (
        <details>
          <summary>{plural(run.skipped.length, 'cell')} not taken, and why</summary>
          <ul className="plain">
            {run.skipped.map((cell) => (
              <li key={cell.cell}>
                <strong>{cell.cell.slice(cell.cell.lastIndexOf('!') + 1)}</strong> {cell.reason}
              </li>
            ))}
          </ul>
        </details>
      ) : null}
    </section>
  );
}

function Table({ one, run }: { readonly one: RollForward; readonly run: DryRun }): ReactNode {
  const ties = isZero(one.difference);
  return (
    <table className="proof-table">
      <caption>Roll-forward, {one.currency}</caption>
      <tbody>
        <tr>
          <th scope="row">{run.previous ? periodTitle(run.previous.period) : 'Before'}</th>
          <td>{decimal(one.opening)}</td>
        </tr>
        {one.movements
          .filter((movement) => !isZero(movement.amount))
          .map((movement) => (
            <tr key={movement.name}>
              <th scope="row">{movement.name}</th>
              <td>{signed(movement.amount)}</td>
            </tr>
          ))}
        <tr className="sum">
          <th scope="row">{periodTitle(run.period)}</th>
          <td>{decimal(one.closing)}</td>
        </tr>
        <tr className={ties ? 'good' : 'bad'}>
          <th scope="row">{ties ? '✓ ties to the cent' : 'Off by'}</th>
          <td>{ties ? '' : decimal(one.difference)}</td>
        </tr>
      </tbody>
    </table>
  );
}
