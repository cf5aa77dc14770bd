/** Mouse, keyboard and clipboard of the grid, as calls. */
import type { Editor } from './editor.ts';
import { placeOf } from './grid-text.ts';
import type { Place } from './moves.ts';

export interface GridInput {
  readonly editor: Editor;
  key(event: KeyboardEvent): void;
  goTo(place: Place, extend: boolean): void;
  copied(): string;
  paste(text: string): void;
}

export function listenToInput(container: HTMLElement, input: GridInput): void {
  const { editor } = input;
  let dragging = false;
  container.addEventListener('keydown', (event) => input.key(event));
  container.addEventListener('mousedown', (event) => {
    const place = placeAt(event.target);
    if (!place || event.button !== 0 || editor.holds(event.target)) return;
    editor.close(true);
    event.preventDefault();
    dragging = true;
    input.goTo(place, event.shiftKey);
  });
  container.addEventListener('mouseover', (event) => {
    const place = dragging ? placeAt(event.target) : null;
    if (place) input.goTo(place, true);
  });
  addEventListener('mouseup', () => (dragging = false));
  container.addEventListener('dblclick', (event) => {
    const place = placeAt(event.target);
    if (place && !editor.holds(event.target)) editor.open(place, null);
  });
  container.addEventListener('copy', (event) => {
    if (editor.isOpenInCell()) return;
    event.clipboardData?.setData('text/plain', input.copied());
    event.preventDefault();
  });
  container.addEventListener('paste', (event) => {
    if (editor.isOpenInCell()) return;
    const text = event.clipboardData?.getData('text/plain') ?? '';
    if (text !== '') input.paste(text);
    event.preventDefault();
  });
}

function placeAt(target: EventTarget | null): Place | null {
  const td = target instanceof Element ? target.closest<HTMLElement>('td[data-a1]') : null;
  const key = td?.dataset['a1'];
  if (key === undefined) return null;
  const [row, column] = placeOf(key);
  return { row, column };
}
