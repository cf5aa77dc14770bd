// The import rules hold, and what the README lists is what there is.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { ERRORS } from '../src/core/errors.ts';

const FILES_MIN = 120;
const readme = readFileSync('README.md', 'utf8');

interface Cruise {
  readonly modules: readonly { readonly source: string }[];
  readonly summary: {
    readonly violations: readonly { rule: { name: string }; from: string; to: string }[];
  };
}

function cruise(): Cruise {
  const result = spawnSync(
    process.execPath,
    [
      'node_modules/dependency-cruiser/bin/dependency-cruise.mjs',
      ...['--config', '.dependency-cruiser.js', '--output-type', 'json'],
      ...['src', 'functions', 'taskpane', 'test', 'bench'],
    ],
    { encoding: 'utf8', maxBuffer: 200_000_000 },
  );
  return JSON.parse(result.stdout) as Cruise;
}

test('every import follows the rule between folders', () => {
  const { modules, summary } = cruise();
  expect(summary.violations.map((v) => `${v.rule.name}: ${v.from} -> ${v.to}`)).toEqual([]);
  const own = modules.filter((module) => /^(src|functions|taskpane)\//.test(module.source));
  expect(own.length).toBeGreaterThanOrEqual(FILES_MIN);
}, 60_000);

test("every error code stands in the README's table", () => {
  const missing = Object.keys(ERRORS).filter((code) => !readme.includes(`\`${code}\``));
  expect(missing).toEqual([]);
});

test("every script stands in the README's table", () => {
  const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as {
    scripts: Record<string, string>;
  };
  const missing = Object.keys(scripts).filter((name) => !readme.includes(`\`${name}\``));
  expect(missing).toEqual([]);
  for (const [name, command] of Object.entries(scripts)) {
    expect(command).toBe(`node scripts/run.mjs ${name}`);
  }
});

test("every source and every accounting system stands in the README's list", () => {
  const ids = ['sources', 'accounting'].flatMap((folder) => {
    const registry = readFileSync(`src/relay/${folder}/registry.ts`, 'utf8');
    return [...registry.matchAll(/from '\.\/([\w-]+)\.ts'/g)].map((match) => match[1] ?? '');
  });
  expect(ids.length).toBeGreaterThanOrEqual(5);
  expect(ids.filter((id) => !readme.includes(`\`${id}\``))).toEqual([]);
});
