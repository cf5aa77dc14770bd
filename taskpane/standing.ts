/** How the clients of the month stand with the relay: who is not in the next approval, and why. */
import type { ClientId, HeldClient } from '../src/core/model.ts';
import type { CloseState } from './close-state.ts';
import { isGone, shownPostings } from './shown-postings.ts';

/** The relay's word for a client of whom a person said that no invoice is due. */
export const NO_INVOICE = 'closed without invoice';
/** The relay's word for a client whose invoice was given up while the books did not answer. */
export const NOT_KNOWN = 'given up, not known';

type Known = Pick<CloseState, 'batch' | 'held' | 'released' | 'statuses'>;

export function standingOf(known: Known): {
  readonly held: readonly HeldClient[];
  readonly taken: ReadonlyMap<ClientId, string>;
} {
  const { held, released, statuses } = known;
  const isAskedFor = (clientId: ClientId): boolean => released.includes(clientId);
  const out = [...saidOut(known), ...goneFrom(known)];
  const isOut = (id: ClientId): boolean => out.some(({ clientId }) => clientId === id);
  // Altered or in the way in the books: nothing of it goes out because others do.
  const taken = statuses.filter(
    ({ free, again, clientId }) => !free || (again && !isAskedFor(clientId) && !isOut(clientId)),
  );
  return {
    held: [...out.filter(({ clientId }) => !isAskedFor(clientId)), ...held],
    taken: new Map(
      taken.map(({ clientId, word, ref }) => [clientId, ref ? `${word} ${ref}` : word]),
    ),
  };
}

const WHY_OUT: Readonly<Record<string, string>> = {
  [NO_INVOICE]: NO_INVOICE,
  [NOT_KNOWN]: 'given up, not known whether it is in the books',
};

const saidOut = ({ statuses }: Known): readonly HeldClient[] =>
  statuses.flatMap(({ clientId, word, free }) => {
    const reason = WHY_OUT[word];
    return free && reason !== undefined ? [{ clientId, reason }] : [];
  });

/** Whoever voided or deleted it had a reason: a person finds out before it is billed again. */
const goneFrom = ({ batch, statuses }: Known): readonly HeldClient[] =>
  (batch ? shownPostings(batch) : []).filter(isGone).flatMap(({ clientId, ref, state }) => {
    const now = statuses.find((one) => one.clientId === clientId);
    const how = state === 'VOIDED' ? 'voided in the books' : 'gone from the books';
    return now?.ref === ref ? [{ clientId, reason: `${ref ?? ''} is ${how}` }] : [];
  });
