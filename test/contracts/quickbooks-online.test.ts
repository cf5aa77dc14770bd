/** Intuit publishes its fields as XSD alone (trust A): every name on the wire is one of theirs. */
import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from '@jest/globals';
import { startSim } from '../../src/sim/start-sim.ts';
import { describeShared, shared } from './shared.ts';
import { quickbooksOnline } from './systems/quickbooks-online.ts';

/** Of JSON alone: a reference's text, and the frame of a list. */
const JSON_ONLY = ['value', 'Error', 'QueryResponse'];

describeShared('QuickBooks Online, against the names of its XSD', () => {
  it('sends and is answered with known names only', async () => {
    const names = new Set([...JSON_ONLY, ...publishedNames()]);
    expect(names.size).toBeGreaterThan(900);
    const sim = await startSim({ options: { recordExchanges: true } });
    await quickbooksOnline.run(sim);
    const exchanges = sim.standIns.exchanges().filter(({ path }) => path.startsWith('/v3/'));
    await sim.close();
    const used = exchanges.flatMap(({ requestBody, answer }) => [
      ...namesIn(requestBody),
      ...namesIn(answer),
    ]);
    expect(new Set(used).size).toBeGreaterThan(50);
    expect([...new Set(used)].filter((name) => !names.has(name))).toEqual([]);
  }, 120_000);
});

function publishedNames(): string[] {
  const folder = shared('contracts', 'quickbooks-online', 'xsd');
  return readdirSync(folder).flatMap((file) => {
    const text = readFileSync(`${folder}/${file}`, 'utf8');
    return [...text.matchAll(/<xs:(?:element|attribute)\s[^>]*name="(\w+)"/g)].map(
      ([, name = '']) => name,
    );
  });
}

function namesIn(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(namesIn);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, field]) => [name, ...namesIn(field)]);
}
