/** The figures of the whole month, always on top: this month, against last, and whether it ties. */
import type { ReactNode } from 'react';
import { periodTitle } from '../../src/core/billing-period.ts';
import type { DryRun } from '../../src/core/model.ts';
import { isZero, subtractAmounts, zeroAmount } from '../../src/core/money.ts';
import { toApprove } from '../obstacles.ts';
import { money, plural, signed } from '../words.ts';

interface Props {
  readonly run: DryRun;
  /** What became of the invoices of the month before: "posted". */
  readonly done: string;
}

export function Totals({ run, done }: Props): ReactNode {
  const { previous, rollForward } = run;
  const taken = run.invoices.filter((invoice) => invoice.taken !== null).length;
  const held = run.invoices.filter(({ held: why, taken: by }) => why !== null && !by).length;
  const ties = rollForward.every((one) => isZero(one.difference));
  return (
    <div className="totals">
      {run.totals.map((total) => (
        <div key={total.currency} className="row spread">
          <span>
            {plural(toApprove(run).length, 'invoice')}
            {taken > 0 ? `, ${taken} billed already` : ''}
            {held > 0 ? `, ${held} held` : ''}
          </span>
          <strong className="figure">{money(total)}</strong>
        </div>
      ))}
      {previous ? (
        run.totals.map((total) => {
          const before = run.previousTotals.find((sum) => sum.currency === total.currency)?.amount;
          const change = subtractAmounts(
            total.amount,
            before ?? zeroAmount(total.currency),
            total.currency,
          );
          return (
            <div key={total.currency} className="row spread quiet">
              <span>
                vs {periodTitle(previous.period)}{' '}
                {previous.origin === 'sheet' ? 'from sheet, not from posts' : done}
              </span>
              <span>{signed(change)}</span>
            </div>
          );
        })
      ) : (
        <p className="quiet">No month before this one: everything is new.</p>
      )}
      {ties ? null : (
        <p className="notice bad">The roll-forward does not tie. See the end of the list.</p>
      )}
    </div>
  );
}
