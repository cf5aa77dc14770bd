/** What strace saw of a relay that posts: what is on disk when a create leaves (R7). */
import { readFileSync } from 'node:fs';

export interface WireOrder {
  readonly creates: number;
  /** Creates with a sync of the log since the create before them. */
  readonly synced: number;
  /** Creates at whose leaving everything that was ever written to the log was synced. */
  readonly durable: number;
}

/** Calls that strace has to write down, with names of files (-y) and the begin of what is sent. */
export const straceLine = (strace: string, output: string): string[] => [
  strace, '-f', '-y', '-q', '-s', '100', '--seccomp-bpf', '-o', output,
  '-e', 'trace=fdatasync,fsync,pwrite64,write,writev,sendto,sendmsg', '-e', 'signal=none',
]; // prettier-ignore

const CREATE = /"POST \/[^ ]*\/invoices[ ?]/;
const LOG = /^\d+ +(\w+)\(\d+<[^>]*\/relay\.sqlite-wal>/;

export function readWireOrder(path: string): WireOrder {
  let [creates, synced, durable] = [0, 0, 0];
  let isSynced = false;
  let isClean = true;
  for (const line of readFileSync(path, 'latin1').split('\n')) {
    const call = LOG.exec(line)?.[1];
    if (call === 'pwrite64') isClean = false;
    if (call === 'fdatasync' || call === 'fsync') [isSynced, isClean] = [true, true];
    if (!CREATE.test(line)) continue;
    creates += 1;
    if (isSynced) synced += 1;
    if (isSynced && isClean) durable += 1;
    isSynced = false;
  }
  return { creates, synced, durable };
}
