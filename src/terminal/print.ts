/** The dry-run for a person at a terminal: what needs a look first, then every client and line. */
import { isZero } from '../core/money.ts';
import { periodTitle } from '../core/billing-period.ts';
import type { DryRun, Flag, RollForward, SheetReading, SkippedCell } from '../core/model.ts';
import type { ClosedSheet } from './close-sheet.ts';
import type { Report, ReportFlag, ReportLine } from './report.ts';

const WIDTH = 100;

export function printReport(report: Report, { reading, dryRun }: ClosedSheet): string {
  const currency = reading.currency;
  const parts = [
    heading(report, reading),
    looks(report, dryRun.notices),
    ...clients(report).map((lines) => printClient(lines, currency)),
    ...dryRun.rollForward.map(printRollForward),
    skippedText(report.skipped),
    totalText(report, reading, dryRun),
  ];
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}

function heading(report: Report, reading: SheetReading): string {
  const shape = reading.shape === 'grid' ? 'a row per client' : 'a row per line';
  const count = clients(report).length;
  return `${periodTitle(report.period)}, sheet "${reading.sheet}" (${shape}): ${many(count, 'client')}, ${many(report.lines.length, 'line')}.`;
}

function looks(report: Report, notices: readonly Flag[]): string {
  const flagged = report.lines.flatMap((line) => line.flags.map((flag) => ({ line, flag })));
  const blocking = flagged.filter(({ flag }) => flag.blocks);
  const asking = flagged.filter(({ flag }) => !flag.blocks);
  const said = (title: string, flags: typeof flagged): string =>
    flags.length === 0
      ? ''
      : [
          `${title} (${String(flags.length)})`,
          ...flags.map(({ line, flag }) => flagText(line, flag)),
        ].join('\n');
  const noticed =
    notices.length === 0
      ? ''
      : [
          `Notices (${String(notices.length)})`,
          ...notices.map(({ text }) => wrap(text, '  ')),
        ].join('\n');
  const all = [said('In the way', blocking), said('To look at', asking), noticed].filter(
    (part) => part !== '',
  );
  return all.length === 0 ? 'Nothing needs a look.' : all.join('\n\n');
}

const flagText = (line: ReportLine, flag: ReportFlag): string =>
  wrap(`${plain(line.client)}, ${plain(line.service)} (${flag.rule}): ${flag.text}`, '  ');

function clients(report: Report): readonly (readonly ReportLine[])[] {
  const groups = new Map<string, ReportLine[]>();
  for (const line of report.lines) {
    const key = plain(line.client).toLowerCase();
    groups.set(key, [...(groups.get(key) ?? []), line]);
  }
  return [...groups.values()];
}

function printClient(lines: readonly ReportLine[], currency: string): string {
  const shown = lines.filter((line) => !isZero(line.quantity) || line.flags.length > 0);
  const zeros = lines.length - shown.length;
  const rest = zeros === 0 ? [] : [`  ${many(zeros, 'line')} of quantity 0`];
  return [title(lines, currency), ...shown.map(printLine), ...rest].join('\n');
}

function title(lines: readonly ReportLine[], currency: string): string {
  const total = lines.reduce((sum, line) => sum + BigInt(line.amount.replace('.', '')), 0n);
  const decimals = lines[0]?.amount.split('.')[1]?.length ?? 0;
  const name = plain(lines[0]?.client ?? '') || '(no client)';
  const amount = `${money(total, decimals)} ${currency}`;
  return `${name}${' '.repeat(Math.max(1, WIDTH - name.length - amount.length))}${amount}`;
}

function printLine(line: ReportLine): string {
  const mark = line.flags.some((flag) => flag.blocks) ? '!' : line.flags.length > 0 ? '?' : ' ';
  const source = line.source === null ? '' : ` ${line.source}`;
  const what = `${plain(line.service)}${line.kind === 'recurring' ? '' : ` (${line.kind})`}${source}`;
  const figures = `${line.quantity.padStart(9)} × ${line.unitPrice.padStart(10)} ${line.amount.padStart(13)}`;
  const cell = line.cell.slice(line.cell.lastIndexOf('!') + 1).padEnd(6);
  const room = WIDTH - figures.length - cell.length - 4;
  return `${mark} ${cell} ${what.slice(0, room).padEnd(room)} ${figures}`;
}

function printRollForward(roll: RollForward): string {
  const rows = [
    ['Last month', roll.opening],
    ...roll.movements.map(({ name, amount }) => [name, amount]),
    ['This month', roll.closing],
  ];
  const lines = rows.filter(
    ([, amount = '0'], at) => at === 0 || at === rows.length - 1 || /[1-9]/.test(amount),
  );
  const off = isZero(roll.difference) ? 'ties to the cent' : `OFF BY ${roll.difference}`;
  return [
    `Roll-forward in ${roll.currency}, ${off}`,
    ...lines.map(([name = '', amount = '']) => `  ${name.padEnd(30)}${amount.padStart(15)}`),
  ].join('\n');
}

function skippedText(skipped: readonly SkippedCell[]): string {
  const reasons = new Map<string, number>();
  for (const { reason } of skipped) reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
  const lines = [...reasons].map(([reason, count]) => `  ${String(count).padStart(5)}  ${reason}`);
  return [
    `${many(skipped.length, 'cell')} not taken (each with its cell under --json)`,
    ...lines,
  ].join('\n');
}

function totalText(report: Report, reading: SheetReading, dryRun: DryRun): string {
  // Newer counts may be billed than the cells show; then the sheet's own total is of before.
  const isSame = report.totals.amount === reading.total;
  const shown =
    reading.shownTotal && isSame
      ? `; the sheet shows ${reading.shownTotal.amount} in ${reading.shownTotal.cell}`
      : '';
  const blocking = report.lines.flatMap((line) => line.flags).filter((flag) => flag.blocks).length;
  const state =
    blocking === 0 && !dryRun.blocked
      ? 'Nothing blocks.'
      : `${many(Math.max(1, blocking), 'flag')} in the way.`;
  return `Total ${report.totals.amount} ${reading.currency}${shown}. ${state}`;
}

const plain = (text: string): string => text.replace(/[\p{Cc}\p{Cf}\s]+/gu, ' ').trim();
const many = (count: number, noun: string): string =>
  `${String(count)} ${noun}${count === 1 ? '' : 's'}`;

function money(units: bigint, decimals: number): string {
  const digits = String(units < 0n ? -units : units).padStart(decimals + 1, '0');
  const text = decimals === 0 ? digits : `${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`;
  return units < 0n ? `-${text}` : text;
}

function wrap(text: string, indent: string): string {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && indent.length + line.length + word.length + 1 > WIDTH) {
      lines.push(line);
      line = `  ${word}`;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line].map((one) => `${indent}${one}`).join('\n');
}
