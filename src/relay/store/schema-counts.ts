/** Tables of the relay itself and of counts/: only text and integer columns, so that PostgreSQL fits. */
import type { Generated } from 'kysely';
import type { Migration } from './migration.ts';

/** Small facts: which company is connected, since when. */
export interface FactTable {
  readonly key: string;
  readonly value: string;
}

/** A token is kept as its hash only. */
export interface TokenTable {
  readonly hash: string;
  readonly person: string;
  readonly created_at: string;
  readonly used_at: string;
}

/** A customer of the books as first seen; `id` never changes, `version` counts what did. */
export interface ClientTable {
  readonly id: string;
  readonly customer_id: string;
  readonly code: string | null;
  readonly name: string;
  readonly fingerprint: string;
  readonly currency: string;
  readonly active: number;
  readonly version: number;
  readonly first_seen_at: string;
  readonly changed_at: string;
}

export interface ItemTable {
  readonly id: string;
  readonly name: string;
  readonly active: number;
}

export interface MappingTable {
  readonly source: string;
  readonly kind: string;
  readonly ref: string;
  readonly name: string;
  readonly target: string | null;
  readonly state: string;
  readonly version: number;
  readonly person: string | null;
  readonly at: string | null;
  /** The rule of an account in state "split", as JSON; else null. */
  readonly split: string | null;
}

/** Per source and month: the last good answer and what the newest try said. */
export interface SyncTable {
  readonly source: string;
  readonly period: string;
  /** When an answer was taken over last, whole or with gaps. */
  readonly good_at: string | null;
  readonly as_of: string | null;
  /** The vendor's counts as JSON; null until the first good answer. */
  readonly counts: string | null;
  readonly tried_at: string;
  readonly error: string | null;
  /** Accounts that the last answer could not say, as JSON; null when it was whole. */
  readonly gaps: string | null;
  /** The file the counts are from, as JSON; null where none was read. */
  readonly file: string | null;
}

export interface SnapshotTable {
  readonly seq: Generated<number>;
  readonly id: string;
  readonly period: string;
  readonly published_at: string;
  readonly content: string;
}

export interface CountsSchema {
  fact: FactTable;
  token: TokenTable;
  client: ClientTable;
  item: ItemTable;
  mapping: MappingTable;
  sync: SyncTable;
  snapshot: SnapshotTable;
}

export const countsMigrations: readonly Migration[] = [
  {
    id: 'counts-1',
    statements: [
      'create table fact (key text primary key, value text not null)',
      `create table token (hash text primary key, person text not null, created_at text not null,
        used_at text not null)`,
      `create table client (id text primary key, customer_id text not null unique, code text,
        name text not null, fingerprint text not null, currency text not null,
        active integer not null, version integer not null, first_seen_at text not null,
        changed_at text not null)`,
      'create table item (id text primary key, name text not null, active integer not null)',
      `create table mapping (source text not null, kind text not null, ref text not null,
        name text not null, target text, state text not null, version integer not null,
        person text, at text, primary key (source, kind, ref))`,
      `create table sync (source text not null, period text not null, good_at text, as_of text,
        counts text, tried_at text not null, error text, primary key (source, period))`,
      `create table snapshot (seq integer primary key, id text not null unique,
        period text not null, published_at text not null, content text not null)`,
      'create index snapshot_of_period on snapshot (period, seq)',
      `create trigger snapshot_never_changes before update on snapshot
        begin select raise(abort, 'a published snapshot never changes'); end`,
    ],
  },
  { id: 'counts-gaps', statements: ['alter table sync add column gaps text'] },
  { id: 'counts-split', statements: ['alter table mapping add column split text'] },
  { id: 'counts-file', statements: ['alter table sync add column file text'] },
];
