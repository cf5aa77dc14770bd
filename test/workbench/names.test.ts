import { autoFilterTypes, types } from './host-types.ts';
import { bootOfficeInNode } from '../../src/workbench/wire/node-bridge.ts';

interface Prototype {
  readonly _scalarPropertyOriginalNames?: readonly string[];
  readonly _scalarPropertyUpdateable?: readonly boolean[];
  readonly _navigationPropertyNames?: readonly string[];
}

const { Excel } = bootOfficeInNode();
const classes = Excel as unknown as Readonly<Record<string, { prototype: Prototype } | undefined>>;

function prototypeOf(name: string): Prototype {
  const found = classes[name];
  if (!found) throw new Error(`office.js has no class ${name}`);
  return found.prototype;
}

const capital = (name: string): string => name.charAt(0).toUpperCase() + name.slice(1);
const small = (name: string): string =>
  name.startsWith('_') ? name : name.charAt(0).toLowerCase() + name.slice(1);

test('there is something to check', () => {
  expect(types.length).toBeGreaterThanOrEqual(20);
  expect(autoFilterTypes).toHaveLength(1);
});

test.each(types)('every wire name of $name exists in the real office.js', (type) => {
  const prototype = prototypeOf(type.name);
  const scalars = prototype._scalarPropertyOriginalNames ?? [];
  const links = (prototype._navigationPropertyNames ?? []).map(capital);
  expect(scalars).toEqual(expect.arrayContaining(Object.keys(type.scalars ?? {})));
  expect(links).toEqual(expect.arrayContaining(Object.keys(type.links ?? {})));
  const methods = Object.keys(type.methods ?? {}).filter((name) => !(small(name) in prototype));
  expect(methods).toEqual([]);
});

test.each(types)('office.js lets an add-in write what $name takes', (type) => {
  const prototype = prototypeOf(type.name);
  const names = prototype._scalarPropertyOriginalNames ?? [];
  const writable = names.filter((_name, at) => prototype._scalarPropertyUpdateable?.[at]);
  expect(writable).toEqual(expect.arrayContaining(Object.keys(type.setters ?? {})));
});
