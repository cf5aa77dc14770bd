// npm run bench                      every bench, one line a figure
// npm run bench -- NAME [--json]     one of them; --json prints an array and nothing else
import { parseArgs } from 'node:util';
import { measureBundle } from './bundle.ts';
import { measureCommits } from './commits.ts';
import { measureFunctions } from './functions.ts';
import { measurePaint } from './paint.ts';
import { measureRefresh } from './refresh.ts';
import { printMeasures, type Measure } from './report.ts';

const BENCHES: Readonly<Record<string, () => Promise<readonly Measure[]>>> = {
  functions: measureFunctions,
  refresh: measureRefresh,
  paint: measurePaint,
  bundle: measureBundle,
  commits: measureCommits,
};

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { json: { type: 'boolean', default: false }, data: { type: 'string' } },
});

const unknown = positionals.find((name) => !(name in BENCHES));
if (unknown !== undefined) {
  console.error(`There is no bench "${unknown}". Known: ${Object.keys(BENCHES).join(', ')}.`);
  process.exit(2);
}

const measures: Measure[] = [];
for (const name of positionals.length > 0 ? positionals : Object.keys(BENCHES)) {
  const found = await BENCHES[name]?.();
  measures.push(...(found ?? []));
}
if (values.json) console.log(JSON.stringify(measures, null, 2));
else printMeasures(measures);
