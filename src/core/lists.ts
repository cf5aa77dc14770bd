/**
 * Makes "client|service" once for each pair: a year of lines has the same few, and a map finds a
 * text it has seen faster than an equal one it has not.
 */
export function pairKeys(): (of: { clientId: string; serviceId: string }) => string {
  const known = new Map<string, Map<string, string>>();
  return ({ clientId, serviceId }) => {
    let own = known.get(clientId);
    if (!own) known.set(clientId, (own = new Map<string, string>()));
    let key = own.get(serviceId);
    if (key === undefined) own.set(serviceId, (key = `${clientId}|${serviceId}`));
    return key;
  };
}

/** Map.groupBy, which Safari has only since 17.4 (MDN, read 2026-11-21) and Excel on a Mac needs. */
export function groupBy<Key, Item>(
  items: readonly Item[],
  keyOf: (item: Item) => Key,
): Map<Key, Item[]> {
  const groups = new Map<Key, Item[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group) group.push(item);
    else groups.set(key, [item]);
  }
  return groups;
}
