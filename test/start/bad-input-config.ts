/** Every bad configuration refuses the start by name, before anything is written. */
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { AppError } from '../../src/core/errors.ts';
import { loadConfig } from '../../src/relay/config.ts';
import { startRelay } from '../../src/relay/relay.ts';
import { provideCertificate } from '../../src/relay/tls.ts';
import { BAD_CONFIGS, SOUND_ENV, soundConfig } from '../relay/bad-config.ts';
import { makeFolder } from '../relay/fixture.ts';
import { rowsOf } from './bad-input-steps.ts';

export const configurations = (): void => {
  let folder: string;
  let data: string;
  beforeEach(() => {
    folder = makeFolder();
    data = join(folder, 'data');
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const start = async (config: object, env = SOUND_ENV, port = 0): Promise<string> => {
    const path = join(folder, 'relay.json');
    writeFileSync(path, JSON.stringify(config), { mode: 0o600 });
    const wish = { port, insist: port !== 0 };
    try {
      const loaded = loadConfig(path, env);
      const relay = await startRelay({ loaded, data, wish, version: '0.0.0', syncAtStart: false });
      await relay.stop();
      return 'it started';
    } catch (error) {
      return error instanceof AppError ? `${error.code} ${error.message}` : String(error);
    }
  };

  test('starts with a sound one', async () => {
    expect(await start(soundConfig())).toBe('it started');
    expect(existsSync(join(data, 'relay.sqlite'))).toBe(true);
  });

  test.each(BAD_CONFIGS.map((row) => [row.name, row] as const))(
    '%s',
    async (_name, { spoil, env, names, tells }) => {
      const config = soundConfig();
      spoil(config, folder);
      const words = await start(config, env);
      expect(words).toMatch(/^(SETUP_MISSING|INPUT_INVALID) /);
      expect(words).toMatch(names);
      expect(words).toMatch(tells);
      expect(existsSync(data)).toBe(false);
    },
  );

  test('111: a port that is taken, and 114: a certificate that has ended', async () => {
    expect(await start(soundConfig())).toBe('it started');
    const before = rowsOf(data);
    const other = createServer();
    await new Promise<void>((done) => other.listen(0, '127.0.0.1', done));
    const { port } = other.address() as AddressInfo;
    expect(await start(soundConfig(), SOUND_ENV, port)).toMatch(
      /SETUP_MISSING port: \d+ is taken.*choose another port/,
    );
    other.close();
    const pair = await provideCertificate(folder, Date.now() - 400 * 86_400_000);
    const tls = { cert: pair.path, key: join(folder, 'tls', 'key.pem') };
    expect(await start({ ...soundConfig(), tls })).toMatch(/tls\.cert: the certificate ended on/);
    expect(rowsOf(data)).toEqual(before);
  });
};
