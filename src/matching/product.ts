/** One product as vendors name it: its name of today, the ids that stand for it, older names. */
export interface Product {
  readonly name: string;
  readonly ids: readonly string[];
  readonly names: readonly string[];
}

export const product = (
  name: string,
  ids: readonly string[],
  names: readonly string[] = [],
): Product => ({
  name,
  ids,
  names,
});
