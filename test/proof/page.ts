/** docs/proof.md: written by `npm run test:deep` alone, and read again by a test. */
import type { Mechanism, TestName } from './mechanisms.ts';

export interface Part {
  readonly id: string;
  readonly what: string;
  readonly words: string;
  readonly minutes: number;
  readonly holds: boolean;
}

export interface Killed {
  readonly mutant: string;
  /** Regime, class of books, seed and the invariant that broke; null: it lives. */
  readonly by: { readonly regime: string; readonly kind: string; readonly seed: number; readonly words: string } | null; // prettier-ignore
}

export interface Seen {
  readonly mechanism: Mechanism;
  readonly words: string;
  readonly holds: boolean;
}

export interface Proof {
  readonly at: string;
  readonly commit: string;
  readonly isClean: boolean;
  readonly cores: number;
  readonly minutes: number;
  readonly parts: readonly Part[];
  readonly mutants: readonly Killed[];
  readonly mechanisms: readonly Seen[];
}

export const holds = ({ parts, mutants, mechanisms }: Proof): boolean =>
  parts.every((part) => part.holds) &&
  mutants.every(({ by }) => by !== null) &&
  mechanisms.every((seen) => seen.holds);

export function toPage(proof: Proof): string {
  const killed = proof.mutants.filter(({ by }) => by !== null).length;
  const tree = proof.isClean ? '' : ', with changes that are not committed';
  return `# What was proved, and when

Written by \`npm run test:deep\`; never edited by hand.

| | |
|---|---|
| Day | ${proof.at} |
| Commit | ${proof.commit}${tree} |
| Took | ${proof.minutes.toFixed(1)} minutes on ${String(proof.cores)} cores |
| Result | ${holds(proof) ? 'everything below holds' : '**something below does not hold**'} |

## Runs

${table(['', 'What', 'Seen', 'Minutes', ''], proof.parts.map(({ id, what, words, minutes, holds: good }) => [id, what, words, minutes.toFixed(1), good ? 'holds' : '**broken**']))}

## Planted bugs: ${String(killed)} of ${String(proof.mutants.length)} killed

Each takes one safeguard out of the engine; the simulation must go red. Named is the weather, the
class of books and the seed of the first schedule that found it.

${table(['Planted bug', 'Regime', 'Books', 'Seed', 'What broke'], proof.mutants.map(({ mutant, by }) => (by ? [mutant, by.regime, by.kind, String(by.seed), by.words] : [mutant, '**alive**', '', '', ''])))}

## The moments F1 to F34

Each moment has a mechanism, a test of it, and a fault that this test switches on. Last column: what
the test said when the mechanism was taken away.

${table(HEAD, proof.mechanisms.map(toRow))}
`;
} // prettier-ignore

const HEAD = ['', 'Moment', 'Mechanism', 'Test', 'Fault switch', 'Without the mechanism'];

function toRow({ mechanism, words, holds: good }: Seen): string[] {
  const { id, moment, test, fault } = mechanism;
  const named = ({ file, title }: TestName): string => `${code(file)} ${code(title)}`;
  const by = named({ file: fault.file, title: fault.switch });
  return [id, moment, mechanism.mechanism, named(test), by, `${good ? 'red' : '**not red**'}: ${words}`]; // prettier-ignore
}

const code = (text: string): string => `\`${text.replaceAll('|', '\\|')}\``;
const cell = (text: string): string => text.replaceAll(/\s*\n\s*/g, ' ');

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.map(cell).join(' | ')} |`;
  return [line(head), `|${head.map(() => '---').join('|')}|`, ...rows.map(line)].join('\n');
}

export interface Row {
  readonly id: string;
  readonly test: TestName;
  readonly fault: { readonly file: string; readonly switch: string };
  readonly seen: string;
}

/** The rows of F1 to F34 of a page. */
export function rowsOf(page: string): readonly Row[] {
  return page.split('\n').flatMap((line): Row[] => {
    const cells = line.split(/(?<!\\)\|/).map((text) => text.trim().replaceAll('\\|', '|'));
    const [, id = '', , , test = '', fault = '', seen = ''] = cells;
    if (!/^F\d+$/.test(id)) return [];
    const [first, second] = [twoCodes(test), twoCodes(fault)];
    return [{ id, test: { file: first[0], title: first[1] }, fault: { file: second[0], switch: second[1] }, seen }]; // prettier-ignore
  });
}

function twoCodes(text: string): readonly [string, string] {
  const found = /^`([^`]+)` `(.+)`$/.exec(text);
  return [found?.[1] ?? '', found?.[2] ?? ''];
}
