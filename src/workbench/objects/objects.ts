/**
 * What the kinds of objects need of each other. A range leads to its worksheet and a worksheet to
 * ranges; they meet here, so that no file imports in a circle.
 */
import type { Rect } from '../model/a1.ts';
import type { Sheet, Workbook } from '../model/workbook.ts';
import type { HostObject } from '../richapi/host-object.ts';

export type EventName = 'changed' | 'activated' | 'selection';

export interface EventRegistry {
  /** A null sheet stands for the collection of all sheets. */
  register(event: EventName, sheetId: string | null): void;
  unregister(event: EventName, sheetId: string | null): void;
  /** The add-in starts anew and listens to nothing. */
  clear(): void;
}

export interface Objects {
  readonly book: Workbook;
  readonly events: EventRegistry;
  readonly range: (sheet: Sheet, rect: Rect) => HostObject;
  readonly areas: (sheet: Sheet, rects: readonly Rect[]) => HostObject;
  readonly worksheet: (sheet: Sheet) => HostObject;
  /** The range behind a Range proxy; null for any other object. */
  readonly behind: (object: HostObject) => RangeSelf | null;
}

export interface RangeSelf {
  readonly objects: Objects;
  readonly sheet: Sheet;
  readonly rect: Rect;
}

export interface SheetSelf {
  readonly objects: Objects;
  readonly sheet: Sheet;
}
