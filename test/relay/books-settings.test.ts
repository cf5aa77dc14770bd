/** docs/books.md names every setting of every set of books, and its examples are accepted. */
import { generateKeyPairSync } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { expect, it } from '@jest/globals';
import type { z } from 'zod';
import { Settings as conductor } from '../../src/relay/accounting/conductor.ts';
import { Settings as netsuite } from '../../src/relay/accounting/netsuite-service.ts';
import { Settings as quickbooksOnline } from '../../src/relay/accounting/quickbooks-online-service.ts';
import * as registry from '../../src/relay/accounting/registry.ts';
import { Settings as sageAccounting } from '../../src/relay/accounting/sage-accounting-service.ts';
import { Settings as sageIntacct } from '../../src/relay/accounting/sage-intacct-service.ts';
import { Settings as xero } from '../../src/relay/accounting/xero-service.ts';
import { resolveSecrets } from '../../src/relay/config-secrets.ts';

const SETTINGS = { conductor, netsuite, quickbooksOnline, sageAccounting, sageIntacct, xero };
const OWN_PAGE = ['file-export', 'generic-json-poster'];
const page = readFileSync('docs/books.md', 'utf8');
const systems = Object.entries(registry).filter(([, { id }]) => !OWN_PAGE.includes(id));

/** From the heading of a system to the next one. */
const partOf = (id: string): string =>
  page.split(/^## /m).find((part) => part.split('\n')[0]?.endsWith(`\`${id}\``)) ?? '';

/** "| `country` | no | …" */
const namedIn = (part: string): readonly string[] =>
  [...part.matchAll(/^\| `(\w+)` +\| (yes|no) /gm)].map(([, name, must]) => `${name} ${must}`);

it('knows the settings of every set of books', () => {
  expect(systems.map(([name]) => name).sort()).toEqual(Object.keys(SETTINGS).sort());
  for (const id of OWN_PAGE) expect(page).toContain(`(${id}.md)`);
});

it.each(systems)('names every setting of %s, and whether it must be given', (name, { id }) => {
  const shape: Readonly<Record<string, z.ZodType>> = SETTINGS[name as keyof typeof SETTINGS].shape;
  const wanted = Object.entries(shape).map(
    ([key, field]) => `${key} ${field.safeParse(undefined).success ? 'no' : 'yes'}`,
  );
  expect([...namedIn(partOf(id))].sort()).toEqual(wanted.sort());
});

it.each(systems)(
  'shows settings of %s that are accepted, without a plain secret',
  (_name, system) => {
    const text = /```json\n(.*?)```/s.exec(partOf(system.id))?.[1] ?? '';
    const { adapter, settings } = JSON.parse(text) as { adapter: string; settings: object };
    expect(adapter).toBe(system.id);
    const config = {
      profile: 'local' as const,
      connections: [],
      books: { settings: { ...settings } },
    };
    expect(resolveSecrets(config, {}).plain).toEqual([]);
    expect(() => system.parseSettings(withSecrets(settings))).not.toThrow();
  },
);

function withSecrets(settings: object): object {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' });
  const given = (name: string): unknown => (name === 'privateKey' ? pem : 'canary');
  return Object.fromEntries(
    Object.entries(settings).map(([name, value]) => [
      name,
      typeof value === 'object' ? given(name) : (value as unknown),
    ]),
  );
}
