/** What the provider keeps, as records of HaloPSA. It writes "no date" as a day of long ago. */
import type { PsaAgreement, PsaLine, PsaTime, PsaWorld } from './psa-world.ts';

export type Row = { readonly id: number } & Record<string, unknown>;

const NO_DATE = '1900-01-01T00:00:00Z';
const TICKET_OFFSET = 300_000;
const SET_UP = 'SETUP';
const at = (day: string | null): string => (day === null ? NO_DATE : `${day}T00:00:00Z`);

export function invoicesOf(world: PsaWorld): Row[] {
  const lines = Map.groupBy(world.lines, ({ agreementId }) => agreementId);
  return world.agreements.map((one) => toInvoice(world, one, lines.get(one.id) ?? []));
}

function toInvoice(world: PsaWorld, one: PsaAgreement, lines: readonly PsaLine[]): Row {
  return {
    id: one.id,
    client_id: one.clientId,
    client_name: world.clients.find(({ id }) => id === one.clientId)?.name ?? '',
    is_recurring_invoice: true,
    disabled: one.cancelledOn !== null,
    startdate: at(one.from),
    enddate: at(one.until),
    total: 0,
    lines: [
      { id: one.id * 1000, isgroupdesc: true, item_shortdescription: 'Monthly services' },
      ...lines.map(toLine),
    ],
  };
}

/** Halo has lines that are switched off where others are not billed. */
const toLine = (line: PsaLine): Record<string, unknown> => ({
  id: line.id,
  item_code: line.code,
  item_shortdescription: line.name,
  qty_order: line.quantity,
  unit_price: line.unitCost * 2,
  unit_cost: line.unitCost,
  isinactive: line.billing !== 'Billable',
  isgroupdesc: false,
  onetimecharge: line.code === SET_UP,
  onetimechargeinvoiceid: 0,
  startdate: at(line.from),
  enddate: at(line.code === SET_UP ? null : line.until),
});

export const actionsOf = ({ time }: PsaWorld): Row[] =>
  time.toSorted((a, b) => a.id - b.id).map(toAction);

const toAction = (one: PsaTime): Row => ({
  id: one.id,
  ticket_id: one.clientId === null ? 0 : one.id + TICKET_OFFSET,
  datetime: one.start,
  timetaken: one.worked,
  actisbillable: one.billing === 'Billable',
  actionchargehours: one.billing === 'Billable' ? one.toBill - one.covered : 0,
  actionnonchargehours: one.billing === 'Billable' ? 0 : one.worked,
  actionprepayhours: one.covered,
  actioncontractid: 0,
  invoice_id: one.state === 'billed' ? 4001 : 0,
  actioninvoicenumber: one.state === 'billed' ? '4001' : '0',
});

export const ticketsOf = ({ time, clients }: PsaWorld): Row[] =>
  time.flatMap(({ id, clientId }) => {
    const client = clients.find((one) => one.id === clientId);
    if (!client) return [];
    const own = { client_id: client.id, client_name: client.name, summary: 'Work for the client' };
    return [{ id: id + TICKET_OFFSET, ...own }];
  });
