/**
 * The sheet's spellings to our clients and services, for pane, terminal and relay alike: code,
 * name, confirmed alias, then equal and unique keys. Never by similarity: what is not certain
 * stays open and blocks.
 */
import type { Client, ResolvedLine, Service, SheetLine, SheetReading } from '../core/model.ts';
import { buildNameIndex, type NameIndex } from './link.ts';
import { buildProductIndex } from './products.ts';

/** A sheet's spelling that a person confirmed, beside those the client or service carries itself. */
export interface SheetAlias {
  readonly kind: 'client' | 'service';
  readonly text: string;
  readonly id: string;
}

export function resolveReading(
  reading: SheetReading,
  clients: readonly Client[],
  services: readonly Service[],
  aliases: readonly SheetAlias[] = [],
): ResolvedLine[] {
  const clientIndex = buildNameIndex(clients.map((one) => withAliases(one, aliases, 'client')));
  const serviceIndex = buildProductIndex(
    services.map((one) => withAliases(one, aliases, 'service')),
  );
  return reading.lines.map((line) => ({
    ...line,
    clientId: resolveClient(line, clientIndex),
    serviceId: linked(serviceIndex, line.service),
  }));
}

/** A row that names two clients, one by code and one by name, names none. */
function resolveClient(line: SheetLine, index: NameIndex): string | null {
  const byName = linked(index, line.client);
  if (line.clientCode === null || line.clientCode.trim() === '') return byName;
  const byCode = linked(index, line.clientCode);
  if (byCode === null || byName === null) return byCode ?? byName;
  return byCode === byName ? byCode : null;
}

function linked(index: NameIndex, text: string): string | null {
  const link = index.link(text);
  return link.verdict === 'linked' ? link.id : null;
}

function withAliases<Entry extends { readonly id: string; readonly aliases: readonly string[] }>(
  entry: Entry,
  aliases: readonly SheetAlias[],
  kind: SheetAlias['kind'],
): Entry {
  const more = aliases.filter((alias) => alias.kind === kind && alias.id === entry.id);
  if (more.length === 0) return entry;
  return { ...entry, aliases: [...entry.aliases, ...more.map((alias) => alias.text)] };
}
