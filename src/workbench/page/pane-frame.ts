/** The room of the task pane: its width (given, chosen or dragged) and hiding it. */

const WIDTH = { least: 270, most: 640, step: 10 } as const;

export interface PaneElements {
  readonly body: HTMLElement;
  readonly toggle: HTMLButtonElement;
  readonly width: HTMLSelectElement;
  readonly split: HTMLElement;
  readonly aside: HTMLElement;
}

export function createPaneFrame({ body, toggle, width, split, aside }: PaneElements): void {
  const narrow = matchMedia('(max-width: 640px)');
  let px = Number(width.value);

  function setWidth(wanted: number): void {
    px = Math.round(Math.min(WIDTH.most, Math.max(WIDTH.least, wanted)));
    document.documentElement.style.setProperty('--pane', `${px}px`);
    split.setAttribute('aria-valuemin', String(WIDTH.least));
    split.setAttribute('aria-valuemax', String(WIDTH.most));
    split.setAttribute('aria-valuenow', String(px));
    if ([...width.options].some((option) => Number(option.value) === px)) width.value = String(px);
  }

  function setShown(shown: boolean): void {
    body.classList.toggle('no-pane', !shown);
    aside.inert = !shown;
    label();
  }

  /** Wide, the pane stands beside the sheet; narrow, they take turns. */
  function label(): void {
    const shown = !body.classList.contains('no-pane');
    if (narrow.matches) toggle.textContent = shown ? 'Show sheet' : 'Show pane';
    else toggle.textContent = shown ? 'Hide pane' : 'Show pane';
    split.tabIndex = shown ? 0 : -1;
  }

  toggle.addEventListener('click', () => setShown(body.classList.contains('no-pane')));
  narrow.addEventListener('change', label);
  width.addEventListener('change', () => setWidth(Number(width.value)));
  split.addEventListener('keydown', (event) => {
    const by = event.key === 'ArrowLeft' ? 1 : event.key === 'ArrowRight' ? -1 : 0;
    if (by === 0) return;
    event.preventDefault();
    setWidth(px + by * WIDTH.step);
  });
  split.addEventListener('pointerdown', (event) => {
    split.setPointerCapture(event.pointerId);
    // The frame would swallow the pointer while it is dragged over it.
    aside.style.pointerEvents = 'none';
  });
  split.addEventListener('pointermove', (event) => {
    if (split.hasPointerCapture(event.pointerId)) setWidth(innerWidth - event.clientX);
  });
  split.addEventListener('pointerup', () => (aside.style.pointerEvents = ''));
  setWidth(px);
  setShown(true);
}
