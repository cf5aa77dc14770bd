import { spawn } from 'node:child_process';
import { chmodSync, existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { X509Certificate, generateKeyPairSync } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { loadConfig } from '../../src/relay/config.ts';
import { openConnections } from '../../src/relay/connections.ts';
import { holdDataFolder, isOnNetwork } from '../../src/relay/data-folder.ts';
import { checkMachine } from '../../src/relay/machine.ts';
import { provideCertificate, useCertificate } from '../../src/relay/tls.ts';
import { BAD_CONFIGS, SOUND_ENV, soundConfig } from './bad-config.ts';
import { makeFolder, plainConfig, startTestRelay } from './fixture.ts';

// A slow machine is no fault: only a hanging test is.
jest.setTimeout(60_000);

let folder: string;
beforeEach(() => {
  folder = makeFolder();
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function write(config: unknown, mode = 0o600): string {
  const path = join(folder, 'relay.json');
  writeFileSync(path, typeof config === 'string' ? config : JSON.stringify(config));
  chmodSync(path, mode);
  return path;
}

/** What the start does before it touches anything. */
function check(path: string, env: NodeJS.ProcessEnv) {
  const loaded = loadConfig(path, env);
  openConnections(loaded.config);
  if (loaded.config.tls) useCertificate(loaded.config.tls, Date.now());
  return loaded;
}

function messageOf(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    expect(error).toMatchObject({ code: expect.stringMatching(/SETUP_MISSING|INPUT_INVALID/) });
    return (error as Error).message;
  }
  return 'it was accepted';
}

describe('a sound configuration', () => {
  it('is taken over, with its defaults', () => {
    const { config, secrets, warnings } = check(write(soundConfig()), SOUND_ENV);
    expect(config).toMatchObject({
      profile: 'local',
      lateAfterHours: 24,
      caps: { invoicesMax: 500 },
    });
    expect(config.connections[0]?.settings['clientSecret']).toBe('ninja-secret-value');
    expect(secrets).toEqual(expect.arrayContaining(['ninja-secret-value', 'sk_conductor_value']));
    expect(warnings).toEqual([]);
  });

  it('108: a byte order mark and a line end round a secret are removed, with a word', () => {
    const path = join(folder, 'secret');
    writeFileSync(path, '\uFEFFninja-secret-value\r\n', { mode: 0o600 });
    const config = soundConfig();
    config['connections'][0].settings.clientSecret = { file: path };
    const { config: read, warnings } = check(write(config), SOUND_ENV);
    expect(read.connections[0]?.settings['clientSecret']).toBe('ninja-secret-value');
    expect(warnings.join()).toMatch(/clientSecret.*removed/);
  });

  it('120: a secret that others may read is said, and never printed', () => {
    const path = join(folder, 'secret');
    writeFileSync(path, 'ninja-secret-value');
    chmodSync(path, 0o644);
    const config = soundConfig();
    config['connections'][0].settings.clientSecret = { file: path };
    const { warnings } = check(write(config), SOUND_ENV);
    expect(warnings.join()).toMatch(/clientSecret.*can be read by others.*chmod 600/);
    expect(warnings.join()).not.toContain('ninja-secret-value');
  });

  it('120: a configuration with plain secrets that others may read is said', () => {
    const { warnings } = check(write(plainConfig(), 0o644), {});
    expect(warnings.join()).toMatch(/relay\.json.*can be read by others/);
  });
});

describe('a bad configuration names the key and what to do', () => {
  it.each(BAD_CONFIGS.map((row) => [row.name, row] as const))(
    '%s',
    (_name, { spoil, env, names, tells }) => {
      const config = soundConfig();
      spoil(config, folder);
      const message = messageOf(() => check(write(config), env ?? SOUND_ENV));
      expect(message).toMatch(names);
      expect(message).toMatch(tells);
      for (const secret of [
        'ninja-secret-value',
        'sk_conductor_value',
        'plain-secret',
        'quoted-secret',
      ]) {
        expect(message).not.toContain(secret);
      }
    },
  );

  it('all troubles come at once', () => {
    const config = soundConfig();
    config['connections'][0].id = 'sheet';
    config['services'][0].item = null;
    const message = messageOf(() => check(write(config), {}));
    expect(message.split('\n').length).toBeGreaterThanOrEqual(5);
  });

  it.each([
    ['not there', () => join(folder, 'nothing.json'), /cannot be read \(ENOENT\). Check --config/],
    ['not JSON', () => write('{"profile": '), /this is not JSON/],
    [
      'a key twice',
      () => write('{"profile":"local","profile":"lab"}'),
      /"profile" stands there twice/,
    ],
    ['a list', () => write('[]'), /expected object/],
  ])('the file is %s', (_name, path, words) => {
    expect(messageOf(() => check(path(), SOUND_ENV))).toMatch(words);
  });
});

describe('the data folder', () => {
  it('112: one that cannot be made', () => {
    writeFileSync(join(folder, 'file'), '');
    expect(messageOf(() => holdDataFolder(join(folder, 'file', 'data')))).toMatch(
      /--data: .* cannot be written. Name a folder/,
    );
  });

  it('112: a database that is none', async () => {
    writeFileSync(
      join(folder, 'relay.sqlite'),
      'not a database, but long enough to be looked at'.repeat(40),
    );
    const start = startTestRelay(plainConfig(), { data: folder });
    await expect(start).rejects.toMatchObject({
      code: 'SETUP_MISSING',
      message: expect.stringMatching(
        /--data: the database .*relay\.sqlite cannot be opened \(SQLITE_NOTADB\)/,
      ),
    });
    holdDataFolder(folder).release();
  });

  it('112: one over the network', () => {
    const nfs = () => 0x6969;
    expect(isOnNetwork(join(folder, 'not', 'made', 'yet'), 'linux', nfs)).toBe(true);
    expect(isOnNetwork(folder, 'linux', () => 0xef53)).toBe(false);
    expect(isOnNetwork('\\\\server\\share', 'win32', nfs)).toBe(true);
    expect(isOnNetwork('C:\\mcc', 'win32', nfs)).toBe(false);
  });

  it('one that another relay holds, until it lets go', () => {
    const held = holdDataFolder(folder);
    expect(messageOf(() => holdDataFolder(folder))).toMatch(/another relay is running/);
    held.release();
    holdDataFolder(folder).release();
    expect(statSync(folder).mode & 0o777).toBe(0o700);
  });
});

describe('111: the port', () => {
  let other: Server;
  let taken: number;
  beforeEach(async () => {
    other = createServer();
    taken = await new Promise<number>((resolve) => {
      other.listen(0, '127.0.0.1', () => resolve((other.address() as { port: number }).port));
    });
  });
  afterEach(() => void other.close());

  it('taken and insisted on: says so and stops', async () => {
    const start = startTestRelay(plainConfig(), { wish: { port: taken, insist: true } });
    await expect(start).rejects.toMatchObject({
      message: expect.stringMatching(/^port: \d+ is taken.*choose another port/),
    });
  });

  it('taken and only preferred: takes another', async () => {
    const relay = await startTestRelay(plainConfig(), { wish: { port: taken, insist: false } });
    expect(relay.port).toBeGreaterThan(taken);
    expect((await relay.ask({ path: '/health' })).status).toBe(200);
    await relay.remove();
  });
});

describe('114: the certificate', () => {
  const now = Date.now();
  const day = 86_400_000;

  it('is made once, for this machine, with a key for its owner alone', async () => {
    const made = await provideCertificate(folder, now);
    const certificate = new X509Certificate(made.cert);
    expect(certificate.subjectAltName).toMatch(/DNS:localhost.*127\.0\.0\.1.*0:0:0:0:0:0:0:1/);
    expect(certificate.ca).toBe(false);
    expect(statSync(join(folder, 'tls', 'key.pem')).mode & 0o777).toBe(0o600);
    expect((await provideCertificate(folder, now)).cert).toBe(made.cert);
  });

  it('is renewed before it ends, and when its key is another', async () => {
    const made = await provideCertificate(folder, now - 340 * day);
    const renewed = await provideCertificate(folder, now);
    expect(renewed.cert).not.toBe(made.cert);
    writeFileSync(join(folder, 'tls', 'key.pem'), anotherKey());
    expect((await provideCertificate(folder, now)).cert).not.toBe(renewed.cert);
  });

  it("of one's own: ended, of another key, no PEM", async () => {
    const made = await provideCertificate(folder, now);
    const paths = { cert: made.path, key: join(folder, 'tls', 'key.pem') };
    expect(messageOf(() => useCertificate(paths, now + 400 * day))).toMatch(
      /tls\.cert: the certificate ended on/,
    );
    const key = join(folder, 'other.pem');
    writeFileSync(key, anotherKey());
    expect(messageOf(() => useCertificate({ ...paths, key }, now))).toMatch(/key does not belong/);
    writeFileSync(key, 'no key');
    expect(messageOf(() => useCertificate({ ...paths, key }, now))).toMatch(
      /cannot be read as PEM/,
    );
    expect(useCertificate(paths, now).cert).toBe(made.cert);
  });
});

describe('113: the machine', () => {
  it.each([1970, 2024, 2038])('whose clock says %i', (year) => {
    const words = messageOf(() => checkMachine('26.10.0', new Date(Date.UTC(year, 0, 2))));
    expect(words).toMatch(/The clock of this machine says \d{4}. Set its date/);
  });

  it('whose Node is too old', () => {
    expect(messageOf(() => checkMachine('20.1.0', new Date()))).toMatch(/Node 20.1.0 is too old/);
  });
});

describe('the program', () => {
  it('says what is wrong on stderr, names no secret, touches nothing and ends with 2', async () => {
    const config = soundConfig();
    config['timezone'] = 'UTC';
    const data = join(folder, 'data');
    const { code, out, err } = await run(['--config', write(config), '--data', data], SOUND_ENV);
    expect(code).toBe(2);
    expect(out).toBe('');
    expect(err).toMatch(/timezone: this key is not known/);
    expect(err).not.toContain('ninja-secret-value');
    expect(existsSync(data)).toBe(false);
  });

  it.each([
    [['--data', 'x'], /--config FILE is missing/],
    [['--config', 'x'], /--data DIR is missing/],
    [['--config', 'x', '--data', 'y', '--port', '99999999'], /--port: "99999999" is not a port/],
    [['--confg', 'x'], /--confg/],
  ])('arguments %j', async (args, words) => {
    const { code, err } = await run(args, {});
    expect(code).toBe(2);
    expect(err).toMatch(words);
  });

  it('names its options, each one that it takes', async () => {
    const { code, out } = await run(['--help'], {});
    expect(code).toBe(0);
    const program = readFileSync('src/relay/main.ts', 'utf8');
    const taken = [...program.matchAll(/^ +'?([\w-]+)'?: \{ type: '/gm)].map(([, name]) => name);
    expect(taken.length).toBeGreaterThan(4);
    for (const name of taken) expect(out).toContain(`--${String(name)} `);
  });

  it('prints one JSON line when it is ready and stops cleanly when told to', async () => {
    const data = join(folder, 'data');
    const child = program(['--config', write(plainConfig()), '--data', data, '--port', '0'], {});
    const line = await new Promise<string>((resolve) =>
      child.stdout.once('data', (bytes: Buffer) => resolve(bytes.toString())),
    );
    expect(JSON.parse(line)).toEqual({
      url: expect.stringMatching(/^https:\/\/localhost:\d+$/),
      code: expect.stringMatching(/^[0-9A-HJKMNP-TV-Z]{10}$/),
      certificate: join(data, 'tls', 'cert.pem'),
    });
    child.kill('SIGTERM');
    expect(await new Promise((resolve) => child.on('exit', resolve))).toBe(0);
    const log = readFileSync(join(data, 'relay.log'), 'utf8').trim().split('\n');
    expect(log.map((each) => (JSON.parse(each) as { event: string }).event)).toEqual(
      expect.arrayContaining(['listening', 'stopped']),
    );
    expect(log.join()).not.toContain((JSON.parse(line) as { code: string }).code);
  });
});

const anotherKey = (): string =>
  generateKeyPairSync('ec', { namedCurve: 'P-256' })
    .privateKey.export({ type: 'pkcs8', format: 'pem' })
    .toString();

const program = (args: readonly string[], env: NodeJS.ProcessEnv) =>
  spawn(process.execPath, ['src/relay/main.ts', ...args], {
    env: { PATH: process.env['PATH'], ...env },
  });

async function run(
  args: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<{ code: number; out: string; err: string }> {
  const child = program(args, env);
  const texts = { out: '', err: '' };
  child.stdout.on('data', (bytes: Buffer) => (texts.out += bytes.toString()));
  child.stderr.on('data', (bytes: Buffer) => (texts.err += bytes.toString()));
  const code = await new Promise<number>((resolve) =>
    child.on('close', (code) => resolve(code ?? -1)),
  );
  return { code, ...texts };
}
