import { spawn, type ChildProcess } from 'node:child_process';
import { chmodSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { openAnchor } from '../../src/relay/store/audit-anchor.ts';
import { openStore } from '../../src/relay/store/database.ts';
import { makeFolder, plainConfig } from './fixture.ts';

let folder: string;
let children: ChildProcess[];
beforeEach(() => {
  folder = makeFolder();
  children = [];
});
afterEach(() => {
  for (const child of children) child.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

/** Starts the program on the same data folder and port and resolves when it is ready. */
async function start(port: number): Promise<{ child: ChildProcess; port: number; code: string }> {
  const config = join(folder, 'relay.json');
  writeFileSync(config, JSON.stringify(plainConfig()));
  chmodSync(config, 0o600);
  const args = [
    'src/relay/main.ts',
    '--config',
    config,
    '--data',
    join(folder, 'data'),
    '--port',
    String(port),
  ];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  children.push(child);
  const line = await new Promise<string>((resolve, reject) => {
    child.stdout.once('data', (bytes: Buffer) => resolve(bytes.toString()));
    child.once('exit', (code) => reject(new Error(`ended with ${String(code)}`)));
  });
  const { url, code } = JSON.parse(line) as { url: string; code: string };
  return { child, port: Number(new URL(url).port), code };
}

it('starts again after kill -9, on its port and folder, with a new code and a whole trail', async () => {
  const first = await start(0);
  const clock = () =>
    (JSON.parse(readFileSync(join(folder, 'data', 'clock.json'), 'utf8')) as { now: string }).now;
  const before = clock();
  first.child.kill('SIGKILL');
  await new Promise((resolve) => first.child.once('exit', resolve));
  const second = await start(first.port);
  expect(second.port).toBe(first.port);
  expect(second.code).not.toBe(first.code);
  expect(clock() >= before).toBe(true);
  second.child.kill('SIGTERM');
  expect(await new Promise((resolve) => second.child.once('exit', resolve))).toBe(0);
  const store = await openStore(join(folder, 'data'));
  expect(await openAnchor(store, join(folder, 'data')).verify()).toMatchObject({
    verified: true,
    reason: null,
  });
  await store.destroy();
}, 30_000);

it('refuses a second relay on the same folder while the first one runs', async () => {
  const first = await start(0);
  await expect(start(0)).rejects.toThrow('ended with 2');
  first.child.kill('SIGTERM');
  await new Promise((resolve) => first.child.once('exit', resolve));
}, 30_000);
