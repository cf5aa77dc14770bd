/** Where things stand in the sample's billing sheet; the posted months point to these cells. */
import { SERVICES } from './catalogue.ts';
import { CLIENTS, type ClientFacts } from './clients.ts';

export interface SheetColumn {
  readonly letter: string;
  readonly heading: string;
  /** Null: the hidden column of a product that is no longer sold. */
  readonly serviceId: string | null;
  readonly price: string;
}

export interface SheetSection {
  readonly title: string;
  readonly headingRow: number;
  readonly clients: readonly { readonly client: ClientFacts; readonly row: number }[];
  /** A former client that somebody hid instead of deleting; null in most sections. */
  readonly formerRow: number | null;
  readonly subtotalRow: number;
}

export interface SheetLayout {
  readonly columns: readonly SheetColumn[];
  readonly totalColumn: string;
  readonly notesColumn: string;
  readonly sections: readonly SheetSection[];
  readonly grandTotalRow: number;
}

export const ROWS = { title: 1, month: 2, groups: 4, headings: 5, prices: 6, first: 7 } as const;
export const CODE_COLUMN = 'A';
export const NAME_COLUMN = 'B';
export const FORMER_CLIENT = 'Pinehill Bakery (left 2025)';

const FIRST_QUANTITY_COLUMN = 3;
const LEGACY_AFTER = 'FW';
const LEGACY = { heading: 'Legacy AV', serviceId: null, price: '0' };
const SECTION_WITH_FORMER = 'Southside';
const TEAMS: readonly ClientFacts['team'][] = [
  'Northside',
  'Southside',
  'Projects & small accounts',
];

export function sheetName(period: string): string {
  const months = [
    'Jan',
    'Feb',
    'Mar',
    'Apr',
    'May',
    'Jun',
    'Jul',
    'Aug',
    'Sep',
    'Oct',
    'Nov',
    'Dec',
  ];
  return `${months[Number(period.slice(5)) - 1] ?? ''} ${period.slice(0, 4)}`;
}

export function sheetLayout(): SheetLayout {
  const columns = quantityColumns();
  const after = FIRST_QUANTITY_COLUMN + columns.length;
  const sections = sectionsFrom(ROWS.first);
  return {
    columns,
    totalColumn: letterOf(after),
    notesColumn: letterOf(after + 1),
    sections,
    grandTotalRow: (sections.at(-1)?.subtotalRow ?? ROWS.first) + 2,
  };
}

/** The cell of one quantity, for example "Sep 2026!C8". */
export function quantityCell(period: string, code: string, serviceId: string): string {
  const { columns, sections } = sheetLayout();
  const column = columns.find((candidate) => candidate.serviceId === serviceId);
  const placed = sections.flatMap((section) => section.clients);
  const row = placed.find(({ client }) => client.code === code)?.row;
  return `${sheetName(period)}!${column?.letter ?? 'A'}${String(row ?? 1)}`;
}

function quantityColumns(): SheetColumn[] {
  const services = SERVICES.flatMap(({ id, heading, item }) =>
    heading && item ? [{ heading, serviceId: id, price: item.price }] : [],
  );
  const withLegacy = services.flatMap((column) =>
    column.serviceId === LEGACY_AFTER ? [column, LEGACY] : [column],
  );
  return withLegacy.map((column, index) => ({
    ...column,
    letter: letterOf(FIRST_QUANTITY_COLUMN + index),
  }));
}

function sectionsFrom(firstRow: number): SheetSection[] {
  let row = firstRow;
  return TEAMS.map((title) => {
    const headingRow = row;
    const clients = CLIENTS.filter(({ team }) => team === title).map((client, index) => ({
      client,
      row: headingRow + 1 + index,
    }));
    const hasFormer = title === SECTION_WITH_FORMER;
    const last = headingRow + clients.length + (hasFormer ? 1 : 0);
    row = last + 3;
    return {
      title,
      headingRow,
      clients,
      formerRow: hasFormer ? last : null,
      subtotalRow: last + 1,
    };
  });
}

const letterOf = (column: number): string => String.fromCharCode(64 + column);
