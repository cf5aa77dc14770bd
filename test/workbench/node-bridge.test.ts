import { bootOfficeInNode, officeFileHashes } from '../../src/workbench/wire/node-bridge.ts';
import { setHidden } from '../../src/workbench/model/edit.ts';
import { activeSheet } from '../../src/workbench/model/sheets.ts';
import { writeCells } from '../../src/workbench/model/edit.ts';

type Context = Excel.RequestContext;

function boot() {
  const office = bootOfficeInNode();
  const run = <T>(batch: (context: Context) => Promise<T>): Promise<T> => office.Excel.run(batch);
  const sheet = (context: Context): Excel.Worksheet =>
    context.workbook.worksheets.getActiveWorksheet();
  return { ...office, run, sheet };
}

async function failure(promise: Promise<unknown>): Promise<{ code: string; message: string }> {
  return promise.then(
    () => ({ code: 'none', message: 'did not fail' }),
    (error: unknown) => error as { code: string; message: string },
  );
}

test('the files of the package are hashed whole', () => {
  const hashes = officeFileHashes();
  expect(Object.keys(hashes)).toEqual([
    'office.js',
    'excel-web-16.00.js',
    'en-us/office_strings.js',
  ]);
  for (const hash of Object.values(hashes)) expect(hash).toMatch(/^[0-9a-f]{64}$/);
});

describe('ranges', () => {
  test('what is written is read back with its text, type and address', async () => {
    const { run, sheet } = boot();
    const read = await run(async (context) => {
      const range = sheet(context).getRange('B2:C3');
      range.values = [
        ['Acme', '1,200.50'],
        [true, '12%'],
      ];
      range.load('values,text,valueTypes,address,rowIndex,columnCount');
      await context.sync();
      return range.toJSON() as { values: unknown; text: unknown; valueTypes: unknown };
    });
    expect(read.values).toEqual([
      ['Acme', 1200.5],
      [true, 0.12],
    ]);
    expect(read.text).toEqual([
      ['Acme', '1,200.50'],
      ['TRUE', '12%'],
    ]);
    expect(read.valueTypes).toEqual([
      ['String', 'Double'],
      ['Boolean', 'Double'],
    ]);
    expect(read).toMatchObject({ address: 'Sheet1!B2:C3', rowIndex: 1, columnCount: 2 });
  });

  test('a month that was typed becomes a date unless the cell is text', async () => {
    const { run, sheet } = boot();
    const values = await run(async (context) => {
      const [plain, text] = [sheet(context).getRange('A1'), sheet(context).getRange('A2')];
      text.numberFormat = [['@']];
      plain.values = [['2026-10']];
      text.values = [['2026-10']];
      plain.load('values,text');
      text.load('values');
      await context.sync();
      return [plain.values[0]?.[0], plain.text[0]?.[0], text.values[0]?.[0]] as unknown[];
    });
    expect(values).toEqual([46296, 'Oct-26', '2026-10']);
  });

  test('a table of the wrong shape is refused and nothing is written', async () => {
    const { run, sheet, host } = boot();
    const error = await failure(
      run(async (context) => {
        sheet(context).getRange('A1:B2').values = [[1, 2]];
        await context.sync();
      }),
    );
    expect(error.code).toBe('InvalidArgument');
    expect(activeSheet(host.book).cells.size).toBe(0);
  });

  test('what stood before a failing action stays', async () => {
    const { run, sheet } = boot();
    const error = await failure(
      run(async (context) => {
        sheet(context).getRange('A1').values = [[7]];
        context.workbook.worksheets.getItem('Nowhere').load('name');
        await context.sync();
      }),
    );
    expect(error.code).toBe('ItemNotFound');
    const value = await run(async (context) => {
      const cell = sheet(context).getRange('A1');
      cell.load('values');
      await context.sync();
      return cell.values[0]?.[0] as unknown;
    });
    expect(value).toBe(7);
  });

  test('formats read as one colour, or empty when they differ', async () => {
    const { run, sheet } = boot();
    const seen = await run(async (context) => {
      sheet(context).getRange('A1').format.fill.color = '#ffe699';
      sheet(context).getRange('A1').format.font.bold = true;
      const [one, both] = [sheet(context).getRange('A1'), sheet(context).getRange('A1:B1')];
      for (const range of [one, both]) range.load('format/fill/color,format/font/bold');
      await context.sync();
      return [one, both].map((range) => [range.format.fill.color, range.format.font.bold]);
    });
    expect(seen).toEqual([
      ['#FFE699', true],
      ['', null],
    ]);
  });

  test('hidden rows, merged areas and visible cells are told', async () => {
    const { run, sheet, host } = boot();
    setHidden(host.book, activeSheet(host.book), 'rows', { first: 2, count: 1, hidden: true });
    const seen = await run(async (context) => {
      const range = sheet(context).getRange('A1:B5');
      range.values = Array.from({ length: 5 }, (_row, i) => [i, i]);
      sheet(context).getRange('A1:B1').merge();
      const merged = range.getMergedAreasOrNullObject();
      merged.areas.load('items/address');
      const visible = range.getSpecialCellsOrNullObject('Visible');
      visible.load('address');
      const none = sheet(context).getRange('D1:E2').getMergedAreasOrNullObject();
      none.load('isNullObject');
      const third = sheet(context).getRange('A3');
      third.load('rowHidden');
      range.load('rowHidden');
      await context.sync();
      return {
        merged: merged.areas.items.map((area) => area.address),
        visible: visible.address,
        none: none.isNullObject,
        hidden: [third.rowHidden, range.rowHidden],
      };
    });
    expect(seen).toEqual({
      merged: ['Sheet1!A1:B1'],
      visible: 'Sheet1!A1:B2,Sheet1!A4:B5',
      none: true,
      hidden: [true, null],
    });
  });

  test('a sheet with nothing on it has no used range', async () => {
    const { run, sheet } = boot();
    const isNull = await run(async (context) => {
      const used = sheet(context).getUsedRangeOrNullObject(true);
      used.load('address');
      await context.sync();
      return used.isNullObject;
    });
    expect(isNull).toBe(true);
  });

  test('tracked ranges are let go at the end of a run', async () => {
    const { run, sheet, host } = boot();
    await run(async (context) => {
      for (let row = 1; row <= 20; row += 1) sheet(context).getRange(`A${row}`).load('values');
      await context.sync();
    });
    expect(host.referenceCount()).toBe(0);
  });
});

describe('sheets, names and settings', () => {
  test('a sheet is added, named, hidden and found again', async () => {
    const { run } = boot();
    const sheets = await run(async (context) => {
      const { worksheets } = context.workbook;
      const added = worksheets.add('MCC Review');
      added.visibility = 'Hidden';
      worksheets.load('items/name,items/visibility');
      const none = worksheets.getItemOrNullObject('Other');
      none.load('name');
      await context.sync();
      expect(none.isNullObject).toBe(true);
      return worksheets.items.map((one) => [one.name, one.visibility]);
    });
    expect(sheets).toEqual([
      ['Sheet1', 'Visible'],
      ['MCC Review', 'Hidden'],
    ]);
  });

  test('a sheet name that is taken, too long or holds a slash is refused', async () => {
    const { run } = boot();
    const add = (name: string) =>
      failure(
        run(async (context) => {
          context.workbook.worksheets.add(name);
          await context.sync();
        }),
      );
    expect((await add('sheet1')).code).toBe('ItemAlreadyExists');
    expect((await add('x'.repeat(32))).code).toBe('InvalidArgument');
    expect((await add('a/b')).code).toBe('InvalidArgument');
  });

  test('a name leads to its cell and follows a renamed sheet', async () => {
    const { run, sheet } = boot();
    const read = await run(async (context) => {
      context.workbook.names.add('MCC_AsOf', sheet(context).getRange('C4'));
      sheet(context).name = 'Oct 2026';
      const name = context.workbook.names.getItemOrNullObject('mcc_asof');
      name.load('formula,type');
      const range = name.getRange();
      range.load('address');
      const none = context.workbook.names.getItemOrNullObject('MCC_Period');
      none.load('name');
      await context.sync();
      return [name.formula, name.type, range.address, none.isNullObject] as unknown[];
    });
    expect(read).toEqual(["='Oct 2026'!$C$4", 'Range', "'Oct 2026'!C4", true]);
  });

  test('settings of the workbook and of the document are kept apart', async () => {
    const { run, Office } = boot();
    await run(async (context) => {
      context.workbook.settings.add('map', { sheet: 'Oct' });
      await context.sync();
    });
    const value = await run(async (context) => {
      const setting = context.workbook.settings.getItemOrNullObject('map');
      setting.load('value');
      await context.sync();
      return setting.value as unknown;
    });
    const { settings } = Office.context.document;
    settings.set('map', 1);
    await new Promise((done) => settings.saveAsync(done));
    expect(value).toEqual({ sheet: 'Oct' });
    expect(settings.get('map')).toBe(1);
  });

  test('a rule of a conditional format is added, listed and cleared', async () => {
    const { run, sheet } = boot();
    const seen = await run(async (context) => {
      const block = sheet(context).getRange('C3:E9');
      const format = block.conditionalFormats.add('Custom');
      format.custom.rule.formula = '=C3>20';
      format.custom.format.fill.color = '#FFE08A';
      format.load('type,priority,custom/rule/formula');
      const before = block.conditionalFormats.getCount();
      await context.sync();
      block.conditionalFormats.clearAll();
      const after = block.conditionalFormats.getCount();
      await context.sync();
      return [format.type, format.custom.rule.formula, before.value, after.value] as unknown[];
    });
    expect(seen).toEqual(['Custom', '=C3>20', 1, 0]);
  });

  test('a filter hides rows and says that it does', async () => {
    const { run, sheet } = boot();
    const seen = await run(async (context) => {
      const block = sheet(context).getRange('A1:B4');
      block.values = [
        ['Client', 'Qty'],
        ['Acme', 1],
        ['Beta', 2],
        ['Acme', 3],
      ];
      const { autoFilter } = sheet(context);
      autoFilter.apply(block, 0, { filterOn: 'Values', values: ['Acme'] });
      autoFilter.load('isDataFiltered,enabled,criteria');
      const beta = sheet(context).getRange('A3');
      beta.load('rowHidden');
      await context.sync();
      return [autoFilter.isDataFiltered, autoFilter.enabled, beta.rowHidden];
    });
    expect(seen).toEqual([true, true, true]);
  });
});

describe('events', () => {
  test('an edit of a person and one of the add-in are told apart', async () => {
    const { run, sheet, host, settled } = boot();
    const seen: unknown[] = [];
    await run(async (context) => {
      context.workbook.worksheets.onChanged.add((event) => {
        seen.push([event.address, event.triggerSource, event.details.valueAfter as unknown]);
        return Promise.resolve();
      });
      await context.sync();
      sheet(context).getRange('A1').values = [[1]];
      await context.sync();
    });
    writeCells(host.book, activeSheet(host.book), { row: 1, column: 1, rows: 1, columns: 1 }, '12');
    await settled();
    expect(seen).toEqual([
      ['A1', 'ThisLocalAddin', 1],
      ['B2', 'Unknown', 12],
    ]);
  });

  test('the selection and the range of an event can be read', async () => {
    const { run, sheet, host, settled } = boot();
    let selections = 0;
    const values: unknown[] = [];
    await run(async (context) => {
      context.workbook.onSelectionChanged.add(() => {
        selections += 1;
        return Promise.resolve();
      });
      sheet(context).load('id');
      sheet(context).onChanged.add((event) =>
        run(async (inner) => {
          const range = event.getRange(inner);
          range.load('values');
          await inner.sync();
          values.push(range.values);
        }),
      );
      await context.sync();
      sheet(context).getRange('C3').select();
      await context.sync();
    });
    writeCells(host.book, activeSheet(host.book), { row: 2, column: 2, rows: 1, columns: 1 }, 'x');
    await settled();
    await settled();
    expect(selections).toBe(1);
    expect(values).toEqual([[['x']]]);
  });
});

describe('failures', () => {
  test('a member that is not emulated is named', async () => {
    const { run, sheet } = boot();
    const error = await failure(
      run(async (context) => {
        sheet(context).charts.load('items');
        await context.sync();
      }),
    );
    expect(error).toMatchObject({
      code: 'ApiNotFound',
      message: 'emulated host does not implement Worksheet.Charts',
    });
  });

  test.each([
    ['cellEdit', 'InvalidOperationInCellEditMode'],
    ['throttled', 'ActivityLimitReached'],
  ] as const)('a request is refused once on demand: %s', async (fault, code) => {
    const { run, sheet, host } = boot();
    host.faults.refuseNext.push(fault);
    const once = () =>
      run(async (context) => {
        sheet(context).load('name');
        await context.sync();
      });
    expect((await failure(once())).code).toBe(code);
    await once();
  });

  test('a read-only workbook takes no write and keeps its values', async () => {
    const { run, sheet, host } = boot();
    host.faults.readOnly = true;
    const error = await failure(
      run(async (context) => {
        sheet(context).getRange('A1').values = [[1]];
        await context.sync();
      }),
    );
    expect(error.code).toBe('AccessDenied');
    expect(activeSheet(host.book).cells.size).toBe(0);
  });

  test('the cost of a run is counted', async () => {
    const { run, sheet, host } = boot();
    await run(async (context) => {
      sheet(context).getRange('A1:A500').values = Array.from({ length: 500 }, (_row, i) => [i]);
      await context.sync();
    });
    expect(host.counters.requests).toBeLessThanOrEqual(2);
  });
});
