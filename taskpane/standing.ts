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
  const taken = statuses.filter(({ free }) => !free);
  const closed = statuses.filter(
    ({ word, free, clientId }) => free && word === NO_INVOICE && !released.includes(clientId),
  );
  return {
    held: [...closed.map(({ clientId }) => ({ clientId, reason: NO_INVOICE })), ...held],
    taken: new Map(
      taken.map(({ clientId, word, ref }) => [clientId, ref ? `${word} ${ref}` : word]),
    ),
  };
}
