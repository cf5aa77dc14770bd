/** load(): picks the scalars and the linked objects that a Select and Expand name. */
import { missing, type HostObject } from './host-object.ts';
import type { QueryInfo } from './protocol.ts';

type Names = readonly string[];

/** Wire names start with a capital; names with an underscore stay ("_ReferenceId"). */
export const wireName = (name: string): string =>
  name.startsWith('_') ? name : name.charAt(0).toUpperCase() + name.slice(1);

/** An add-in may ask for "items/name" of a collection or plainly "name"; both mean the items. */
function namesOf(query: QueryInfo): readonly Names[] {
  const expanded = (query.Expand ?? []).map((name) => `${name}/*`);
  const names = [...(query.Select ?? []), ...expanded].map((name) =>
    name.split('/').filter((part) => part !== 'items' && part !== ''),
  );
  return names.filter((name) => name.length > 0);
}

export function query(
  object: HostObject,
  info: QueryInfo,
  reference: (object: HostObject) => string | undefined,
): Record<string, unknown> {
  return read(object, namesOf(info), info, reference);
}

function read(
  object: HostObject,
  names: readonly Names[],
  info: QueryInfo,
  reference: (object: HostObject) => string | undefined,
): Record<string, unknown> {
  const items = object.items();
  const kept = reference(object);
  const identity = kept === undefined ? {} : { _ReferenceId: kept };
  if (!items) return { ...identity, ...pick(object, names, reference) };
  const skip = info.Skip ?? 0;
  const shown = items.slice(skip, info.Top == null ? undefined : skip + info.Top);
  return {
    ...identity,
    _Items: shown.map((item) => ({
      ...(item.id === null ? {} : { _Id: item.id }),
      ...pick(item, names, reference),
    })),
  };
}

function pick(
  object: HostObject,
  names: readonly Names[],
  reference: (object: HostObject) => string | undefined,
): Record<string, unknown> {
  const out: Record<string, unknown> = {};
  const nested = new Map<string, Names[]>();
  for (const [head = '*', ...rest] of names.length > 0 ? names : [['*']]) {
    if (head === '*') {
      for (const name of object.defaults) out[name] = object.get(name);
      continue;
    }
    const name = wireName(head);
    if (rest.length === 0 && object.isScalar(name)) out[name] = object.get(name);
    else if (object.isScalar(name)) missing(object.typeName, [name, ...rest].join('/'));
    else nested.set(name, [...(nested.get(name) ?? []), rest]);
  }
  for (const [name, inner] of nested) {
    const asked = inner.filter((one) => one.length > 0);
    out[name] = read(object.link(name), asked, {}, reference);
  }
  return out;
}
