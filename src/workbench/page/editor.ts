/** Typing into a cell: an input inside the cell, or the formula bar; one of them at a time. */
import type { Place } from './moves.ts';

export interface Editor {
  /** A first character replaces what was there; null edits it. */
  open(place: Place, first: string | null): void;
  close(commit: boolean): void;
  isOpenInCell(): boolean;
  /** In the cell or in the formula bar. */
  isEditing(): boolean;
  holds(target: EventTarget | null): boolean;
  attachBar(bar: HTMLInputElement, active: () => Place): void;
}

export interface EditorParts {
  cellAt(place: Place): HTMLTableCellElement | null;
  textAt(place: Place): string;
  commit(place: Place, text: string): void;
  /** After the edit; with a direction the cursor moves on. */
  leave(direction: readonly [number, number] | null): void;
}

interface Open {
  readonly place: Place;
  readonly td: HTMLTableCellElement;
  readonly input: HTMLInputElement;
  readonly before: string;
  readonly shown: string;
}

export function createEditor(parts: EditorParts): Editor {
  let open: Open | null = null;
  let inBar = false;

  function close(commit: boolean): void {
    const was = open;
    if (!was) return;
    open = null;
    const text = was.input.value;
    was.td.classList.remove('editing');
    was.td.textContent = was.shown;
    if (commit && text !== was.before) parts.commit(was.place, text);
  }

  function finish(direction: readonly [number, number] | null, commit: boolean): void {
    close(commit);
    parts.leave(direction);
  }

  function onKey(event: KeyboardEvent): void {
    const back = event.shiftKey ? -1 : 1;
    if (event.key === 'Enter') finish([back, 0], true);
    else if (event.key === 'Tab') finish([0, back], true);
    else if (event.key === 'Escape') finish(null, false);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  function show(place: Place, first: string | null): void {
    close(true);
    const td = parts.cellAt(place);
    if (!td) return;
    const before = parts.textAt(place);
    const input = document.createElement('input');
    input.setAttribute('aria-label', `Edit ${td.dataset['a1'] ?? ''}`);
    input.value = first ?? before;
    input.spellcheck = false;
    open = { place, td, input, before: first === null ? before : '\u0000', shown: td.textContent };
    td.classList.add('editing');
    td.replaceChildren(input);
    input.addEventListener('keydown', onKey);
    input.addEventListener('blur', () => {
      if (open?.input === input) close(true);
    });
    input.focus();
    input.setSelectionRange(input.value.length, input.value.length);
  }

  function attachBar(bar: HTMLInputElement, active: () => Place): void {
    let before = '';
    let place = active();
    const end = (commit: boolean, direction: readonly [number, number] | null): void => {
      if (!inBar) return;
      inBar = false;
      if (commit && bar.value !== before) parts.commit(place, bar.value);
      else bar.value = before;
      if (direction) parts.leave(direction);
    };
    bar.addEventListener('focus', () => {
      before = bar.value;
      place = active();
    });
    bar.addEventListener('input', () => (inBar = true));
    bar.addEventListener('blur', () => end(true, null));
    bar.addEventListener('keydown', (event) => {
      if (event.key === 'Enter') {
        inBar = true;
        end(true, [1, 0]);
      } else if (event.key === 'Escape') {
        inBar = true;
        end(false, null);
        parts.leave(null);
      } else return;
      event.preventDefault();
    });
  }

  return {
    open: show,
    close,
    isOpenInCell: () => open !== null,
    isEditing: () => open !== null || inBar,
    holds: (target) => target instanceof Element && target === open?.input,
    attachBar,
  };
}
