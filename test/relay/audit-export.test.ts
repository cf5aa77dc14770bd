// What a month's export writes into its tables: amounts are numbers, texts are never formulas.
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, it } from '@jest/globals';
import { exportPeriod } from '../../src/relay/audit/export.ts';
import { makeFolder } from './fixture.ts';
import { draftOf, invoiceOf, startEngine } from './posting/fake-ports.ts';
import { closeWorlds, makeWorld, posted } from './posting/world.ts';

afterEach(closeWorlds);

it('writes a credit as a number and a text that looks like a formula as a text', async () => {
  const world = await makeWorld({ clients: 1 });
  const running = await startEngine(world);
  const texts = ['=1+1', '-50 off', '-50.00', '@SUM(A1)'];
  const invoice = invoiceOf('c1', [
    { quantity: '10', price: '22' },
    ...texts.map(() => ({ quantity: '-2', price: '12.5', kind: 'credit' as const })),
  ]);
  const lines = invoice.lines.map((line, index) => ({ ...line, description: texts[index - 1] ?? 'Workstations' })); // prettier-ignore
  await posted(running, draftOf([{ ...invoice, lines }]));
  const folder = makeFolder();
  await exportPeriod(world.store, '2026-10' as never, join(folder, 'october'));
  const written = readFileSync(join(folder, 'october', 'lines.csv'), 'utf8')
    .trim()
    .split('\n');
  rmSync(folder, { recursive: true, force: true });
  expect(written.slice(1).map((line) => line.split(',').slice(6).join(','))).toEqual([
    `"'=1+1",-2,12.5,-25.00`,
    `"'-50 off",-2,12.5,-25.00`,
    '-50.00,-2,12.5,-25.00',
    `"'@SUM(A1)",-2,12.5,-25.00`,
    'Workstations,10,22,220.00',
  ]);
});
