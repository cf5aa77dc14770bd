/** The published contracts of ../shared as ajv reads them: whole documents, references kept. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ValidateFunction } from 'ajv';
import { Ajv } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { JSON_SCHEMA, load } from 'js-yaml';
import swagger2openapi from 'swagger2openapi';
import { SYSTEMS } from './systems/registry.ts';
import { pick, type Mend } from './systems/system.ts';

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

/** The contracts of every system, by its name. */
export async function loadContracts(
  folder: string,
): Promise<ReadonlyMap<string, readonly Contract[]>> {
  const loaded = SYSTEMS.map(async ({ system, files, mends = [] }) => {
    const contracts = files.map((file) => loadContract(folder, file, mends));
    return [system, await Promise.all(contracts)] as const;
  });
  return new Map(await Promise.all(loaded));
}

async function loadContract(
  folder: string,
  file: string,
  mends: readonly Mend[],
): Promise<Contract> {
  const text = readFileSync(join(folder, file), 'utf8');
  // With YAML's own times an example would become a Date, which is no JSON.
  const raw = load(text, { schema: JSON_SCHEMA }) as Record<string, unknown>;
  const document = 'swagger' in raw ? await toOpenapi3(raw) : raw;
  for (const { file: wrong, mend } of mends) if (wrong === file) mend(document);
  const isNew = String(document['openapi']).startsWith('3.1');
  const plain = isNew ? document : (withNull(document) as Record<string, unknown>);
  inlineShared(plain);
  return compiled(file, plain, isNew);
}

/** Parameters and answers that operations share by reference are put in their places. */
function inlineShared(document: Record<string, unknown>): void {
  const follow = (node: SchemaNode): unknown =>
    node.$ref === undefined ? node : pick(document, pointerOf(node.$ref));
  for (const item of Object.values(pick(document, ['paths']))) {
    for (const operation of Object.values(item as Record<string, Record<string, unknown>>)) {
      const { parameters, responses } = operation;
      if (Array.isArray(parameters)) operation['parameters'] = parameters.map(follow);
      if (typeof responses !== 'object' || responses === null) continue;
      operation['responses'] = Object.fromEntries(
        Object.entries(responses).map(([status, one]) => [status, follow(one as SchemaNode)]),
      );
    }
  }
}

async function toOpenapi3(raw: Record<string, unknown>): Promise<Record<string, unknown>> {
  const converted = await swagger2openapi.convertObj(raw, { patch: true, warnOnly: true });
  return withOwnBodies(converted.openapi);
}

/** The converter shares equal request bodies by reference; each operation gets its own again. */
function withOwnBodies(document: Record<string, unknown>): Record<string, unknown> {
  for (const operations of Object.values(pick(document, ['paths']))) {
    for (const operation of Object.values(operations as Record<string, SharedBody | null>)) {
      const reference = operation?.requestBody?.$ref;
      if (operation && reference !== undefined)
        operation.requestBody = pick(document, reference.slice(2).split('/').map(unescapePointer));
    }
  }
  return document;
}

interface SharedBody {
  requestBody?: { readonly $ref?: string };
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
    node.$ref === undefined ? node : resolve(at(pointerOf(node.$ref)));
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

const pointerOf = (reference: string): string[] =>
  reference.slice(2).split('/').map(unescapePointer);
const escapePointer = (key: string): string =>
  encodeURIComponent(key.replaceAll('~', '~0').replaceAll('/', '~1'));
const unescapePointer = (key: string): string =>
  decodeURIComponent(key).replaceAll('~1', '/').replaceAll('~0', '~');
