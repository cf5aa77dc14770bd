import type { HostType } from '../../src/workbench/richapi/host-object.ts';
import * as autoFilter from '../../src/workbench/objects/auto-filter.ts';
import * as conditionalFormat from '../../src/workbench/objects/conditional-format.ts';
import * as format from '../../src/workbench/objects/format.ts';
import * as range from '../../src/workbench/objects/range.ts';
import * as areas from '../../src/workbench/objects/range-areas.ts';
import * as workbook from '../../src/workbench/objects/workbook.ts';
import * as worksheet from '../../src/workbench/objects/worksheet.ts';

type AnyType = Pick<HostType<never>, 'name'> & {
  readonly scalars?: object;
  readonly setters?: object;
  readonly links?: object;
  readonly methods?: object;
};

const typesOf = (module: object): AnyType[] =>
  Object.entries(module).flatMap(([name, value]) =>
    name.endsWith('Type') ? [value as AnyType] : [],
  );

export const autoFilterTypes = typesOf(autoFilter);

/** Every kind of object that the emulated host knows. */
export const types: readonly AnyType[] = [
  autoFilter,
  conditionalFormat,
  format,
  range,
  areas,
  workbook,
  worksheet,
].flatMap(typesOf);
