// The configuration that the README points to is accepted as it stands.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { parseConfig } from '../../src/relay/config.ts';
import { openConnections } from '../../src/relay/connections.ts';
import { GenericSettings } from '../../src/relay/sources/generic-http-settings.ts';
import { posterSettings } from './books/generic-json-poster.ts';
import { startTestRelay } from './fixture.ts';

const SECRETS = {
  NINJAONE_CLIENT_ID: 'an-id',
  NINJAONE_CLIENT_SECRET: 'a-secret-of-some-length',
  CONDUCTOR_API_KEY: 'sk_conductor_example',
  CONDUCTOR_END_USER_ID: 'end_usr_example',
};

test('the example configuration starts a relay once its secrets are in the environment', () => {
  const example: unknown = JSON.parse(readFileSync('docs/relay.example.json', 'utf8'));
  const { config, warnings } = parseConfig(example, SECRETS);
  expect(warnings).toEqual([]);
  const { sources, books } = openConnections(config);
  expect(sources).toHaveLength(2);
  expect(config.connections.map(({ id }) => id)).toEqual(['ninjaone', 'backup']);
  expect(books.system.id).toBe('conductor');
});

test('it names each secret that is missing', () => {
  const example: unknown = JSON.parse(readFileSync('docs/relay.example.json', 'utf8'));
  for (const name of Object.keys(SECRETS)) {
    const others = Object.fromEntries(Object.entries(SECRETS).filter(([key]) => key !== name));
    expect(() => parseConfig(example, others)).toThrow(name);
  }
});

describe('the example of services without an adapter', () => {
  const OWN = {
    NORTHVAULT_CLIENT_ID: 'an-id-of-northvault',
    NORTHVAULT_CLIENT_SECRET: 'a-secret-of-northvault',
    MAILWARD_API_KEY: 'a-key-of-mailward',
    CONDUCTOR_API_KEY: SECRETS.CONDUCTOR_API_KEY,
    CONDUCTOR_END_USER_ID: SECRETS.CONDUCTOR_END_USER_ID,
  };
  const read = (): Record<string, unknown> =>
    JSON.parse(readFileSync('docs/generic-http.example.json', 'utf8')) as Record<string, unknown>;

  test('starts a relay, whose log names each host that credentials go to, and no credential', async () => {
    const auth = { kind: 'bearer', token: { env: 'MAILWARD_API_KEY' } };
    const described = Object.entries(posterSettings('none')('')).filter(
      ([key]) => key !== 'baseUrl',
    );
    const settings = { ...Object.fromEntries(described), host: 'api.ledger.example', auth };
    const books = { id: 'ledger', adapter: 'generic-json-poster', settings };
    const loaded = parseConfig({ ...read(), books }, OWN);
    expect(loaded.warnings).toEqual([]);
    const relay = await startTestRelay(undefined, { loaded });
    const log = readFileSync(join(relay.data, 'relay.log'), 'utf8');
    await relay.remove();
    const named = log
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>)
      .filter(({ event }) => event === 'destination')
      .map(({ connection, host }) => `${String(connection)} ${String(host)}`);
    expect(named).toEqual([
      'northvault api.northvault.example',
      'northvault login.northvault.example',
      'mailward portal.mailward.example',
      'ledger api.ledger.example',
    ]);
    for (const secret of Object.values(OWN)) expect(log).not.toContain(secret);
  });

  test('refuses each of its secrets as plain text, and names the one that is missing', () => {
    for (const name of Object.keys(OWN)) {
      const others = Object.fromEntries(Object.entries(OWN).filter(([key]) => key !== name));
      expect(() => parseConfig(read(), others)).toThrow(name);
    }
    const plain = JSON.parse(
      JSON.stringify(read()).replace('{"env":"MAILWARD_API_KEY"}', '"plain-key"'),
    ) as unknown;
    expect(() => parseConfig(plain, OWN)).toThrow(
      /auth\.apiKey: a secret stands here as plain text/,
    );
  });

  test('is explained: its document names every key of a description', () => {
    const words = readFileSync('docs/generic-http.md', 'utf8');
    const keys = new Set(keysOf(GenericSettings));
    expect(keys.size).toBeGreaterThan(40);
    expect([...keys].filter((key) => !words.includes(key))).toEqual([]);
  });
});

/** Every name of an object anywhere in a schema. */
function keysOf(schema: z.ZodType): string[] {
  const names = new Set<string>();
  const walk = (node: unknown): void => {
    if (typeof node !== 'object' || node === null) return;
    for (const [name, value] of Object.entries(node)) {
      if (name === 'properties') for (const key of Object.keys(value as object)) names.add(key);
      walk(value);
    }
  };
  walk(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }));
  return [...names];
}
