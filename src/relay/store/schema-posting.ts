/**
 * Tables of posting/. Every change of a state is a row in a transition table; inserting that row
 * is the only way to move the state column, and triggers refuse any other (posting-safety 2.2).
 */
import type { Generated } from 'kysely';
import { BATCH_MOVES, POSTING_MOVES } from '../posting/states.ts';
import type { Migration } from './migration.ts';

/** One row per books connection: who works on it, which company it is, and whether it is parked. */
export interface PostingConnectionTable {
  readonly connection: string;
  readonly fence: number;
  readonly holder: string;
  readonly company_id: string | null;
  readonly company_name: string | null;
  /** Why nothing may be sent; null while all is well. */
  readonly parked: string | null;
  /** company: lifted when the pinned company answers again. caps: lifted by a person only. */
  readonly park_kind: string | null;
  /** Who did what parked it; "relay" where it did so by itself. */
  readonly parked_by: string | null;
  /** The recovery under way (F12): nothing is sent before it has ended. */
  readonly recovery: number | null;
}

export interface BatchTable {
  readonly id: string;
  readonly connection: string;
  readonly period: string;
  readonly series: string;
  readonly digest: string;
  readonly snapshot_id: string | null;
  /** The draft as it was sent, and the invoices made of it: JSON, never changed. */
  readonly draft: string;
  readonly invoices: string;
  readonly totals: string;
  readonly prepared_by: string;
  readonly prepared_at: string;
  readonly client_key: string;
  readonly body_digest: string;
  readonly policy_version: string;
  readonly state: string;
  readonly transition: number;
  readonly version: number;
  readonly approved_by: string | null;
  readonly approved_at: string | null;
  readonly expires_at: string | null;
  readonly single_operator: number;
  readonly reason: string;
}

export interface PostingTable {
  readonly key: string;
  readonly batch: string;
  readonly position: number;
  readonly connection: string;
  readonly client_id: string;
  readonly client_name: string;
  readonly customer_id: string;
  readonly fingerprint: string;
  readonly period: string;
  readonly series: string;
  readonly revision: number;
  readonly ref: string;
  readonly marker: string;
  readonly digest: string;
  readonly content: string;
  readonly state: string;
  readonly transition: number;
  readonly epoch: number;
  readonly provider_key: string;
  readonly request_hash: string | null;
  readonly sent_at: string | null;
  /** Failed tries since the last progress; bounds the back-off. */
  readonly attempts: number;
  readonly next_at: string | null;
  readonly reason: string;
  /** Kind of a block, for what may be done about it: "approval lapsed", "customer inactive". */
  readonly block: string | null;
  readonly uncertain_since: string | null;
  /** From when doubt is shown to a person, and from when the person may decide. */
  readonly person_from: string | null;
  readonly decide_from: string | null;
  readonly lookups: number;
  readonly last_lookup_at: string | null;
  readonly invoice_id: string | null;
  readonly adopted: number;
}

interface TransitionTable {
  readonly seq: Generated<number>;
  readonly from_state: string;
  readonly to_state: string;
  readonly fence: number;
  readonly actor: string;
  readonly at: string;
  readonly reason: string;
  readonly request_id: string;
}
export interface PostingTransitionTable extends TransitionTable {
  readonly posting: string;
}
export interface BatchTransitionTable extends TransitionTable {
  readonly batch: string;
}

export interface EvidenceTable {
  readonly seq: Generated<number>;
  readonly posting: string;
  readonly epoch: number;
  readonly at: string;
  readonly kind: string;
  readonly words: string;
}

export interface RefTable {
  readonly connection: string;
  readonly period: string;
  readonly last: number;
}

export interface SpotCheckTable {
  readonly id: string;
  readonly batch: string;
  readonly seed: number;
  readonly drawn_at: string;
  readonly content: string;
}

export interface SpotVerdictTable {
  readonly seq: Generated<number>;
  readonly spot_check: string;
  readonly posting: string;
  readonly verdict: string;
  readonly person: string;
  readonly at: string;
}

/** What a sweep of the books has seen; the newest says how things stand (posting-safety 1.7). */
export interface SweepTable {
  readonly seq: Generated<number>;
  readonly connection: string;
  readonly at: string;
  readonly from_day: string;
  readonly to_day: string;
  readonly compared: number;
  /** Why it could not be made; null when it was. */
  readonly failed: string | null;
  /** JSON. */
  readonly findings: string;
}

/** A client that gets no invoice for a month, because a person said so. */
export interface ClosureTable {
  readonly connection: string;
  readonly period: string;
  readonly client_id: string;
  readonly person: string;
  readonly at: string;
  readonly reason: string;
}

/** A mark of another relay in these books that a person knows of (F34). */
export interface KnownMarkTable {
  readonly connection: string;
  readonly marker: string;
  readonly person: string;
  readonly at: string;
  readonly reason: string;
}

export interface PostingSchema {
  sweep: SweepTable;
  closure: ClosureTable;
  known_mark: KnownMarkTable;
  posting_connection: PostingConnectionTable;
  batch: BatchTable;
  batch_transition: BatchTransitionTable;
  posting: PostingTable;
  posting_transition: PostingTransitionTable;
  posting_evidence: EvidenceTable;
  posting_ref: RefTable;
  spot_check: SpotCheckTable;
  spot_verdict: SpotVerdictTable;
}

const TRANSITION_COLUMNS = `seq integer primary key autoincrement, from_state text not null,
  to_state text not null, fence integer not null, actor text not null, at text not null,
  reason text not null, request_id text not null`;

const SEALED_OF_BATCH = `id, connection, period, series, digest, snapshot_id, draft, invoices, totals,
  prepared_by, prepared_at, client_key, body_digest, policy_version`;
const SEALED_OF_POSTING = `key, batch, position, connection, client_id, client_name, customer_id,
  fingerprint, period, series, revision, ref, marker, digest, content`;

const moves = (table: string, all: Readonly<Record<string, readonly string[]>>): string[] => [
  `create table ${table}_move (from_state text not null, to_state text not null,
    primary key (from_state, to_state))`,
  ...Object.entries(all).flatMap(([from, targets]) =>
    targets.map((to) => `insert into ${table}_move values ('${from}', '${to}')`),
  ),
];

/** `id` is the table's key column; `first` the only state a row may be born in. */
const guards = (table: string, id: string, first: string): string[] => [
  `create trigger ${table}_is_born_${first.toLowerCase()} before insert on ${table}
    when new.state <> '${first}' or new.transition <> 0
    begin select raise(abort, 'a ${table} begins as ${first}'); end`,
  `create trigger ${table}_transition_is_lawful before insert on ${table}_transition begin
    select raise(abort, '${table}: no such transition') where not exists (select 1
      from ${table}_move m where m.from_state = new.from_state and m.to_state = new.to_state);
    select raise(abort, '${table}: the state has moved on')
      where (select state from ${table} where ${id} = new.${table}) is not new.from_state;
    select raise(abort, '${table}: the fence is old') where new.fence < (select c.fence
      from posting_connection c join ${table} t on t.connection = c.connection
      where t.${id} = new.${table}); end`,
  `create trigger ${table}_transition_moves after insert on ${table}_transition begin
    update ${table} set state = new.to_state, transition = new.seq where ${id} = new.${table}; end`,
  `create trigger ${table}_state_is_guarded before update of state, transition on ${table} begin
    select raise(abort, '${table}: a state moves by its transition only') where not exists (
      select 1 from ${table}_transition t where t.seq = new.transition and t.${table} = new.${id}
      and t.seq > old.transition and t.from_state = old.state and t.to_state = new.state); end`,
  `create trigger ${table}_is_not_deleted before delete on ${table}
    begin select raise(abort, 'a ${table} is never deleted'); end`,
  ...appendOnly(`${table}_transition`),
];

const appendOnly = (table: string): string[] => [
  `create trigger ${table}_is_not_edited before update on ${table}
    begin select raise(abort, '${table} is append-only'); end`,
  `create trigger ${table}_is_not_deleted before delete on ${table}
    begin select raise(abort, '${table} is append-only'); end`,
];

const sealed = (table: string, columns: string): string =>
  `create trigger ${table}_content_is_sealed before update of ${columns} on ${table}
    begin select raise(abort, 'the content of a ${table} never changes'); end`;

/** States in which a posting of a client, month and series leaves room for no other, for ever. */
const ALIVE = "state not in ('CANCELLED', 'SUPERSEDED')";

export const postingMigrations: readonly Migration[] = [
  {
    id: 'posting-1',
    statements: [
      `create table posting_connection (connection text primary key, fence integer not null,
        holder text not null, company_id text, company_name text, parked text)`,
      `create trigger posting_fence_only_grows before update of fence on posting_connection
        when new.fence < old.fence begin select raise(abort, 'a fence only grows'); end`,
      `create table batch (id text primary key, connection text not null, period text not null,
        series text not null, digest text not null, snapshot_id text, draft text not null,
        invoices text not null, totals text not null, prepared_by text not null,
        prepared_at text not null, client_key text not null unique, body_digest text not null,
        policy_version text not null, state text not null, transition integer not null,
        version integer not null, approved_by text, approved_at text, expires_at text,
        single_operator integer not null, post_key text, posted_by text, reason text not null)`,
      'create index batch_of_period on batch (connection, period)',
      `create table batch_transition (${TRANSITION_COLUMNS}, batch text not null references batch (id))`,
      `create table posting (key text primary key, batch text not null references batch (id),
        position integer not null, connection text not null, client_id text not null,
        client_name text not null, customer_id text not null, fingerprint text not null,
        period text not null, series text not null, revision integer not null, ref text not null,
        marker text not null, digest text not null, content text not null, state text not null,
        transition integer not null, epoch integer not null, provider_key text not null,
        request_hash text, sent_at text, attempts integer not null, next_at text,
        reason text not null, block text, uncertain_since text, person_from text, decide_from text,
        lookups integer not null, last_lookup_at text, invoice_id text, adopted integer not null,
        unique (connection, ref), unique (connection, client_id, period, series, revision))`,
      `create unique index posting_one_per_client on posting
        (connection, client_id, period, series) where ${ALIVE}`,
      `create unique index posting_one_per_customer on posting
        (connection, customer_id, period, series) where ${ALIVE}`,
      `create unique index posting_invoice_of_one on posting
        (connection, json_extract(content, '$.document'), invoice_id)
        where invoice_id is not null`,
      'create index posting_of_batch on posting (batch, position)',
      'create index posting_of_state on posting (connection, state)',
      `create table posting_transition (${TRANSITION_COLUMNS},
        posting text not null references posting (key))`,
      'create index posting_transition_of_posting on posting_transition (posting, seq)',
      `create table posting_evidence (seq integer primary key autoincrement, posting text not null
        references posting (key), epoch integer not null, at text not null, kind text not null,
        words text not null)`,
      'create index posting_evidence_of_posting on posting_evidence (posting, seq)',
      `create table posting_ref (connection text not null, period text not null,
        last integer not null, primary key (connection, period))`,
      `create table spot_check (id text primary key, batch text not null references batch (id),
        seed integer not null, drawn_at text not null, content text not null)`,
      `create table spot_verdict (seq integer primary key autoincrement, spot_check text not null
        references spot_check (id), posting text not null, verdict text not null,
        person text not null, at text not null)`,
      ...moves('batch', BATCH_MOVES),
      ...moves('posting', POSTING_MOVES),
      ...guards('batch', 'id', 'DRAFT'),
      ...guards('posting', 'key', 'PLANNED'),
      sealed('batch', SEALED_OF_BATCH),
      sealed('posting', SEALED_OF_POSTING),
      ...appendOnly('posting_evidence'),
      ...appendOnly('spot_check'),
      ...appendOnly('spot_verdict'),
    ],
  },
  {
    id: 'posting-2',
    statements: [
      `create table sweep (seq integer primary key autoincrement, connection text not null,
        at text not null, from_day text not null, to_day text not null, compared integer not null,
        failed text, findings text not null)`,
      'create index sweep_of_connection on sweep (connection, seq)',
      `create table closure (connection text not null, period text not null,
        client_id text not null, person text not null, at text not null, reason text not null,
        primary key (connection, period, client_id))`,
      `create table known_mark (connection text not null, marker text not null,
        person text not null, at text not null, reason text not null,
        primary key (connection, marker))`,
      'create index posting_of_marker on posting (connection, marker)',
      "insert or ignore into batch_move values ('SUBMITTED', 'CANCELLED')",
      ...appendOnly('sweep'),
      ...appendOnly('known_mark'),
    ],
  },
];
