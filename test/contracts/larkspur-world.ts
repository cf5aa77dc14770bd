// The development MSP of ../shared as a person would connect it: its books, two vendor exports
// as CSV sources, and the eleven services of its wide workbook.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Papa from 'papaparse';
import { sampleBooks } from '../../src/sample/config.ts';
import { startRelay, startStandIns } from '../../src/start/parts.ts';
import { overHttps, type Mcc } from '../e2e/support/mcc.ts';
import { shared } from './shared.ts';

export type Row = Readonly<Record<string, string>>;
export type World = Pick<Mcc, 'data' | 'sim'> & { readonly url: string; stop(): Promise<void> };

export const WORKBOOK = shared('data', 'workbooks', 'billing_wide_dev.xlsx');
export const PERSON = 'K. Ostrander';
export const NOW = '2026-10-31T10:00:00Z';

/** Id in the truth tables, column heading of the wide workbook, unit, price in its row 6. */
export const SERVICES = [
  ['WS', 'Managed Wkstn', 'device', '65'],
  ['SRV', 'Managed Server', 'device', '145'],
  ['EDR', 'EDR (per device)', 'agent', '8'],
  ['M365BB', 'M365 Bus Basic', 'licence', '7.2'],
  ['M365BS', 'M365 Bus Std', 'licence', '15'],
  ['M365BP', 'M365 Bus Prem', 'licence', '26.4'],
  ['EXO1', 'Exchange Plan 1', 'licence', '4.8'],
  ['MAIL', 'Email Filtering', 'other', '3.5'],
  ['SAASB', 'O365 Backup', 'licence', '3'],
  ['BCDR', 'Server Backup', 'device', '210'],
  ['SAT', 'Phish Training', 'other', '2.5'],
  // What an agreed price takes off a row: Excel's add-ins cannot read the note that names it.
  ['ADJ', 'Adjustment', 'other', '0'],
] as const;

export const rowsOf = (...path: string[]): Row[] =>
  Papa.parse<Row>(readFileSync(shared('data', ...path), 'utf8').replace(/^\uFEFF/, ''), {
    header: true,
    skipEmptyLines: true,
  }).data;

/** Whose a spelling is by the truth: a client id, or null for nobody's. */
export function ownersIn(source: string): ReadonlyMap<string, string | null> {
  const rows = rowsOf('vendors', 'truth_accounts.csv').filter((row) => row['source'] === source);
  return new Map(rows.map((row) => [tidy(row['source_name'] ?? ''), row['client_id'] || null]));
}

/** Spaces are no part of a name, in a sheet or in a list of customers. */
export const tidy = (name: string): string => name.replace(/\s+/g, ' ').trim();

export async function startWorld(): Promise<World> {
  const data = mkdtempSync(join(tmpdir(), 'mcc-larkspur-'));
  const standIns = await startStandIns({ state: join(data, 'stand-ins'), world: 'quiet' });
  const sim = async <T>(method: string, path: string, body?: unknown): Promise<T> => {
    const json = body === undefined ? {} : { body: JSON.stringify(body) };
    const headers = { 'content-type': 'application/json' };
    const answer = await fetch(`${standIns.ready.url}${path}`, { method, headers, ...json });
    if (!answer.ok) throw new Error(`${method} ${path}: ${await answer.text()}`);
    return (await answer.json()) as T;
  };
  await sim('POST', '/_sim/clock', { now: NOW });
  await sim('POST', '/_sim/world', booksOfLarkspur());
  const config = join(data, 'relay.json');
  writeFileSync(config, JSON.stringify(configFor(standIns.ready.url)), { mode: 0o600 });
  const relay = await startRelay({ config, data, port: 0 });
  await overHttps('POST', `${relay.ready.url}/_test/clock`, { now: NOW });
  return {
    data,
    sim,
    url: `${relay.ready.url}/#${relay.ready.code}`,
    async stop() {
      await relay.stop();
      await standIns.stop();
      rmSync(data, { recursive: true, force: true });
    },
  };
}

/** The customers as the accounting system spells them, those of no client among them. */
function booksOfLarkspur(): object {
  return {
    company: 'Larkspur Managed IT',
    customers: rowsOf('vendors', 'accounting_customers.csv').map((row) => ({
      name: tidy(row['Customer'] ?? ''),
    })),
    items: SERVICES.map(([, name, , price]) => ({ name, price })),
  };
}

function configFor(standIns: string): object {
  return {
    profile: 'lab',
    person: PERSON,
    currency: 'USD',
    timeZone: 'America/Chicago',
    connections: [
      {
        id: 'rmm',
        adapter: 'csv-file',
        title: 'RMM export',
        settings: {
          path: shared('data', 'vendors', 'rmm_devices.csv'),
          clientColumn: 'Organization',
          skuColumn: 'Device Class',
          filter: { column: 'Status', values: ['Active'] },
          distinctColumn: 'Serial',
          dateColumn: 'Last Contact',
        },
        services: { Workstation: 'WS', Server: 'SRV' },
      },
      {
        id: 'edr',
        adapter: 'csv-file',
        title: 'EDR export',
        settings: {
          path: shared('data', 'vendors', 'edr_accounts.csv'),
          clientColumn: 'Account',
          sku: 'EDR',
          quantityColumn: 'Active Agents',
          dateColumn: 'Last Sync',
        },
        services: { EDR: 'EDR' },
      },
    ],
    books: { adapter: 'conductor', settings: sampleBooks(standIns) },
    services: SERVICES.map(([id, name, unit]) => ({
      id,
      name,
      basis: 'active',
      unit,
      aliases: [name],
      item: name,
    })),
    pages: { dist: 'dist', office: 'node_modules/@microsoft/office-js/dist' },
  };
}
