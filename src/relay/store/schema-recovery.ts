/** Tables of the recovery from a restored database (F12), and what it adds to the connection. */
import type { Generated } from 'kysely';
import type { Migration } from './migration.ts';

/** From the start on an older database until everything was looked up, or a person ended it. */
export interface RecoveryTable {
  readonly id: Generated<number>;
  readonly connection: string;
  readonly since: string;
  readonly reason: string;
  /** 1: the trail itself does not hold, so looking is not enough and a person has to end it. */
  readonly needs_person: number;
  /** When the books were listed, and what they hold unknown to us was kept. */
  readonly listed_at: string | null;
  /** When everything was looked up and the sweep after it was through. */
  readonly done_at: string | null;
  /** Why the last step came to nothing; empty when it did. */
  readonly trouble: string;
  readonly ended_at: string | null;
  readonly ended_by: string | null;
}

/** One posting that has to be looked up, and what was seen. */
export interface RecoveryLookTable {
  readonly recovery: number;
  readonly posting: string;
  readonly looked_at: string | null;
  readonly words: string;
}

/** A document of ours that the books hold and this database forgot: its number stays its own. */
export interface ForgottenTable {
  readonly connection: string;
  readonly marker: string;
  readonly ref: string;
  readonly invoice_id: string;
  readonly found_at: string;
}

export interface RecoverySchema {
  recovery: RecoveryTable;
  recovery_look: RecoveryLookTable;
  forgotten: ForgottenTable;
}

export const recoveryMigrations: readonly Migration[] = [
  {
    id: 'recovery-1',
    statements: [
      `create table recovery (id integer primary key autoincrement, connection text not null,
        since text not null, reason text not null, needs_person integer not null,
        listed_at text, done_at text, trouble text not null, ended_at text, ended_by text)`,
      `create trigger recovery_is_not_deleted before delete on recovery
        begin select raise(abort, 'a recovery is never deleted'); end`,
      `create table recovery_look (recovery integer not null references recovery (id),
        posting text not null references posting (key), looked_at text, words text not null,
        primary key (recovery, posting))`,
      `create table forgotten (connection text not null, marker text not null, ref text not null,
        invoice_id text not null, found_at text not null, primary key (connection, marker))`,
      'alter table posting_connection add column recovery integer references recovery (id)',
      'alter table posting_connection add column park_kind text',
      'alter table posting_connection add column parked_by text',
      // Whatever was parked before was parked because another company answered.
      "update posting_connection set park_kind = 'company' where parked is not null",
    ],
  },
];
