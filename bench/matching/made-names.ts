/** Made names for the speed bench: as many as asked for, all different, the same in each run. */
const START = ['Bel', 'Cor', 'Dal', 'Fen', 'Gar', 'Hal', 'Kes', 'Lor', 'Mar', 'Nor', 'Ost', 'Pel', 'Quill', 'Ros', 'Sel', 'Tor', 'Var', 'Wen', 'Yar', 'Zel']; // prettier-ignore
const MIDDLE = ['a', 'an', 'den', 'er', 'in', 'ing', 'mer', 'o', 'ra', 'ster'];
const END = ['brook', 'crest', 'dale', 'field', 'gate', 'ham', 'moor', 'stone', 'ton', 'wick'];
const TRADE = ['Dental Group', 'Legal', 'Logistics', 'Veterinary Clinic', 'Holdings', 'Roofing', 'Foods', 'Credit Union', 'Pediatrics', 'Engineering']; // prettier-ignore
const FORM = ['LLC', 'Inc.', 'Ltd', 'GmbH', ''];

/** At most 20,000. */
export function madeNames(many: number): string[] {
  return Array.from({ length: many }, (_, at) => {
    const main = pick(START, at) + pick(MIDDLE, at / 20) + pick(END, at / 200);
    return `${main} ${pick(TRADE, at / 2000)} ${pick(FORM, at * 7)}`.trim();
  });
}

/** How another system would write them: shouted, joined, without legal form, with a slip. */
export const respelled = (names: readonly string[]): string[] =>
  names.map((name, at) => {
    const ways = [name.toUpperCase(), name.replaceAll(' ', ''), withoutLast(name), withSlip(name)];
    return ways[at % ways.length] ?? name;
  });

const pick = (words: readonly string[], at: number): string =>
  words[Math.floor(at) % words.length] ?? '';
const withoutLast = (name: string): string => name.split(' ').slice(0, -1).join(' ');
const withSlip = (name: string): string => name.slice(0, 4) + name.slice(5);
