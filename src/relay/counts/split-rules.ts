/** The rule of an account that serves several clients: checked when given, read when counted. */
import type * as z from 'zod';
import { SplitSchema } from '../../contract/contract.ts';
import { AppError } from '../../core/errors.ts';
import type { Client, Split } from '../../core/model.ts';
import { isNegative, isZero } from '../../core/money.ts';
import { clientsOfSplit } from '../../core/split.ts';

export const parseSplit = (json: string): z.infer<typeof SplitSchema> =>
  SplitSchema.parse(JSON.parse(json));

/** Throws INPUT_INVALID naming the client or number that does not fit. */
export function checkSplit(split: Split, clients: readonly Client[], account: string): void {
  const refuse = (words: string): AppError =>
    new AppError('INPUT_INVALID', `The split of ${account}: ${words}`);
  const named = clientsOfSplit(split);
  const stranger = named.find((id) => !clients.some((client) => client.id === id));
  if (stranger !== undefined) {
    throw refuse(`there is no client "${stranger}" in the books. Choose one of the list.`);
  }
  if (named.length < 2) throw refuse('name at least two clients, or link it to the one.');
  const cells = split.parts.map((part) =>
    'sku' in part ? JSON.stringify([part.clientId, part.sku]) : part.clientId,
  );
  if (new Set(cells).size < cells.length) throw refuse('a client is named twice. Add it up.');
  if (split.by === 'shares') return;
  if (split.parts.some(({ clientId }) => clientId === split.rest)) {
    throw refuse('the client that gets the rest has no fixed quantity. Leave it out.');
  }
  const wrong = split.parts.find(({ quantity }) => isNegative(quantity) || isZero(quantity));
  if (wrong) throw refuse(`${wrong.quantity} of ${wrong.sku} is no quantity. Write one above 0.`);
}

/** For the trail: "Public Works 2 of 3 shares, Parks 1 of 3 shares". */
export function describeSplit(split: Split, nameOf: (clientId: string) => string): string {
  if (split.by === 'shares') {
    const total = split.parts.reduce((sum, { shares }) => sum + shares, 0);
    return split.parts
      .map(({ clientId, shares }) => `${nameOf(clientId)} ${String(shares)} of ${String(total)} shares`)
      .join(', ');
  }
  const fixed = split.parts.map(
    ({ clientId, sku, quantity }) => `${nameOf(clientId)} ${quantity} of ${sku}`,
  );
  return `${fixed.join(', ')}, ${nameOf(split.rest)} the rest`;
} // prettier-ignore
