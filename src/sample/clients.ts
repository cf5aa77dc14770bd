/**
 * The 40 clients as they stand at the end of September 2026. All names are invented; each carries
 * one trap of naming, mapping or contract, named beside it.
 */

export type Plan = 'M365BB' | 'M365BS' | 'M365BP' | 'M365E3';

/** Names under which the three vendors know a client; absent: as in the books; empty: not there. */
export interface VendorNames {
  readonly ninjaone?: readonly string[];
  readonly pax8?: readonly string[];
  readonly huntress?: readonly string[];
}

export interface ClientFacts {
  readonly code: string;
  readonly name: string;
  readonly sheetName?: string;
  readonly team: 'Northside' | 'Southside' | 'Projects & small accounts';
  readonly workstations: number;
  readonly servers?: number;
  readonly firewalls?: number;
  /** Seats bought; the first is the plan that moves with the staff. */
  readonly seats?: readonly (readonly [Plan, number])[];
  readonly mail?: boolean;
  readonly backup?: boolean;
  readonly sites?: number;
  /** Per-user all-in: this many users are billed and nothing that vendors count. */
  readonly allInUsers?: number;
  readonly flatFee?: boolean;
  /** Services that are counted at a vendor and, by contract, not billed. */
  readonly unbilled?: readonly string[];
  /** The first month billed, when not since before the first month. */
  readonly since?: string;
  readonly macs?: boolean;
  readonly note?: string;
  readonly accounts?: VendorNames;
}

const N = 'Northside';
const S = 'Southside';
const P = 'Projects & small accounts';

export const CLIENTS: readonly ClientFacts[] = [
  // Ampersand, comma and legal suffix; one vendor escapes the ampersand for HTML.
  { code: 'A1001', name: 'Hobbs & Daughters Roofing, LLC', sheetName: 'Hobbs and Daughters Roofing', team: N, workstations: 7, firewalls: 1, seats: [['M365BS', 8]], mail: true, backup: true, sites: 1, accounts: { ninjaone: ['Hobbs and Daughters Roofing'], pax8: ['HOBBS & DAUGHTERS ROOFING LLC'], huntress: ['Hobbs &amp; Daughters Roofing'] } },
  // Its name is the beginning of the next client's name.
  { code: 'A1002', name: 'Clearview Dental Group', team: N, workstations: 16, servers: 1, firewalls: 1, seats: [['M365BP', 14]], mail: true, backup: true, sites: 1, accounts: { pax8: ['Clearview Dental Group, Inc'] } },
  { code: 'A1003', name: 'Clearview Dental Group of Tempe', team: N, workstations: 10, firewalls: 1, seats: [['M365BP', 9]], mail: true, sites: 1, accounts: { ninjaone: ['Clearview Dental - Tempe'] } },
  // Apostrophe: straight in the books, curly in one tool, dropped in another.
  { code: 'A1004', name: "O'Connell's Tap Room & Kitchen", team: S, workstations: 4, firewalls: 1, seats: [['M365BB', 4], ['M365BS', 1]], accounts: { ninjaone: ['O’Connell’s Tap Room & Kitchen'], huntress: ['OConnells Tap Room and Kitchen'] } },
  // St. and Saint; a school with education prices that are settled elsewhere.
  { code: 'A1005', name: "St. Hilda's Grammar School", team: N, workstations: 42, servers: 2, firewalls: 1, seats: [['M365BP', 38]], mail: true, backup: true, sites: 1, accounts: { pax8: ['Saint Hildas Grammar School'] } },
  // L.L.P. and LLP; per-user all-in.
  { code: 'A1006', name: 'Westbrook Legal LLP', sheetName: 'Westbrook Legal LLP ', team: N, workstations: 24, servers: 1, firewalls: 1, seats: [['M365BP', 22]], allInUsers: 22, note: 'All-in seats', accounts: { pax8: ['Westbrook Legal, L.L.P.'] } },
  // Bought the next client; both are still billed apart until the end of the year.
  { code: 'A1007', name: 'Castell Build Co.', team: N, workstations: 46, servers: 2, firewalls: 2, seats: [['M365E3', 44]], mail: true, backup: true, sites: 2, accounts: { ninjaone: ['Castell Build Company'] } },
  { code: 'A1008', name: 'Castell Concrete Inc.', team: N, workstations: 11, firewalls: 1, seats: [['M365BS', 12]], mail: true, sites: 1, note: 'Merged into Castell Build, own invoice until December', accounts: { ninjaone: ['Castell Concrete (merged - use Castell Build)'] } },
  // Two Microsoft tenants, one bill.
  { code: 'A1009', name: 'Silver Birch Care', team: S, workstations: 30, servers: 1, firewalls: 1, seats: [['M365BP', 33]], mail: true, backup: true, sites: 1, accounts: { pax8: ['silverbirchcare.onmicrosoft.com', 'silverbirchhospice.onmicrosoft.com'] } },
  // Trade name in one tool.
  { code: 'A1010', name: 'Bayside Forwarding Holdings, Inc.', team: S, workstations: 20, servers: 1, firewalls: 1, seats: [['M365BS', 14], ['M365BP', 5]], mail: true, sites: 1, accounts: { ninjaone: ['BFH Logistics'] } },
  // Sub-customers of one parent in the books; one vendor organisation for both.
  { code: 'A1011', name: 'Town of Millbrook:Public Works', sheetName: 'Town of Millbrook - Public Works', team: N, workstations: 18, servers: 1, firewalls: 1, seats: [['M365BS', 17]], mail: true, sites: 1, note: 'Endpoint protection of the library is billed here', accounts: { ninjaone: ['Town of Millbrook - Public Works'], pax8: ['Town of Millbrook (Public Works)'], huntress: ['Town of Millbrook'] } },
  { code: 'A1012', name: 'Town of Millbrook:Library', sheetName: 'Town of Millbrook - Library', team: N, workstations: 15, firewalls: 1, seats: [['M365BS', 8]], sites: 1, unbilled: ['EDR'], accounts: { ninjaone: ['Town of Millbrook - Library'], pax8: ['Town of Millbrook (Library)'], huntress: [] } },
  // Umlauts: written out in the books, kept in one tool, stripped in another.
  { code: 'A1013', name: 'Gruenfeld & Soehne GmbH', team: S, workstations: 12, servers: 1, firewalls: 1, seats: [['M365BP', 11]], mail: true, backup: true, sites: 1, accounts: { ninjaone: ['Grünfeld & Söhne GmbH'], pax8: ['Grunfeld & Sohne GmbH'], huntress: ['Grünfeld & Söhne'] } },
  { code: 'A1014', name: 'Maple Ridge Robotics Ltd.', team: S, workstations: 18, servers: 1, firewalls: 1, seats: [['M365BP', 16]], mail: true, sites: 1 },
  // Accents: once as UTF-8 read as Windows-1252, once in decomposed form.
  { code: 'A1015', name: 'Café Solé', team: P, workstations: 3, firewalls: 1, seats: [['M365BB', 4]], accounts: { ninjaone: ['Cafe\u0301 Sole\u0301'], pax8: ['CafÃ© SolÃ©'] } },
  // Begins with a digit.
  { code: 'A1016', name: '4th Street Print', team: P, workstations: 7, firewalls: 1, seats: [['M365BS', 6]], accounts: { huntress: ['4th-Street Print'] } },
  // A spreadsheet would take it for a date.
  { code: 'A1017', name: 'May 5 Ventures', team: P, workstations: 5, firewalls: 1, seats: [['M365BS', 5]], accounts: { pax8: ['05-May Ventures'] } },
  // Begins with @, and the account number begins with zeros.
  { code: '00417', name: '@Work Staffing Partners', team: S, workstations: 22, firewalls: 1, seats: [['M365BP', 26]], mail: true, backup: true, sites: 1, accounts: { huntress: ['Work Staffing Partners'] } },
  // 44 characters, clipped to the 41 that QuickBooks Desktop allows.
  { code: 'A1019', name: 'International Harbor Development Corporat', team: S, workstations: 7, firewalls: 1, seats: [['M365BS', 7]], sites: 1, accounts: { ninjaone: ['International Harbor Development Corporation'], pax8: ['International Harbor Development Corporation'], huntress: ['International Harbor Development Corporation'] } },
  // Two spaces in one tool.
  { code: 'A1020', name: 'Kestrel Haulage', team: S, workstations: 9, firewalls: 1, seats: [['M365BS', 9]], sites: 1, accounts: { huntress: ['Kestrel  Haulage'] } },
  // Seats prepaid for the year: counted, not billed monthly.
  { code: 'A1021', name: 'Lakeview Animal Hospital', team: N, workstations: 15, servers: 1, firewalls: 1, seats: [['M365BP', 13]], mail: true, sites: 1, unbilled: ['M365BP'], note: 'M365 prepaid to March, not monthly' },
  { code: 'A1022', name: 'Red Maple Books', team: P, workstations: 6, firewalls: 1, seats: [['M365BS', 6]] },
  // Came in March.
  { code: 'A1023', name: 'Frontier Title', team: S, workstations: 11, firewalls: 1, seats: [['M365BP', 10]], mail: true, backup: true, sites: 1, since: '2026-03' },
  // All-in with a minimum of 25 users while the vendors count fewer.
  { code: 'A1024', name: 'Aspen Wealth Advisors', team: S, workstations: 22, servers: 1, firewalls: 1, seats: [['M365BP', 21]], allInUsers: 25, note: 'Minimum 25 users' },
  { code: 'A1025', name: 'Copper Basin Credit Union', team: N, workstations: 63, servers: 4, firewalls: 3, seats: [['M365E3', 58]], mail: true, backup: true, sites: 3 },
  // All-in: four vendors count four different things.
  { code: 'A1026', name: 'Vista Spine & Joint PC', team: S, workstations: 34, servers: 1, firewalls: 2, seats: [['M365BP', 31]], allInUsers: 31, note: 'All-in seats' },
  // Seven seats more from June to August.
  { code: 'A1027', name: 'Tidemark Marina', team: P, workstations: 8, firewalls: 1, seats: [['M365BS', 9]], mail: true, sites: 1 },
  // Thirty kiosk users share a few machines.
  { code: 'A1028', name: 'Foundry Gym', team: P, workstations: 4, firewalls: 1, seats: [['M365BB', 30], ['M365BS', 2]] },
  { code: 'A1029', name: 'Ashworth & Ashworth CPAs', team: S, workstations: 17, servers: 1, firewalls: 1, seats: [['M365BP', 15]], allInUsers: 15, note: 'All-in seats', accounts: { pax8: ["Ashworth and Ashworth CPA's"] } },
  // Shares its first word, and one person, with the client before.
  { code: 'A1030', name: 'Ashworth Realty', team: S, workstations: 6, firewalls: 1, seats: [['M365BP', 6]], allInUsers: 6, note: 'All-in seats' },
  // Sponsored: the seats are a gift, protection and mail are billed.
  { code: 'A1031', name: 'Orchard Lane PTA', team: P, workstations: 2, seats: [['M365BB', 3]], mail: true, unbilled: ['M365BB', 'WS'], note: 'Sponsored: machines and seats are free' },
  // The largest; monthly and annual subscriptions of one product.
  { code: 'A1032', name: 'Zephyr Fabrication', team: N, workstations: 105, servers: 6, firewalls: 3, seats: [['M365E3', 96]], mail: true, backup: true, sites: 2, accounts: { ninjaone: ['Zephyr Fabrication\\Plant 2'], pax8: ['ZEPHYR FAB (NCE)'] } },
  { code: 'A1033', name: 'Copperfield Electric', team: P, workstations: 12, firewalls: 1, seats: [['M365BS', 11]], mail: true, sites: 1 },
  // Hourly work only: some months have nothing but the seats.
  { code: 'A1034', name: 'Dune Ridge Landscaping', team: P, workstations: 4, seats: [['M365BB', 4]], unbilled: ['WS', 'EDR'] },
  // A flat fee and no vendor behind it.
  { code: 'A1035', name: 'Fox Run HOA', team: P, workstations: 0, flatFee: true, note: 'Flat fee', accounts: { ninjaone: [], pax8: [], huntress: [] } },
  { code: 'A1036', name: 'Hatchway Architecture Studio', team: P, workstations: 10, servers: 1, firewalls: 1, seats: [['M365BS', 9]], mail: true, sites: 1, macs: true },
  // Pays Microsoft directly: nothing at the distributor.
  { code: 'A1037', name: 'Quill & Parchment', sheetName: 'Quill and Parchment', team: P, workstations: 7, firewalls: 1, sites: 1, note: 'Buys M365 direct', accounts: { pax8: [] } },
  { code: 'A1038', name: 'Tamarind Wealth', team: S, workstations: 9, firewalls: 1, seats: [['M365BP', 8]], mail: true, backup: true, sites: 1 },
  { code: 'A1039', name: 'Ridgeback Survey', team: P, workstations: 12, servers: 1, firewalls: 1, seats: [['M365BS', 10]], mail: true, sites: 1 },
  // Never changes: the control.
  { code: 'A1040', name: 'Willow Bend Veterinary', team: N, workstations: 10, firewalls: 1, seats: [['M365BS', 9]], mail: true, sites: 1 },
]; // prettier-ignore
