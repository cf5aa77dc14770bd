/** A vendor's count taken apart: each basis beside the others, the parts, who came and who went. */
import { useMemo, type ReactNode } from 'react';
import { indexCounts } from '../../src/core/counts.ts';
import { compareIds, countedByBasis, nameGaps } from '../../src/core/explain-count.ts';
import { idWords } from '../../src/core/ids.ts';
import type { Basis, Count, CountPart, DryRunLine } from '../../src/core/model.ts';
import { isZero } from '../../src/core/money.ts';
import type { Close } from '../use-close.ts';
import { decimal, moment, plural } from '../words.ts';
import { Fact } from './Fact.tsx';

interface Props {
  readonly line: DryRunLine;
  readonly close: Close;
}

const BASIS_NAMES: Readonly<Record<Basis, string>> = {
  bought: 'Bought', assigned: 'Assigned', active: 'Active', billable: 'Billable', peak: 'Peak',
}; // prettier-ignore

/** Bought, assigned, active and billed: the classic trap, spelled out. */
export function CountBases({ line, close }: Props): ReactNode {
  const snapshot = close.state.review?.snapshot;
  const index = useMemo(() => (snapshot ? indexCounts(snapshot) : null), [snapshot]);
  const counts = index ? countedByBasis(index, line.clientId, line.serviceId) : [];
  if (counts.length === 0 || line.kind !== 'recurring') return null;
  const gaps = nameGaps(counts, line.quantity);
  return (
    <>
      <table className="proof-table bases">
        <caption>Counted and billed</caption>
        <tbody>
          {counts.map((count) => (
            <tr key={count.basis}>
              <th scope="row">
                {BASIS_NAMES[count.basis]} <span className="quiet">{titleOf(close, count)}</span>
              </th>
              <td>{decimal(count.quantity)}</td>
            </tr>
          ))}
          <tr>
            <th scope="row">Billed</th>
            <td>
              <b>{decimal(line.quantity)}</b>
            </td>
          </tr>
        </tbody>
      </table>
      <p>{gaps.length === 0 ? 'All agree.' : `${gaps.join('; ')}.`}</p>
    </>
  );
}

const titleOf = ({ state }: Close, count: Count): string =>
  state.sources.find(({ id }) => id === count.source)?.title ?? count.source;

export function CountParts({ count }: { readonly count: Count }): ReactNode {
  const parts = count.parts.filter((part) => !isZero(part.quantity));
  if (parts.length === 0) return null;
  return (
    <Fact name="Parts">
      {parts.map((part) => (
        <span key={`${part.account}|${part.sku}`} className="part">
          {part.sku} <b>{decimal(part.quantity)}</b>{' '}
          <span className="quiet">account {part.account}</span>
          <SplitWords part={part} />
        </span>
      ))}
    </Fact>
  );
}

function SplitWords({ part: { split } }: { readonly part: CountPart }): ReactNode {
  if (!split) return null;
  return (
    <span className="quiet">
      , {split.rule} of {decimal(split.whole)}; split by {split.by}, {moment(split.at)}
    </span>
  );
}

/** Against the last posted month, from what was sealed with it. */
export function Comings({ line }: Pick<Props, 'line'>): ReactNode {
  const { count, previous } = line;
  if (!count || !previous) return null;
  const comings = compareIds(previous.parts, count.parts);
  if (!comings) {
    return <Fact name="Came, went">The source names no single devices or seats.</Fact>;
  }
  const { joined, left, stayed } = comings;
  return (
    <Fact name="Came, went">
      {joined.length} joined, {left.length} left, {stayed} stayed.
      <Ids title={`${plural(joined.length, 'id')} that joined`} ids={joined} />
      <Ids title={`${plural(left.length, 'id')} that left`} ids={left} />
    </Fact>
  );
}

function Ids({ title, ids }: { readonly title: string; readonly ids: readonly string[] }): ReactNode {
  if (ids.length === 0) return null;
  return (
    <details>
      <summary>{title}</summary>
      <span className="ids">{ids.map(idWords).join(', ')}</span>
    </details>
  );
} // prettier-ignore
