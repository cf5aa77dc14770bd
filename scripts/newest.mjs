// Prints when the newest file that goes into dist/ was changed, in milliseconds.
import { readdirSync, statSync } from 'node:fs';

const PARTS = [
  'functions',
  'taskpane',
  'assets',
  'src/core',
  'src/matching',
  'src/contract',
  'src/client',
  'src/workbook',
  'src/workbench',
  'webpack.config.js',
  'package-lock.json',
  'manifest.xml',
];

let newest = 0;
for (const part of PARTS) {
  const stats = statSync(part, { throwIfNoEntry: false });
  if (!stats) continue;
  if (stats.isFile()) newest = Math.max(newest, stats.mtimeMs);
  else {
    for (const entry of readdirSync(part, { recursive: true, withFileTypes: true })) {
      if (entry.isFile())
        newest = Math.max(newest, statSync(`${entry.parentPath}/${entry.name}`).mtimeMs);
    }
  }
}
process.stdout.write(String(newest));
