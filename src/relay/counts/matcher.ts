/** Names of vendors and of the sheet against ours; the rules are those of src/matching. */
import type { Mapping } from '../../contract/contract.ts';
import type { Client, ClientId, Service, ServiceId } from '../../core/model.ts';

type Suggestion = Mapping['suggestions'][number];

const keyOf = (text: string): string =>
  text
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '');

/** By id or code, else by an equal key that is nobody else's. */
export function findClient(ref: string, name: string, clients: readonly Client[]): ClientId | null {
  const byId = clients.filter(({ id, code }) => id === ref || (code !== null && code === ref));
  return only(byId) ?? only(clients.filter((client) => namesOf(client).includes(keyOf(name))));
}

export function findService(
  ref: string,
  name: string,
  services: readonly Service[],
): ServiceId | null {
  const billed = services.filter(({ members }) => members.length === 0);
  const byId = billed.filter(({ id }) => id === ref);
  return only(byId) ?? only(billed.filter((service) => namesOf(service).includes(keyOf(name))));
}

export const suggestClients = (_name: string, _clients: readonly Client[]): Suggestion[] => [];
export const suggestServices = (_name: string, _services: readonly Service[]): Suggestion[] => [];

const namesOf = ({ name, aliases }: Pick<Client, 'name' | 'aliases'>): string[] =>
  [name, ...aliases].map(keyOf);

const only = (found: readonly { readonly id: string }[]): string | null =>
  found.length === 1 ? (found[0]?.id ?? null) : null;
