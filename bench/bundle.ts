// What the browser loads before the pane is first used, and what functions alone weigh.
import { readFileSync, readdirSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { measure, type Measure } from './report.ts';

const KB = 1000;

export function measureBundle(): Promise<readonly Measure[]> {
  const page = readFileSync('dist/taskpane.html', 'utf8');
  const scripts = [...page.matchAll(/<script[^>]+src="([^"]+)"/g)]
    .map((match) => match[1] ?? '')
    .filter((source) => !source.startsWith('https:'));
  const first = scripts.reduce((total, script) => total + gzipped(`dist/${script}`), 0);
  const every = readdirSync('dist')
    .filter((name) => name.endsWith('.js') && !name.startsWith('workbench'))
    .reduce((total, name) => total + gzipped(`dist/${name}`), 0);
  return Promise.resolve([
    measure('bundle', 'pane and functions before first use, gzip', first / KB, 'kB', 150),
    measure('bundle', 'functions alone, gzip', gzipped('dist/functions.js') / KB, 'kB', 25),
    measure('bundle', 'every screen of the pane, gzip', every / KB, 'kB'),
  ]);
}

const gzipped = (path: string): number => gzipSync(readFileSync(path), { level: 9 }).length;
