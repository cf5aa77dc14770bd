/** The links of one source, by the vendor's own ids. */
import type { SourceId } from '../../core/model.ts';
import type { MappingTable } from '../store/schema-counts.ts';

export interface Links {
  readonly clients: ReadonlyMap<string, MappingTable>;
  readonly services: ReadonlyMap<string, MappingTable>;
}

export function linksOf(rows: readonly MappingTable[], source: SourceId): Links {
  const own = rows.filter((row) => row.source === source);
  const of = (kind: string): Map<string, MappingTable> =>
    new Map(own.filter((row) => row.kind === kind).map((row) => [row.ref, row]));
  return { clients: of('client'), services: of('service') };
}
