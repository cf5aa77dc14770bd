/** The cells of one row. Signs carry their meaning as text, colour only repeats it. */
import type { ReactNode } from 'react';
import { isZero, subtractAmounts } from '../../src/core/money.ts';
import { flagKey } from '../obstacles.ts';
import { signText, type Row, type Sign } from '../review-rows.ts';
import type { Close } from '../use-close.ts';
import { decimal, signed } from '../words.ts';
import { FlagNote } from './FlagNote.tsx';

export function GridRow({ row, close }: { readonly row: Row; readonly close: Close }): ReactNode {
  switch (row.kind) {
    case 'client':
      return <ClientCells row={row} />;
    case 'line':
      return <LineCells row={row} />;
    case 'why':
      return (
        <div role="gridcell" aria-colspan={4} className="why-cell">
          {row.flags.map((flag) => (
            <FlagNote key={flagKey(flag)} flag={flag} close={close} plain />
          ))}
        </div>
      );
  }
}

function ClientCells({ row }: { readonly row: Extract<Row, { kind: 'client' }> }): ReactNode {
  const { invoice, expanded, sign } = row;
  const change = subtractAmounts(invoice.total, invoice.previousTotal, invoice.currency);
  const isCredit = invoice.document === 'credit memo';
  return (
    <>
      <span role="gridcell" className="name">
        <span aria-hidden="true" className="twist">
          {expanded ? '▾' : '▸'}
        </span>
        <SignMark sign={sign} />
        <b>{invoice.clientName}</b>
        {invoice.taken !== null ? (
          <span className="tag">{invoice.taken}</span>
        ) : invoice.held !== null ? (
          <span className="tag">HELD</span>
        ) : null}
        {isCredit ? <span className="tag">CREDIT</span> : null}
      </span>
      <span role="gridcell" className="blank" />
      <span role="gridcell" className="number quiet">
        {isZero(change) ? '=' : signed(change)}
      </span>
      <span role="gridcell" className="number">
        <b>{invoice.held === null ? decimal(invoice.total) : '--'}</b>
      </span>
    </>
  );
}

function LineCells({ row }: { readonly row: Extract<Row, { kind: 'line' }> }): ReactNode {
  const { line, gone, sign } = row;
  const was = line.previous?.quantity;
  const isOneOff = line.kind !== 'recurring';
  return (
    <>
      <span role="gridcell" className="name">
        <SignMark sign={sign} />
        <span className="line-name">{line.description}</span>
        {isOneOff ? <span className="tag">{line.kind}</span> : null}
      </span>
      <span role="gridcell" className="number">
        {was === undefined ? 'new' : decimal(was)} → {gone ? 'gone' : decimal(line.quantity)}
      </span>
      <span role="gridcell" className="number">
        {signed(line.delta.quantity)}
      </span>
      <span role="gridcell" className="number">
        {decimal(line.amount)}
      </span>
    </>
  );
}

function SignMark({ sign }: { readonly sign: Sign }): ReactNode {
  return (
    <span
      className={`mark ${sign === '!!' ? 'blocks' : sign === '' || sign === '=' ? '' : 'asks'}`}
    >
      <span aria-hidden="true">{sign}</span>
      <span className="hidden">{signText(sign)} </span>
    </span>
  );
}
