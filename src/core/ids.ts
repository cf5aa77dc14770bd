/**
 * Ids of devices and seats, as a source's setting keeps them: as a hash, or as the hash with the
 * vendor's own id behind it. The hash is the same either way, so a changed setting moves nobody.
 */
const HASHED = /^([0-9a-f]{16})(?::(.+))?$/s;

/** What two months are compared by. */
export const idKey = (id: string): string => HASHED.exec(id)?.[1] ?? id;

/** What a person reads. */
export const idWords = (id: string): string => {
  const [, hash, own] = HASHED.exec(id) ?? [];
  return own ?? hash?.slice(0, 8) ?? id;
};
