/** The virtual treegrid: only what is in sight is drawn, the keyboard walks through all of it. */
import { useVirtualizer } from '@tanstack/react-virtual';
import {
  useEffect,
  useLayoutEffect,
  useRef,
  useState,
  type KeyboardEvent,
  type ReactNode,
} from 'react';
import { rowKeys, type GridKeys } from '../row-keys.ts';
import type { Row } from '../review-rows.ts';
import type { Close } from '../use-close.ts';
import { GridRow } from './GridRow.tsx';

const HEIGHTS: Readonly<Record<Row['kind'], number>> = { client: 44, line: 42, why: 44 };
const PAGE_ROWS = 10;

interface Props {
  readonly close: Close;
  readonly rows: readonly Row[];
  /** State, not a ref: the list is drawn again once its box is there. */
  readonly scroller: HTMLDivElement | null;
  readonly at: number;
  readonly onAt: (index: number) => void;
  readonly onToggle: (clientId: string) => void;
  readonly onHold: (clientId: string) => void;
}

export function ReviewGrid(props: Props): ReactNode {
  const { close, rows, scroller, at, onAt } = props;
  const grid = useRef<HTMLDivElement>(null);
  const [margin, setMargin] = useState(0);
  const wantsFocus = useRef(false);
  useLayoutEffect(() => setMargin(grid.current?.offsetTop ?? 0), [rows, close.state.review]);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller,
    estimateSize: (index) => HEIGHTS[rows[index]?.kind ?? 'line'],
    getItemKey: (index) => rows[index]?.id ?? index,
    overscan: 6,
    scrollMargin: margin,
  });
  const focused = Math.min(at, rows.length - 1);
  useEffect(() => {
    if (!wantsFocus.current) return;
    wantsFocus.current = false;
    grid.current?.querySelector<HTMLElement>(`[data-index="${focused}"]`)?.focus();
  });
  const go = (index: number): void => {
    const next = Math.max(0, Math.min(rows.length - 1, index));
    wantsFocus.current = true;
    virtual.scrollToIndex(next);
    onAt(next);
  };
  const keys: GridKeys = {
    rows,
    at: focused,
    page: PAGE_ROWS,
    go,
    toggle: props.onToggle,
    hold: props.onHold,
    close,
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (
      event.target instanceof HTMLElement &&
      event.target.getAttribute('role') === 'row' &&
      rowKeys(keys, event)
    ) {
      event.preventDefault();
    }
  };
  return (
    <div
      className="grid"
      role="treegrid"
      aria-label="Dry-run"
      aria-rowcount={rows.length + 1}
      aria-colcount={4}
      onKeyDown={onKeyDown}
    >
      <div role="row" aria-rowindex={1} className="grid-head">
        <span role="columnheader">Client, line</span>
        <span role="columnheader">Was → now</span>
        <span role="columnheader">Change</span>
        <span role="columnheader">Amount</span>
      </div>
      <div
        role="presentation"
        ref={grid}
        className="grid-body"
        style={{ height: virtual.getTotalSize() }}
      >
        {virtual.getVirtualItems().map((item) => {
          const row = rows[item.index];
          if (!row) return null;
          return (
            <div
              key={item.key}
              ref={virtual.measureElement}
              data-index={item.index}
              role="row"
              aria-rowindex={item.index + 2}
              aria-level={row.kind === 'client' ? 1 : 2}
              aria-expanded={row.kind === 'client' ? row.expanded : undefined}
              tabIndex={item.index === focused ? 0 : -1}
              className={`grid-row ${row.kind}`}
              style={{ transform: `translateY(${item.start - margin}px)` }}
              onFocus={(event) =>
                event.target === event.currentTarget ? onAt(item.index) : undefined
              }
              onClick={() => {
                onAt(item.index);
                if (row.kind === 'client') props.onToggle(row.id);
                if (row.kind === 'line')
                  close.actions.tell({ type: 'learned', news: { lineId: row.id } });
              }}
            >
              <GridRow row={row} close={close} />
            </div>
          );
        })}
      </div>
    </div>
  );
}
