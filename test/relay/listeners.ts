/** Where a process listens, from the kernel's own tables (Linux only). */
import { readFileSync, readdirSync, readlinkSync } from 'node:fs';
import { test } from '@jest/globals';

export const onLinux = process.platform === 'linux' ? test : test.skip;
if (process.platform !== 'linux') {
  console.warn('Skipped: where the processes listen is read from /proc, which only Linux has.');
}

/** Every listening TCP socket of a process. */
export function listenersOf(pid: number): { address: string; port: number }[] {
  const folder = `/proc/${String(pid)}/fd`;
  const inodes = new Set(
    readdirSync(folder).flatMap((name) => /^socket:\[(\d+)\]$/.exec(targetOf(`${folder}/${name}`))?.[1] ?? []), // prettier-ignore
  );
  return ['tcp', 'tcp6'].flatMap((table) =>
    readFileSync(`/proc/net/${table}`, 'utf8')
      .trim()
      .split('\n')
      .slice(1)
      .flatMap((line) => {
        const [, local = '', , state, , , , , , inode = ''] = line.trim().split(/\s+/);
        if (state !== LISTENING || !inodes.has(inode)) return [];
        const [address = '', port = ''] = local.split(':');
        return [{ address: LOOPBACK[address] ?? address, port: parseInt(port, 16) }];
      }),
  );
}

const LISTENING = '0A';
const LOOPBACK: Readonly<Record<string, string>> = {
  '0100007F': '127.0.0.1',
  '00000000000000000000000001000000': '::1',
};

/** Empty for what was closed since the folder was listed. */
function targetOf(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return '';
  }
}
