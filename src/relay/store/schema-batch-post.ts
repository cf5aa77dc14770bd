/** The presses of Post, first or after a pause; with them a batch of nothing but doubt can be paused. */
import type { Migration } from './migration.ts';

/** Who has pressed Post for a batch, first or after a pause, and under which key. */
export interface BatchPostTable {
  readonly batch: string;
  readonly key: string;
  readonly person: string;
  readonly at: string;
}

export interface BatchPostSchema {
  batch_post: BatchPostTable;
}

export const batchPostMigrations: readonly Migration[] = [
  {
    id: 'posting-3',
    statements: [
      "insert or ignore into batch_move values ('COMPLETED_WITH_DOUBT', 'PAUSED')",
      `create table batch_post (batch text not null references batch (id), key text not null,
        person text not null, at text not null, primary key (batch, key))`,
      `insert into batch_post select b.id, b.post_key, b.posted_by, t.at from batch b
        join batch_transition t on t.seq = (select min(seq) from batch_transition
          where batch = b.id and to_state = 'POSTING') where b.post_key is not null`,
      // The keys of earlier posts were not kept; who pressed them was.
      `insert into batch_post select batch, 'transition ' || seq, actor, at from batch_transition
        where to_state = 'POSTING' and from_state in ('APPROVED', 'PAUSED')`,
      // From here on a doubt that outlives a "give up" is one that nobody could look up.
      "update posting set uncertain_since = null where state = 'CANCELLED'",
      'alter table batch drop column post_key',
      'alter table batch drop column posted_by',
      `create trigger batch_post_is_not_edited before update on batch_post
        begin select raise(abort, 'batch_post is append-only'); end`,
      `create trigger batch_post_is_not_deleted before delete on batch_post
        begin select raise(abort, 'batch_post is append-only'); end`,
    ],
  },
];
