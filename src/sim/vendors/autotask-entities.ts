/** What the provider keeps, as the entities of Autotask. Nothing is null where the world has it. */
import type { PsaAgreement, PsaLine, PsaTime, PsaWorld } from './psa-world.ts';

export type Row = { readonly id: number } & Record<string, unknown>;

const RECURRING_SERVICE = 7;
const BLOCK_HOURS = 4;
const BLOCK_OFFSET = 800_000;
const TICKET_OFFSET = 300_000;
const BUNDLE = 'RMM-WS';
const at = (day: string): string => `${day}T00:00:00Z`;

/** By name, as they stand in the addresses. */
export function entitiesOf(world: PsaWorld, period: string): ReadonlyMap<string, readonly Row[]> {
  const names = [...new Map(world.lines.map(({ code, name }) => [code, name]))];
  const numbers = new Map(names.map(([code], index) => [code, index + 1]));
  const units = world.lines.flatMap((line) => unitsOf(line, numbers.get(line.code) ?? 0, period));
  const isBundle = ({ serviceID }: Row): boolean => serviceID === numbers.get(BUNDLE);
  return new Map([
    ['Companies', world.clients.map(({ id, name }) => ({ id, companyName: name, isActive: true, companyType: 1 }))],
    ['Contracts', [...world.agreements.map(toContract), ...world.clients.map(({ id }) => blockOf(id))]],
    ['ContractServiceUnits', units.filter((row) => !isBundle(row))],
    ['ContractServiceBundleUnits', units.filter(isBundle).map(toBundleUnits)],
    ['Services', names.filter(([code]) => code !== BUNDLE).map(([code, name]) => ({ id: numbers.get(code) ?? 0, name, isActive: true }))],
    ['ServiceBundles', names.filter(([code]) => code === BUNDLE).map(([code, name]) => ({ id: numbers.get(code) ?? 0, name, isActive: true }))],
    ['TimeEntries', world.time.map(toTimeEntry)],
    ['Tickets', world.time.flatMap(toTicket)],
  ]);
} // prettier-ignore

const toContract = (one: PsaAgreement): Row => ({
  id: one.id,
  companyID: one.clientId,
  contractName: one.name,
  contractType: RECURRING_SERVICE,
  status: one.cancelledOn === null ? 1 : 0,
  startDate: at(one.from),
  endDate: at(one.until ?? '2035-12-31'),
});

const blockOf = (clientId: number): Row => ({
  id: clientId + BLOCK_OFFSET,
  companyID: clientId,
  contractName: 'Block of hours',
  contractType: BLOCK_HOURS,
  status: 1,
  startDate: at('2025-01-01'),
  endDate: at('2035-12-31'),
});

/** A range of dates for the month; where the count changed on its last day, one that ends then. */
function unitsOf(line: PsaLine, serviceID: number, period: string): Row[] {
  const own = {
    contractID: line.agreementId,
    contractServiceID: line.id,
    serviceID,
    price: 10,
    cost: line.unitCost,
  };
  const whole = { ...own, id: line.id, units: Math.floor(line.quantity), startDate: at(line.from), endDate: at(line.until ?? '2035-12-31') };
  const isChanged = line.code === 'BACKUP-GB' && line.from.startsWith(period);
  if (!isChanged) return [whole];
  const before = { ...own, id: line.id + 40, units: 999, startDate: at(`${period}-01`), endDate: at(line.from) };
  return [before, whole];
} // prettier-ignore

function toBundleUnits({ contractServiceID, serviceID, ...rest }: Row): Row {
  return { ...rest, contractServiceBundleID: contractServiceID, serviceBundleID: serviceID };
}

/** Covered hours are of the block; a ticket alone says whose the others are. */
const toTimeEntry = (one: PsaTime): Row => ({
  id: one.id,
  dateWorked: one.start,
  startDateTime: one.start,
  contractID: one.covered > 0 && one.clientId !== null ? one.clientId + BLOCK_OFFSET : null,
  ticketID: one.clientId === null ? null : one.id + TICKET_OFFSET,
  hoursWorked: one.worked,
  hoursToBill: one.toBill,
  isNonBillable: one.billing !== 'Billable',
  resourceID: 29,
});

const toTicket = (one: PsaTime): Row[] =>
  one.clientId === null
    ? []
    : [{ id: one.id + TICKET_OFFSET, companyID: one.clientId, title: 'Work for the client' }];
