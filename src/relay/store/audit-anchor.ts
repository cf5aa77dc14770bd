/**
 * The head of the audit chain outside the database, signed with a key outside of it too. A
 * database put back from a backup, or rewritten whole, no longer fits its anchor (F12).
 */
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import * as z from 'zod';
import { auditHead, verifyAudit, type AuditHead, type AuditVerdict } from './audit.ts';
import { onCommit, type Store } from './database.ts';

const Anchor = z.strictObject({ seq: z.int(), hash: z.string(), mac: z.string() });

export interface AuditAnchor {
  /** `isOlder`: the chain holds, and only ends before or beside the head that was anchored. */
  verify(): Promise<AuditVerdict & { readonly isOlder: boolean }>;
  /** From now on what is added to the trail moves the anchor, a moment later. */
  follow(): Promise<void>;
  /** Writes what is due; nothing is written after it. */
  stop(): Promise<void>;
}

/** A file a commit would cost more than the commit; this is how much of a restore goes unseen. */
const DELAY_MS = 250;
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

export function openAnchor(store: Store, directory: string): AuditAnchor {
  const path = anchorPath(directory);
  const key = provideKey(directory);
  let written = -1;
  // In recovery mode the anchor stays as it is: it is the evidence.
  let isFollowing = false;
  let timer: NodeJS.Timeout | null = null;
  let writing = Promise.resolve();

  const write = async (): Promise<void> => {
    const head = (await auditHead(store)) ?? EMPTY;
    if (head.seq <= written) return;
    written = head.seq;
    const text = JSON.stringify({ ...head, mac: macOf(head, key) });
    // Renaming replaces the file whole; a cut between leaves the older anchor, which still fits.
    writeFileSync(`${path}.new`, text, { mode: 0o600 });
    renameSync(`${path}.new`, path);
  };

  return {
    async verify() {
      const anchor = readSigned(path, key);
      if (anchor.trouble !== null) return broken(anchor.trouble);
      // A first start has neither; entries without their anchor are a reason to look.
      if (!anchor.head && (await auditHead(store))) {
        return broken('The anchor of the audit trail is gone.');
      }
      const verdict = await verifyAudit(store, anchor.head);
      const isOlder = !verdict.verified && (await verifyAudit(store, null)).verified;
      return { ...verdict, isOlder };
    },
    async follow() {
      isFollowing = true;
      written = -1;
      await write();
      onCommit(store, () => {
        timer ??= setTimeout(() => {
          timer = null;
          writing = writing.then(write);
        }, DELAY_MS).unref();
      });
    },
    async stop() {
      onCommit(store, () => undefined);
      if (timer) clearTimeout(timer);
      if (isFollowing) await writing.then(write);
      isFollowing = false;
    },
  };
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
