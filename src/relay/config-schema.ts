/** The shape of the configuration file; what its keys must say about each other is config-rules.ts. */
import * as z from 'zod';
import { isCurrency, isNegative, parseAmount, type Currency } from '../core/money.ts';

// Without a locale every message is only "Invalid input" (rulings 24).
z.config(z.locales.en());

const Id = z.string().regex(/^[\w.-]{1,60}$/, 'use letters, digits, dot, dash (at most 60)');
const Name = z.string().trim().min(1, 'must not be empty').max(255);
const Settings = z.record(z.string(), z.unknown());
const Path = z.string().min(1, 'must be a path');

const ServiceConfig = z.strictObject({
  id: Id,
  name: Name,
  basis: z.enum(['billable', 'assigned', 'bought', 'active', 'peak']),
  unit: z.enum(['licence', 'device', 'agent', 'hour', 'other']),
  /** Not empty: a group, which is never billed itself (rulings 3). */
  members: z.array(Id).default([]),
  /** Not empty: one price for what several services count; the first of them is billed. */
  bundle: z.array(Id).default([]),
  aliases: z.array(Name).default([]),
  /** Id or exact name of the item in the books; a group has none. */
  item: Name.nullish(),
});

const ConnectionConfig = z.strictObject({
  id: Id,
  adapter: z.string().min(1),
  title: Name.optional(),
  settings: Settings.default({}),
  /** The vendor's SKU to our service, where the configuration says so. */
  services: z.record(z.string(), Id).default({}),
  /** How the vendor's ids of devices and seats are kept: as a hash, or readable beside it. */
  ids: z.enum(['hashed', 'listed']).default('hashed'),
  schedule: z
    .strictObject({ everyMinutes: z.int().min(1, 'must be at least 1').max(1440) })
    .default({ everyMinutes: 15 }),
});

const BooksConfig = z.strictObject({
  id: Id.default('books'),
  adapter: z.string().min(1),
  settings: Settings.default({}),
  /** Ids or exact names of tax codes there; without them tax is left to the books' own defaults. */
  tax: z
    .strictObject({
      default: Name.optional(),
      /** By the id or the exact name of a customer. */
      customers: z.record(Name, Name).default({}),
    })
    .optional(),
  /** Real books are posted to only when this is switched on (posting-safety 6.2). */
  postingEnabled: z.boolean().optional(),
});

const Cap = z.string().refine(isCap, 'must be an amount above 0, written as text: "50000"');
const CapsConfig = z.strictObject({
  invoiceMax: Cap.default('100000'),
  batchMax: Cap.default('2000000'),
  invoicesMax: z.int().min(1, 'must be at least 1').max(500).default(500),
  /** A batch that changes by more per cent against last month needs a tick; null: none ever does. */
  changePercent: z.int().min(1, 'must be at least 1').max(10_000).nullable().default(50),
});

const PagesConfig = z.strictObject({
  /** The folder webpack writes. */
  dist: Path.optional(),
  /** The dist folder of the npm package office-js; served in sample and lab only. */
  office: Path.optional(),
  sampleWorkbook: Path.optional(),
  /** Further origins that may show the pane in a frame. */
  frameAncestors: z.array(z.url({ protocol: /^https$/ })).default([]),
});

const LabConfig = z.strictObject({
  /** Answers GET with {"now": "2026-10-31T10:00:00.000Z"}; the relay's clock follows it. */
  clockUrl: z.string().optional(),
  /** Pairs as often as it is offered, so that a program needs nobody to read one off. */
  pairingCode: z
    .string()
    .regex(/^[0-9A-HJKMNP-TV-Z]{10}$/, 'must be 10 digits or capitals without I, L, O, U')
    .optional(),
  /** Where the relay stops for ever from its start on, to be killed there: name and nth time. */
  failpoints: z.record(z.string().min(1).max(60), z.int().min(1).max(100_000)).optional(),
});

export const ConfigSchema = z.strictObject({
  profile: z.enum(['sample', 'local', 'team', 'lab']),
  person: Name.max(120).optional(),
  twoPersons: z.boolean().default(false),
  currency: z.string().refine(isCurrency, 'is not a currency; use a code such as USD'),
  timeZone: z.string().refine(isTimeZone, 'is not a time zone; use a name such as Europe/Berlin'),
  port: z.int().min(0).max(65535).optional(),
  lateAfterHours: z.int().min(1, 'must be at least 1').max(8760).default(24),
  connections: z.array(ConnectionConfig).default([]),
  books: BooksConfig,
  services: z.array(ServiceConfig),
  caps: CapsConfig.prefault({}),
  pages: PagesConfig.prefault({}),
  /** An own certificate; without it the relay makes one. */
  tls: z.strictObject({ cert: Path, key: Path }).optional(),
  lab: LabConfig.optional(),
});

type Parsed = z.output<typeof ConfigSchema>;
export type RelayConfig = Omit<Parsed, 'currency'> & { readonly currency: Currency };
export type ConnectionConfig = Parsed['connections'][number];
export type ServiceConfig = Parsed['services'][number];
export type Profile = Parsed['profile'];

/** Only names of the IANA list with a place: "EST5EDT" and offsets are refused (3.5 C 71). */
function isTimeZone(text: string): boolean {
  return text === 'UTC' || Intl.supportedValuesOf('timeZone').includes(text);
}

function isCap(text: string): boolean {
  if (!/^\d{1,12}(\.\d{1,2})?$/.test(text) || !/[1-9]/.test(text)) return false;
  return !isNegative(parseAmount(text, 'USD' as Currency));
}
