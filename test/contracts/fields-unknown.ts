/** Fields of a value that its schema does not name: contracts rarely forbid them, we do. */
import type { Contract, SchemaNode } from './contract-files.ts';

export function fieldsUnknown(
  contract: Contract,
  schema: SchemaNode,
  value: unknown,
  path: string,
): string[] {
  if (Array.isArray(value)) {
    const { items } = contract.resolve(schema);
    if (!items) return [];
    return value.flatMap((item, index) =>
      fieldsUnknown(contract, items, item, `${path}/${String(index)}`),
    );
  }
  if (typeof value !== 'object' || value === null) return [];
  const properties = propertiesOf(contract, schema);
  if (!properties) return [];
  return Object.entries(value).flatMap(([name, field]) => {
    const property = properties[name];
    return property
      ? fieldsUnknown(contract, property, field, `${path}/${name}`)
      : [`${path}/${name} is not a field of the contract.`];
  });
}

/** Null where anything goes: no properties, or free ones. */
function propertiesOf(
  contract: Contract,
  node: SchemaNode,
): Readonly<Record<string, SchemaNode>> | null {
  const schema = contract.resolve(node);
  if (schema.additionalProperties !== undefined && schema.additionalProperties !== false)
    return null;
  const parts = [...(schema.allOf ?? []), ...(schema.anyOf ?? [])].map((part) =>
    propertiesOf(contract, part),
  );
  const own = [schema.properties ?? null, ...parts].filter((one) => one !== null);
  return own.length === 0
    ? null
    : (Object.assign({}, ...own) as Readonly<Record<string, SchemaNode>>);
}
