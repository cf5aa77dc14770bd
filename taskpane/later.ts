/** A part of the pane that is loaded late, and drawn at once when it has come by then. */
import { createElement, lazy, useState, type ComponentType, type ReactNode } from 'react';

export interface Later<Props> {
  readonly Part: (props: Props) => ReactNode;
  /** Fetches it ahead of its first use; a failure shows when it is used. */
  readonly load: () => void;
}

/**
 * React's lazy always shows its fallback first and then holds back what comes next for 300 ms
 * (react-dom 19.3, read 2026-11-21). A part that is here already needs neither.
 */
export function later<Props extends object>(
  fetchPart: () => Promise<ComponentType<Props>>,
): Later<Props> {
  let fetched: ComponentType<Props> | null = null;
  const fetching = async (): Promise<ComponentType<Props>> => (fetched ??= await fetchPart());
  const Lazy = lazy(async () => ({ default: await fetching() }));
  return {
    Part: (props) => {
      // Kept while it is mounted: another type would be another component, and forget its state.
      const [Kept] = useState<ComponentType<Props>>(
        () => fetched ?? (Lazy as ComponentType<Props>),
      );
      return createElement(Kept, props);
    },
    load: () => {
      fetching().catch(() => undefined);
    },
  };
}
