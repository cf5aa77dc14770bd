/** How the clients of the month stand with the relay: who is not in the next approval, and why. */
import type { ClientId, HeldClient } from '../src/core/model.ts';
import type { CloseState } from './close-state.ts';

/** The relay's word for a client of whom a person said that no invoice is due. */
export const NO_INVOICE = 'closed without invoice';

type Known = Pick<CloseState, 'held' | 'released' | 'statuses'>;

export function standingOf({ held, released, statuses }: Known): {
  readonly held: readonly HeldClient[];
  readonly taken: ReadonlyMap<ClientId, string>;
} {
  const isAskedFor = (clientId: ClientId): boolean => released.includes(clientId);
  // Voided, gone or altered in the books: nothing goes out again because others do.
  const taken = statuses.filter(
    ({ free, again, word, clientId }) =>
      !free || (again && word !== NO_INVOICE && !isAskedFor(clientId)),
  );
  const closed = statuses.filter(
    ({ word, free, clientId }) => free && word === NO_INVOICE && !isAskedFor(clientId),
  );
  return {
    held: [...closed.map(({ clientId }) => ({ clientId, reason: NO_INVOICE })), ...held],
    taken: new Map(
      taken.map(({ clientId, word, ref }) => [clientId, ref ? `${word} ${ref}` : word]),
    ),
  };
}
