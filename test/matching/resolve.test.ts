import { describe, expect, it } from '@jest/globals';
import type { Client, Service, SheetLine, SheetReading } from '../../src/core/model.ts';
import { resolveReading } from '../../src/matching/resolve.ts';

const client = (
  id: string,
  name: string,
  code: string | null = null,
  aliases: string[] = [],
): Client => ({ id, name, code, aliases, currency: 'USD', active: true }) as unknown as Client;
const service = (id: string, name: string, aliases: string[] = []): Service => ({
  id, name, aliases, basis: 'bought', unit: 'licence', members: [],
}); // prettier-ignore
const CLIENTS = [
  client('C1', 'Harbor Dental Group LLC', 'HD01'),
  client('C2', 'Pinecrest', 'PC02'),
  client('C3', 'PineCrest Inc'),
];
const SERVICES = [
  service('WS', 'Managed workstation', ['Workstations']),
  service('M365BS', 'Microsoft 365 Business Standard'),
];

const line = (name: string, serviceName: string, clientCode: string | null = null): SheetLine =>
  ({
    client: name,
    clientCode,
    service: serviceName,
    cell: 'Oct!B2',
    flags: [],
  }) as unknown as SheetLine;
const resolve = (lines: SheetLine[], aliases?: Parameters<typeof resolveReading>[3]) =>
  resolveReading({ lines } as unknown as SheetReading, CLIENTS, SERVICES, aliases);

describe('resolving a sheet', () => {
  it.each([
    ['Harbor Dental Grp', 'Workstations', null, 'C1', 'WS'],
    ['HD01', 'managed workstation', null, 'C1', 'WS'],
    ['whatever it says', 'WS', 'hd01', 'C1', 'WS'],
    ['Harbor Dental Group', 'O365 Business Premium', 'HD01', 'C1', 'M365BS'],
    ['Harbor Dental Group', 'Workstation', 'PC02', null, null],
    ['Harbor', 'M365 Business Premium', null, null, null],
    ['Pinecrest LLC', 'WS', null, null, 'WS'],
    ['pinecrest', 'WS', ' ', 'C2', 'WS'],
  ])('%s, %s, code %s', (name, serviceName, code, clientId, serviceId) => {
    expect(resolve([line(name, serviceName, code)])[0]).toMatchObject({ clientId, serviceId });
  });

  it('takes what a person confirmed, and keeps the rest of the line', () => {
    const aliases = [{ kind: 'client' as const, text: 'Dr. Harbor', id: 'C1' }, { kind: 'service' as const, text: 'PCs', id: 'WS' }];
    const given = line('dr. harbor', 'pcs');
    expect(resolve([given], aliases)).toEqual([{ ...given, clientId: 'C1', serviceId: 'WS' }]);
    expect(resolve([given])[0]).toMatchObject({ clientId: null, serviceId: null });
  });

  it('resolves 3,000 lines of 400 clients', () => {
    const many = Array.from({ length: 400 }, (_, at) => client(`N${String(at)}`, `Client ${String(at)} Holdings`));
    const lines = Array.from({ length: 3000 }, (_, at) => line(`client ${String(at % 400)} hldgs`, 'Workstations'));
    const resolved = resolveReading({ lines } as unknown as SheetReading, many, SERVICES);
    expect(resolved.every(({ clientId, serviceId }) => clientId !== null && serviceId === 'WS')).toBe(true);
  });
}); // prettier-ignore
