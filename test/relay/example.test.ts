// The configuration that the README points to is accepted as it stands.
import { readFileSync } from 'node:fs';
import { parseConfig } from '../../src/relay/config.ts';
import { openConnections } from '../../src/relay/connections.ts';

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
