/** Failures on request: what real Excel does now and then, here at the press of a button. */
import type { Faults } from '../faults.ts';

const SLOW_MS = 1_000;

interface Switch {
  readonly label: string;
  press(faults: Faults): void;
  isOn(faults: Faults): boolean;
}

const SWITCHES: readonly Switch[] = [
  {
    label: 'Refuse the next request: a cell is being edited',
    press: (faults) => void faults.refuseNext.push('cellEdit'),
    isOn: (faults) => faults.refuseNext.includes('cellEdit'),
  },
  {
    label: 'Refuse the next request: too many requests',
    press: (faults) => void faults.refuseNext.push('throttled'),
    isOn: (faults) => faults.refuseNext.includes('throttled'),
  },
  {
    label: 'Answer every request a second late',
    press: (faults) => void (faults.latencyMs = faults.latencyMs > 0 ? 0 : SLOW_MS),
    isOn: (faults) => faults.latencyMs > 0,
  },
  {
    label: 'Make the workbook read-only for the add-in',
    press: (faults) => void (faults.readOnly = !faults.readOnly),
    isOn: (faults) => faults.readOnly,
  },
];

export function createFaultMenu(faults: Faults, menu: HTMLElement, details: HTMLElement): void {
  const words = document.createElement('p');
  words.textContent = 'Real Excel fails like this now and then. See what MCC says.';
  const buttons = SWITCHES.map((one) => {
    const button = document.createElement('button');
    button.type = 'button';
    button.textContent = one.label;
    button.addEventListener('click', () => {
      one.press(faults);
      draw();
    });
    return { button, one };
  });
  const draw = (): void => {
    for (const { button, one } of buttons) {
      button.setAttribute('aria-pressed', String(one.isOn(faults)));
    }
  };
  menu.replaceChildren(words, ...buttons.map(({ button }) => button));
  details.addEventListener('toggle', draw);
  details.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') details.removeAttribute('open');
  });
  draw();
}
