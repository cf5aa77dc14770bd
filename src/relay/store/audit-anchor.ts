/**
 * The head of the audit chain outside the database, signed with a key outside of it too. A
 * database put back from a backup, or rewritten whole, no longer fits its anchor (F12).
 */
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import * as z from 'zod';
import { auditHead, verifyAudit, type AuditVerdict } from './audit.ts';
import { headTrouble, knowHead, writtenHead, type AuditHead } from './audit-head.ts';
import { onCommit, type Store } from './database.ts';

const Anchor = z.strictObject({ seq: z.int(), hash: z.string(), mac: z.string() });

export interface AuditAnchor {
  /** `isOlder`: the chain is whole, and ends before the entry that was anchored. */
  verify(): Promise<AuditVerdict & { readonly isOlder: boolean }>;
  /** From now on what is added to the trail moves the anchor, a moment later. */
  follow(): Promise<void>;
  /** Why the anchor does not move, in words: it cannot be written, or the trail was cut. */
  trouble(): string | null;
  /** Writes what is due; nothing is written after it. */
  stop(): Promise<void>;
}

/** A file a commit would cost more than the commit; this is how much of a restore goes unseen. */
const DELAY_MS = 250;
/** After a write that failed it is tried again, also where no entry follows. */
const RETRY_MS = 5_000;
/** Written at the first start, so that a missing anchor is always a finding. */
const EMPTY: AuditHead = { seq: 0, hash: '' };

const anchorPath = (directory: string): string => join(directory, 'audit.anchor');
const keyPath = (directory: string): string => join(directory, 'keys', 'audit.key');

/** What a data folder's anchor says, for whoever looks at it without being its relay. */
export function readAnchor(directory: string): AnchorReading {
  if (!existsSync(keyPath(directory)))
    return { head: null, trouble: 'The key of the audit trail is gone.' };
  return readSigned(anchorPath(directory), readKey(directory));
}

/** `heard` is told when the anchor cannot be written, and with null when it can again. */
export function openAnchor(
  store: Store,
  directory: string,
  heard: (trouble: string | null, cause?: unknown) => void = () => undefined,
): AuditAnchor {
  const path = anchorPath(directory);
  const key = provideKey(directory);
  let anchored: AuditHead | null = null;
  // In recovery mode the anchor stays as it is: it is the evidence.
  let isFollowing = false;
  let trouble: string | null = null;
  let due: NodeJS.Timeout | undefined;
  let retry: NodeJS.Timeout | undefined;
  let writing = Promise.resolve();

  const write = async (): Promise<void> => {
    clearTimeout(retry);
    try {
      const head = writtenHead(store) ?? (await auditHead(store)) ?? EMPTY;
      knowHead(store, head);
      // The anchor of what is no longer there is the evidence, and stays.
      const cut = await headTrouble(store, anchored);
      if (cut === null && head.seq > (anchored?.seq ?? -1)) {
        replaceFile(path, { ...head, mac: macOf(head, key) });
        anchored = head;
      }
      const words = cut ?? (await headTrouble(store, head));
      if (trouble !== words) heard(words);
      trouble = words;
    } catch (cause) {
      const words = troubleWords(cause);
      if (trouble !== words) heard(words, cause);
      trouble = words;
      if (isFollowing) retry = setTimeout(() => void writeInTurn(), RETRY_MS).unref();
    }
  };
  const writeInTurn = (): Promise<void> => (writing = writing.then(write));

  return {
    async verify() {
      const anchor = readSigned(path, key);
      if (anchor.trouble !== null) return broken(anchor.trouble);
      const head = await auditHead(store);
      // A first start has neither; entries without their anchor are a reason to look.
      if (!anchor.head && head) return broken('The anchor of the audit trail is gone.');
      const verdict = await verifyAudit(store, anchor.head);
      const cut = await headTrouble(store, writtenHead(store));
      if (verdict.verified && cut !== null) return broken(cut);
      const endsBefore = anchor.head !== null && (head?.seq ?? 0) < anchor.head.seq;
      const isOlder = !verdict.verified && endsBefore && (await verifyAudit(store, null)).verified;
      return { ...verdict, isOlder };
    },
    async follow() {
      isFollowing = true;
      anchored = null;
      await writeInTurn();
      onCommit(store, () => {
        due ??= setTimeout(() => {
          due = undefined;
          void writeInTurn();
        }, DELAY_MS).unref();
      });
    },
    trouble: () => trouble,
    async stop() {
      const isDue = isFollowing;
      isFollowing = false;
      onCommit(store, () => undefined);
      clearTimeout(due);
      if (isDue) await writeInTurn();
    },
  };
}

/** Renaming replaces the file whole; a cut between leaves the older anchor, which still fits. */
function replaceFile(path: string, anchor: z.infer<typeof Anchor>): void {
  writeFileSync(`${path}.new`, JSON.stringify(anchor), { mode: 0o600 });
  renameSync(`${path}.new`, path);
}

function troubleWords(cause: unknown): string {
  const code = (cause as { readonly code?: string } | null)?.code ?? 'unknown';
  const words = `The anchor of the audit trail cannot be written (${code})`;
  return `${words}. Check the room and the rights of the data folder.`;
}

const broken = (reason: string) => ({ verified: false, reason, isOlder: false });

export interface AnchorReading {
  /** Null: nothing was ever anchored here, or it cannot be believed. */
  readonly head: AuditHead | null;
  readonly trouble: string | null;
}

function readSigned(path: string, key: Buffer): AnchorReading {
  if (!existsSync(path)) return { head: null, trouble: null };
  const parsed = Anchor.safeParse(parseOrNull(readFileSync(path, 'utf8')));
  if (!parsed.success)
    return { head: null, trouble: 'The anchor of the audit trail cannot be read.' };
  const { seq, hash, mac } = parsed.data;
  const expected = macOf({ seq, hash }, key);
  const fits =
    mac.length === expected.length && timingSafeEqual(Buffer.from(mac), Buffer.from(expected));
  return fits
    ? { head: { seq, hash }, trouble: null }
    : { head: null, trouble: 'The anchor of the audit trail was not written by this relay.' };
}

function parseOrNull(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

const macOf = ({ seq, hash }: AuditHead, key: Buffer): string =>
  createHmac('sha256', key)
    .update(`${String(seq)} ${hash}`)
    .digest('hex');

function provideKey(directory: string): Buffer {
  const path = keyPath(directory);
  if (!existsSync(path)) {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    writeFileSync(path, randomBytes(32).toString('hex'), { mode: 0o600, flag: 'wx' });
  }
  return readKey(directory);
}

const readKey = (directory: string): Buffer =>
  Buffer.from(readFileSync(keyPath(directory), 'utf8'), 'hex');
