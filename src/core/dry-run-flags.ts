/** Collects every flag of a month and puts each where it belongs: line, client, source or sheet. */
import { checkBundles } from './bundle-checks.ts';
import { checkClients } from './client-checks.ts';
import { checkLines } from './checks.ts';
import { settle } from './decisions.ts';
import type { DryRunInput } from './dry-run-input.ts';
import type { MovedMonth } from './dry-run-moves.ts';
import { monthsBefore, quantitiesLastYear, toFlagSources } from './flag-history.ts';
import type { FlagLine } from './flag-line.ts';
import { flagSources } from './flag-sources.ts';
import { flagMonth } from './flags.ts';
import { plural } from './flag-words.ts';
import { groupBy } from './lists.ts';
import { billedBy, isKnown } from './lines.ts';
import type {
  Client,
  ClientId,
  DryRunLine,
  Flag,
  FlagRule,
  PostedMonth,
  ResolvedLine,
  Service,
  ServiceId,
  SheetReading,
} from './model.ts';
import { absoluteAmount, sumAmounts, ZERO_QUANTITY } from './money.ts';
import type { Currency, Quantity } from './money.ts';

export interface FoundFlags {
  readonly notices: readonly Flag[];
  /** Of the sheet as a whole and of lines without a known client or service. */
  readonly general: readonly Flag[];
  /** Line id to its flags. */
  readonly ofLine: ReadonlyMap<string, readonly Flag[]>;
  /** About a client as a whole. */
  readonly ofClient: ReadonlyMap<ClientId, readonly Flag[]>;
  readonly pairs: readonly { readonly lost: ClientId; readonly gained: ClientId }[];
}

interface FlagSetting {
  readonly currency: Currency;
  readonly clients: ReadonlyMap<ClientId, Client>;
  readonly services: ReadonlyMap<ServiceId, Service>;
  readonly previous: PostedMonth | null;
}

export function flagEverything(
  input: Required<Pick<DryRunInput, 'history' | 'decisions'>> & DryRunInput,
  moved: MovedMonth,
  setting: FlagSetting,
): FoundFlags {
  const { period, snapshot, reading, decisions } = input;
  const months = monthsBefore(period, input.history, setting.previous);
  const billed = moved.lines.map(({ line }) => line);
  const sources = toFlagSources(snapshot, billed, months);
  const at = snapshot?.publishedAt ?? null;
  const month = flagMonth({
    period,
    at,
    currency: setting.currency,
    lines: setting.previous ? flagLines(moved, quantitiesLastYear(period, months)) : [],
    sources,
    services: [...setting.services.values()],
    clientNames: new Map([...setting.clients].map(([id, { name }]) => [id, name])),
  });
  const silenced = flagSources({ at, sources }).silenced;
  const checks = checkLines(
    moved.lines.map((each) => each.billed),
    billed.map((line) => line.previous),
    { ...setting, silenced, isFirst: setting.previous?.origin !== 'posted' },
  );
  const own = placeReading(reading, input.lines);
  const decided = (flags: readonly Flag[]): Flag[] => flags.map((flag) => settle(flag, decisions));
  const ofLine = new Map(billed.map((line, index) => [line.id, decided(checks[index] ?? [])]));
  const firstOf = firstLines(moved);
  const ofClient = new Map<ClientId, Flag[]>();
  const ofClients = [
    ...checkClients(billed, setting.clients, setting.currency),
    ...checkBundles(billed, snapshot, setting.currency),
  ];
  for (const flag of decided([...month.flags, ...ofClients, ...own.ofClient])) {
    const id = firstOf.get(`${flag.clientId ?? ''}|${flag.serviceId ?? ''}`);
    const place = id === undefined ? ofClient : ofLine;
    const key = id ?? flag.clientId ?? '';
    place.set(key, [...(place.get(key) ?? []), flag]);
  }
  return {
    notices: decided(month.notices),
    general: decided([...own.general, ...unknownNames(input.lines, setting.currency)]),
    ofLine,
    ofClient,
    pairs: month.pairs,
  };
}

function flagLines(
  moved: MovedMonth,
  lastYear: ReadonlyMap<string, Quantity> | null,
): readonly FlagLine[] {
  const lines = [...moved.lines.map(({ line }) => line), ...moved.gone];
  return lines
    .filter(({ kind }) => kind === 'recurring')
    .map((line) => {
      const { clientId, serviceId, quantity, unitPrice, previous, cell } = line;
      const gone = line.delta.movement === 'gone';
      const then = lastYear?.get(`${clientId}|${serviceId}`) ?? ZERO_QUANTITY;
      return {
        clientId, serviceId, quantity, unitPrice, gone,
        source: gone ? (previous?.source ?? null) : (billedBy(line)?.source ?? null),
        last: previous && { quantity: previous.quantity, unitPrice: previous.unitPrice },
        lastYear: lastYear && then,
        unknown: line.unknown === true,
        cell: cell === '' ? null : cell,
      }; // prettier-ignore
    });
}

/** Flags of a client and service go to its first recurring line. */
function firstLines(moved: MovedMonth): ReadonlyMap<string, string> {
  const first = new Map<string, string>();
  const put = (line: DryRunLine): void => {
    const key = `${line.clientId}|${line.serviceId}`;
    if (line.kind === 'recurring' && !first.has(key)) first.set(key, line.id);
  };
  moved.lines.forEach(({ line }) => put(line));
  moved.gone.forEach(put);
  return first;
}

/** A finding about a cell in a client's row blocks that client alone. */
function placeReading(
  reading: SheetReading,
  lines: readonly ResolvedLine[],
): { general: readonly Flag[]; ofClient: readonly Flag[] } {
  const idOf = new Map(lines.filter(isKnown).map((line) => [line.client, line.clientId]));
  const rows = new Map<string, ClientId>(
    reading.clientRows.flatMap(({ client, row }) => {
      const id = idOf.get(client);
      return id === undefined ? [] : [[`${reading.sheet}!${row}`, id] as const];
    }),
  );
  const placed = reading.flags.map((flag) => {
    const [, sheet = '', row = ''] = /^(.*)![A-Z]+(\d+)$/.exec(flag.cell ?? '') ?? [];
    const id = flag.rule === 'sheet total differs' ? undefined : rows.get(`${sheet}!${row}`);
    return id === undefined ? flag : { ...flag, clientId: id };
  });
  return {
    general: placed.filter(({ clientId }) => clientId === null),
    ofClient: placed.filter(({ clientId }) => clientId !== null),
  };
}

/** One flag for each spelling that is nobody's, however many cells it has. */
function unknownNames(lines: readonly ResolvedLine[], currency: Currency): readonly Flag[] {
  const noClient = lines.filter((line) => line.clientId === null);
  const noService = lines.filter((line) => line.clientId !== null && line.serviceId === null);
  return [
    ...[...groupBy(noClient, ({ client }) => client)].flatMap(
      ([name, own]) =>
        saidOfClient(own) ?? [unknownName('client unknown', 'Client', name, own, currency)],
    ),
    ...[...groupBy(noService, ({ service }) => service)].map(([name, own]) =>
      unknownName('service unknown', 'Service', name, own, currency),
    ),
  ];
}

/** What the reader said about the cell of the client: a name that is broken is not mapped but mended. */
function saidOfClient(lines: readonly ResolvedLine[]): readonly Flag[] | null {
  const said = lines
    .flatMap(({ client, flags }) => flags.filter((flag) => isOfClient(flag, client)))
    .filter((flag, index, all) => all.findIndex(({ text }) => text === flag.text) === index);
  return said.length === 0 ? null : said;
}

/** Where an error stands for the client there is no name at all. */
const isOfClient = ({ rule, blocks }: Flag, client: string): boolean =>
  blocks && (rule === 'client unknown' || (rule === 'error value' && client.trim() === ''));

function unknownName(
  rule: FlagRule,
  noun: string,
  name: string,
  lines: readonly ResolvedLine[],
  currency: Currency,
): Flag {
  const amount = sumAmounts(
    lines.map((line) => line.amount),
    currency,
  );
  const cell = lines[0]?.cell ?? null;
  const where = `${cell ?? 'the sheet'}${lines.length > 1 ? ` and ${plural(lines.length - 1, 'more line')}` : ''}`;
  const words = `${noun} "${name.trim()}" in ${where} (${amount} ${currency}) is not known`;
  const text = `${words}. Map it in the MCC pane; until then nothing of it can be billed.`;
  const impact = { amount: absoluteAmount(amount), currency };
  return { rule, blocks: true, text, cell, clientId: null, serviceId: null, source: null, impact };
}
