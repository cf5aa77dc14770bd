/** Colours of a file as #RRGGBB. Theme colours are those of the Office theme with their tint. */

export interface FileColour {
  readonly argb?: string;
  readonly theme?: number;
  readonly tint?: number;
}

const THEME = [
  '#FFFFFF',
  '#000000',
  '#E7E6E6',
  '#44546A',
  '#4472C4',
  '#ED7D31',
  '#A5A5A5',
  '#FFC000',
  '#5B9BD5',
  '#70AD47',
] as const;

export function fromFile(colour: FileColour | undefined): string | null {
  if (colour?.argb !== undefined && colour.argb.length >= 6) {
    return `#${colour.argb.slice(-6).toUpperCase()}`;
  }
  const base = colour?.theme === undefined ? undefined : THEME[colour.theme];
  return base === undefined ? null : tinted(base, colour?.tint ?? 0);
}

export const toFile = (colour: string): { argb: string } => ({ argb: `FF${colour.slice(1)}` });

/** Towards white for a positive tint, towards black for a negative one. */
function tinted(base: string, tint: number): string {
  const parts = [1, 3, 5].map((at) => Number.parseInt(base.slice(at, at + 2), 16));
  const shifted = parts.map((part) =>
    Math.round(tint < 0 ? part * (1 + tint) : part + (255 - part) * tint),
  );
  return `#${shifted.map((part) => part.toString(16).padStart(2, '0')).join('')}`.toUpperCase();
}
