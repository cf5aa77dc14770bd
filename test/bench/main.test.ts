// What the bench borrows from the tests must load without Jest, or nothing is measured any more.
import { spawnSync } from 'node:child_process';

test('the program loads, and names the benches there are for one that is not', () => {
  const args = ['--no-warnings', 'bench/main.ts', 'nothing'];
  const { status, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  expect(stderr).toMatch(/^There is no bench "nothing"\. Known: .*\bposting\b/);
  expect(status).toBe(2);
});
