// functions.json comes from the doc texts; ids are stored in people's files and never change.
import { readFileSync } from 'node:fs';
import { generateCustomFunctionsMetadata } from 'custom-functions-metadata';

interface Metadata {
  readonly allowCustomDataForDataTypeAny: boolean;
  readonly functions: readonly {
    readonly id: string;
    readonly name: string;
    readonly description: string;
    readonly options: Readonly<Record<string, boolean>>;
    readonly parameters: readonly {
      readonly name: string;
      readonly optional?: boolean;
      readonly description: string;
    }[];
  }[];
}

const SOURCE = 'functions/functions.ts';
const generated = await generateCustomFunctionsMetadata(SOURCE);
const metadata = JSON.parse(generated.metadataJson) as Metadata;

test('the doc texts give metadata without complaint', () => {
  expect(generated.errors).toEqual([]);
});

test('ids, names and parameters are the published ones', () => {
  const signatures = metadata.functions.map(({ id, name, parameters }) => [
    id, name, parameters.map((one) => (one.optional ? `[${one.name}]` : one.name)).join(', '),
  ]); // prettier-ignore
  expect(signatures).toEqual([
    ['MCCCOUNT', 'COUNT', 'client, service, [asOf], [basis]'],
    ['MCCPREV', 'PREV', 'client, service, [back]'],
    ['MCCDELTA', 'DELTA', 'client, service, [asOf]'],
    ['MCCASOF', 'ASOF', 'source'],
    ['MCCSTATUS', 'STATUS', 'client, [asOf]'],
  ]);
});

test('every id in the metadata is associated, and nothing else', () => {
  const source = readFileSync(SOURCE, 'utf8');
  const associated = [...source.matchAll(/CustomFunctions\.associate\('(\w+)'/g)].map(
    (match) => match[1],
  );
  expect(associated).toEqual(metadata.functions.map((one) => one.id));
});

test('no function is volatile or streaming; all may be cancelled and know their cell', () => {
  for (const { options, description } of metadata.functions) {
    expect(options).toEqual({ cancelable: true, requiresAddress: true });
    expect(description.length).toBeGreaterThan(30);
  }
});

test('the bundle of the functions takes in no zod, React or sign-in library', () => {
  const seen = new Set<string>();
  const visit = (file: string): void => {
    if (seen.has(file)) return;
    seen.add(file);
    const text = readFileSync(file, 'utf8');
    for (const [, type, from = ''] of text.matchAll(
      /^(?:import|export)( type)? [^;]*?from '([^']+)'/gms,
    )) {
      if (type) continue;
      expect(from).toMatch(/^\./);
      visit(new URL(from, `file:///${file}`).pathname.slice(1));
    }
  };
  visit(SOURCE);
  expect(seen.size).toBeGreaterThan(8);
});
