/** Query parameters against what a contract declares: types, limits, no unknown names. */

export type Parameter =
  | { readonly kind: 'integer'; readonly min?: number; readonly max?: number }
  | { readonly kind: 'text'; readonly pattern?: RegExp }
  | { readonly kind: 'texts'; readonly oneOf?: readonly string[] }
  | { readonly kind: 'choice'; readonly oneOf: readonly string[] };

export type Parameters = Readonly<Record<string, Parameter>>;

/** What is wrong with the query, one sentence each; empty when nothing. */
export function queryTroubles(query: URLSearchParams, parameters: Parameters): string[] {
  return [...new Set(query.keys())].flatMap((name) => {
    const parameter = Object.hasOwn(parameters, name) ? parameters[name] : undefined;
    if (!parameter) return [`${name} is not a parameter of this operation.`];
    const values = query.getAll(name);
    if (values.length > 1 && parameter.kind !== 'texts')
      return [`${name} is given more than once.`];
    return values.flatMap((value) => valueTrouble(name, value, parameter));
  });
}

function valueTrouble(name: string, value: string, parameter: Parameter): string[] {
  switch (parameter.kind) {
    case 'integer':
      return isWithin(value, parameter) ? [] : [`${name} is not a whole number within its limits.`];
    case 'text':
      return !parameter.pattern || parameter.pattern.test(value)
        ? []
        : [`${name} has a wrong form.`];
    case 'texts':
      return !parameter.oneOf || parameter.oneOf.includes(value) ? [] : [`${name} is not known.`];
    case 'choice':
      return parameter.oneOf.includes(value) ? [] : [`${name} is not one of its values.`];
  }
}

function isWithin(
  value: string,
  { min, max }: { readonly min?: number; readonly max?: number },
): boolean {
  if (!/^-?\d{1,10}$/.test(value)) return false;
  const number = Number(value);
  return number >= (min ?? -Infinity) && number <= (max ?? Infinity);
}

/** A parameter that passed the check, as a number. */
export const numberOf = (query: URLSearchParams, name: string, otherwise: number): number =>
  Number(query.get(name) ?? otherwise);
