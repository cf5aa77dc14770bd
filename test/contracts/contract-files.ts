/** The published contracts of ../shared as ajv reads them: whole documents, references kept. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ValidateFunction } from 'ajv';
import { Ajv } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { JSON_SCHEMA, load } from 'js-yaml';
import swagger2openapi from 'swagger2openapi';
import type { SystemName } from '../../src/sim/exchange.ts';

export interface Operation {
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: {
    readonly required?: boolean;
    readonly content: Readonly<Record<string, unknown>>;
  };
  readonly responses: Readonly<
    Record<string, { readonly content?: Readonly<Record<string, unknown>> }>
  >;
  readonly security?: readonly Readonly<Record<string, unknown>>[];
}

export interface Parameter {
  readonly name: string;
  readonly in: 'query' | 'path' | 'header' | 'cookie';
  readonly required?: boolean;
  readonly schema: Readonly<Record<string, unknown>>;
}

export interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation | undefined>>>>;
}

export interface Contract {
  readonly file: string;
  readonly document: Document;
  /** A validator for the place a JSON pointer names, compiled in the uncut document. */
  validatorAt(pointer: readonly string[]): ValidateFunction;
  /** What stands at a pointer, references followed. */
  schemaAt(pointer: readonly string[]): SchemaNode;
  resolve(node: SchemaNode): SchemaNode;
}

export interface SchemaNode {
  readonly $ref?: string;
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly additionalProperties?: unknown;
  readonly items?: SchemaNode;
  readonly allOf?: readonly SchemaNode[];
  readonly anyOf?: readonly SchemaNode[];
}

/** Where a contract is known to be wrong: what is changed before it is compiled, and why. */
export const CONTRACT_ERRORS: readonly {
  readonly file: string;
  readonly reason: string;
  readonly mend: (document: Record<string, unknown>) => void;
}[] = [
  {
    file: 'huntress/huntress-v1.swagger.json',
    reason:
      'Both organisation models require microsoft_365_tenant_id, microsoft_365_users_count and notify_emails, which the same file renamed and no longer declares.',
    mend: (document) => {
      for (const name of ['Organization', 'OrganizationWithActualProductUsages']) {
        delete pick(document, ['components', 'schemas', name])['required'];
      }
    },
  },
  {
    file: 'huntress/huntress-v1.swagger.json',
    reason: 'Account.neighborhood_watch has the type "Object", which is no type of JSON Schema.',
    mend: (document) => {
      const account = pick(document, ['components', 'schemas', 'Account', 'properties']);
      account['neighborhood_watch'] = { type: 'object' };
    },
  },
];

const FILES: Readonly<Record<SystemName, readonly string[]>> = {
  ninjaone: ['ninjaone/ninjaone-public-api-2.0.9-draft.yaml'],
  pax8: ['pax8/pax8-authentication.openapi.json', 'pax8/pax8-partner-endpoints.openapi.json'],
  huntress: ['huntress/huntress-v1.swagger.json'],
  conductor: ['quickbooks-desktop-conductor/conductor-qbd-invoicing.openapi.yaml'],
};

export async function loadContracts(
  folder: string,
): Promise<Readonly<Record<SystemName, readonly Contract[]>>> {
  const load = (files: readonly string[]): Promise<Contract[]> =>
    Promise.all(files.map((file) => loadContract(folder, file)));
  return {
    ninjaone: await load(FILES.ninjaone),
    pax8: await load(FILES.pax8),
    huntress: await load(FILES.huntress),
    conductor: await load(FILES.conductor),
  };
}

async function loadContract(folder: string, file: string): Promise<Contract> {
  const text = readFileSync(join(folder, file), 'utf8');
  // With YAML's own times an example would become a Date, which is no JSON.
  const raw = load(text, { schema: JSON_SCHEMA }) as Record<string, unknown>;
  const document = 'swagger' in raw ? await toOpenapi3(raw) : raw;
  for (const { file: wrong, mend } of CONTRACT_ERRORS) if (wrong === file) mend(document);
  const isNew = String(document['openapi']).startsWith('3.1');
  const plain = isNew ? document : (withNull(document) as Record<string, unknown>);
  return compiled(file, plain, isNew);
}

async function toOpenapi3(raw: Record<string, unknown>): Promise<Record<string, unknown>> {
  const converted = await swagger2openapi.convertObj(raw, { patch: true, warnOnly: true });
  return converted.openapi;
}

function compiled(file: string, document: Record<string, unknown>, isNew: boolean): Contract {
  const options = { strict: false, allErrors: true, validateSchema: false, logger: false } as const;
  const ajv = isNew ? new Ajv2020(options) : new Ajv(options);
  formats.default(ajv);
  ajv.addFormat('phone', true);
  ajv.addSchema(document, 'contract');
  const known = new Map<string, ValidateFunction>();
  const at = (pointer: readonly string[]): SchemaNode => pick(document, pointer);
  const resolve = (node: SchemaNode): SchemaNode =>
    node.$ref === undefined
      ? node
      : resolve(at(node.$ref.slice(2).split('/').map(unescapePointer)));
  return {
    file,
    document: document as unknown as Document,
    validatorAt(pointer) {
      const reference = `contract#/${pointer.map(escapePointer).join('/')}`;
      const validator = known.get(reference) ?? ajv.compile({ $ref: reference });
      known.set(reference, validator);
      return validator;
    },
    schemaAt: (pointer) => resolve(at(pointer)),
    resolve,
  };
}

/** OpenAPI 3.0 says "nullable" where JSON Schema has a second type. */
function withNull(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(withNull);
  if (typeof node !== 'object' || node === null) return node;
  const plain = Object.fromEntries(
    Object.entries(node).map(([key, value]) => [key, withNull(value)]),
  );
  return plain['nullable'] === true && typeof plain['type'] === 'string'
    ? { ...plain, type: [plain['type'], 'null'] }
    : plain;
}

function pick(node: unknown, pointer: readonly string[]): Record<string, unknown> {
  const found = pointer.reduce<unknown>(
    (at, key) =>
      typeof at === 'object' && at !== null ? (at as Record<string, unknown>)[key] : undefined,
    node,
  );
  if (typeof found !== 'object' || found === null) {
    throw new Error(`The contract has nothing at ${pointer.join('/')}`);
  }
  return found as Record<string, unknown>;
}

const escapePointer = (key: string): string =>
  encodeURIComponent(key.replaceAll('~', '~0').replaceAll('/', '~1'));
const unescapePointer = (key: string): string =>
  decodeURIComponent(key).replaceAll('~1', '/').replaceAll('~0', '~');
