/** The audit trail: append-only by trigger, chained by hash. */
import type { Migration } from './migration.ts';

export interface AuditTable {
  readonly seq: number;
  readonly ts: string;
  readonly person: string;
  readonly action: string;
  readonly object: string;
  readonly words: string;
  readonly period: string | null;
  /** JSON: what was sealed, by digest. */
  readonly digests: string;
  readonly request_id: string;
  readonly prev: string;
  readonly hash: string;
}

export interface AuditSchema {
  audit: AuditTable;
}

export const auditMigrations: readonly Migration[] = [
  {
    id: 'audit-1',
    statements: [
      `create table audit (seq integer primary key, ts text not null, person text not null,
        action text not null, object text not null, words text not null, period text,
        digests text not null, request_id text not null, prev text not null unique,
        hash text not null unique)`,
      `create trigger audit_is_not_edited before update on audit
        begin select raise(abort, 'the audit trail is append-only'); end`,
      `create trigger audit_is_not_deleted before delete on audit
        begin select raise(abort, 'the audit trail is append-only'); end`,
    ],
  },
  { id: 'audit-2', statements: ['create index audit_of_object on audit (object, action)'] },
];
