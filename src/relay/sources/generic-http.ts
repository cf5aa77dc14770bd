// Any service that answers lists in JSON, described in the configuration alone: where it is, who
// we are to it, how it pages, and which fields hold client, SKU and quantity. Nothing of it is a
// program. Docs: docs/generic-http.md. There is no vendor's contract here: whoever describes a
// service reads its documents, and a field that is not where it was said is never a zero.

import { firstDay, lastDay } from '../../core/billing-period.ts';
import { AppError } from '../../core/errors.ts';
import { readList, type Placeholders } from '../described/lists.ts';
import { isWanted, malformedAt, textAt } from '../described/rows.ts';
import { destinationsOf, openDescribed, type Service } from '../described/service.ts';
import { refuseEmpty } from '../http.ts';
import { readEach, type Account } from './accounts.ts';
import { asksByClient, GenericSettings } from './generic-http-settings.ts';
import { tally, type Item } from './generic-http-tally.ts';
import { defineCountSource, type AccountGap } from './source.ts';

const TITLE = 'HTTP/JSON service';
/** More clients than any provider we know; asked one by one. */
const CLIENTS_MAX = 2000;

export const genericHttp = defineCountSource({
  id: 'generic-http',
  title: TITLE,
  kind: 'api',
  skus: {},
  settings: GenericSettings,

  async count(settings, period, http) {
    const { items, skus } = settings;
    const service = openDescribed(TITLE, settings, http);
    const days = { from: firstDay(period), to: lastDay(period) };
    const { clients, names } = await readClients(settings, service, days);
    const { rows, gaps } = await readItems(settings, service, days, clients);
    const unread = new Set(gaps.map(({ clientRef }) => clientRef));
    const known = clients.filter(({ ref }) => !unread.has(ref));
    refuseEmpty(service.title, 'item', rows);
    return {
      counts: tally({ title: service.title, items, skus, clients: known, names }, rows),
      asOf: null,
      gaps,
    };
  },

  destinations: destinationsOf,
});

interface Clients {
  readonly clients: readonly Account[];
  /** Of those too that "where" leaves out: a row may still name one. */
  readonly names: ReadonlyMap<string, string>;
}

async function readClients(
  { clients: list }: GenericSettings,
  service: Service,
  days: Placeholders,
): Promise<Clients> {
  if (!list) return { clients: [], names: new Map() };
  const rows = refuseEmpty(service.title, 'client', await readList(service, list, days));
  const names = new Map<string, string>();
  const clients = rows.flatMap((row): Account[] => {
    const [ref, name] = [textAt(row, list.client.id), textAt(row, list.client.name)];
    if (names.has(ref)) throw malformedAt(row.place, list.client.id, 'is the id of two clients');
    names.set(ref, name);
    return isWanted(row, list.where) ? [{ ref, name }] : [];
  });
  return { clients: refuseEmpty(service.title, 'client that is wanted', clients), names };
}

interface Items {
  readonly rows: readonly Item[];
  readonly gaps: readonly AccountGap[];
}

async function readItems(
  { items }: GenericSettings,
  service: Service,
  days: Placeholders,
  clients: readonly Account[],
): Promise<Items> {
  if (!asksByClient(items)) {
    const rows = await readList(service, items, days);
    return { rows: rows.map((row) => ({ row, asked: null })), gaps: [] };
  }
  if (clients.length > CLIENTS_MAX) {
    const words = `${service.title} lists ${String(clients.length)} clients; ${String(CLIENTS_MAX)} at most are asked one by one. Ask for all in one list.`;
    throw new AppError('SOURCE_MALFORMED', words);
  }
  const { read, gaps } = await readEach(clients, ({ ref }) =>
    readList(service, items, { ...days, clientId: ref }),
  );
  const rows = read.flatMap(({ account, content }) =>
    content.map((row) => ({ row, asked: account })),
  );
  return { rows, gaps };
}
