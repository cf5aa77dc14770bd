import { peek } from '../../src/workbench/model/workbook.ts';
import { activeSheet } from '../../src/workbench/model/sheets.ts';
import { writeCells } from '../../src/workbench/model/edit.ts';
import { parseAddress } from '../../src/workbench/model/a1.ts';
import { bootOfficeInNode } from '../../src/workbench/wire/node-bridge.ts';

const COUNT = {
  id: 'MCCCOUNT',
  name: 'COUNT',
  parameters: [{ name: 'client' }, { name: 'service' }, { name: 'asOf', optional: true }],
  options: { cancelable: true, requiresAddress: true },
};

type Count = (
  client: string,
  service: string,
  asOf: number | null,
  invocation: { address?: string; onCanceled?: () => void },
) => Promise<unknown>;

function boot(count: (office: ReturnType<typeof bootOfficeInNode>) => Count) {
  const office = bootOfficeInNode({ functions: [COUNT] });
  office.CustomFunctions.associate('MCCCOUNT', count(office));
  const { book } = office.host;
  const rect = (address: string) => {
    const parsed = parseAddress(address);
    if (!parsed) throw new Error(`no address ${address}`);
    return parsed.rect;
  };
  const put = (address: string, input: unknown) =>
    writeCells(book, activeSheet(book), rect(address), input);
  const cell = (address: string) =>
    peek(activeSheet(book), rect(address).row, rect(address).column);
  return { ...office, put, cell };
}

const lengths = () => (client: string) => Promise.resolve(client.length);

test('a block of formulas asks in one message and all answers come together', async () => {
  let running = 0;
  let most = 0;
  const { put, cell, settled, host } = boot(() => async (client) => {
    running += 1;
    most = Math.max(most, running);
    await new Promise((done) => setTimeout(done, 10));
    running -= 1;
    return client.length;
  });
  put(
    'A1:A200',
    Array.from({ length: 200 }, (_row, i) => ['x'.repeat((i % 9) + 1)]),
  );
  put(
    'B1:B200',
    Array.from({ length: 200 }, (_row, i) => [`=MCC.COUNT($A${i + 1},"WS")`]),
  );
  put('C1', '=SUM(B1:B200)');
  expect(cell('B1').value).toBe('#BUSY!');
  await settled();
  expect(host.counters).toMatchObject({ functionBatches: 1, functionCalls: 200 });
  expect(most).toBe(200);
  expect(cell('C1').value).toBe(
    Array.from({ length: 200 }, (_row, i) => (i % 9) + 1).reduce((a, b) => a + b, 0),
  );
});

test('arguments arrive as Excel sends them: omitted and blank as null, with the address', async () => {
  const seen: unknown[] = [];
  const { put, settled } = boot(() => (client, service, asOf, invocation) => {
    seen.push([client, service, asOf, invocation.address]);
    return Promise.resolve(1);
  });
  put('A1', '=MCC.COUNT("Acme",B9)');
  put('A2', '=mcc.count("Acme","WS",46296)');
  await settled();
  expect(seen).toEqual([
    ['Acme', null, null, 'Sheet1!A1'],
    ['Acme', 'WS', 46296, 'Sheet1!A2'],
  ]);
});

test('an error of a function keeps its words, and IFNA may cover it', async () => {
  const { put, cell, settled } = boot(({ CustomFunctions }) => () => {
    const { Error: FunctionError, ErrorCode } = CustomFunctions;
    const words = new FunctionError(ErrorCode.notAvailable, 'Acme is not linked.');
    // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- Office's own class
    return Promise.reject(words);
  });
  put('A1:A2', [['=MCC.COUNT("Acme","WS")'], ['=IFNA(A1,0)']]);
  await settled();
  expect(cell('A1')).toMatchObject({ value: '#N/A', message: 'Acme is not linked.' });
  expect(cell('A2')).toMatchObject({ value: 0, message: null });
});

test('an error in an argument is the result, and nobody is asked', async () => {
  const { put, cell, settled, host } = boot(lengths);
  put('A1:B1', [['#REF!', '=MCC.COUNT(A1,"WS")']]);
  await settled();
  expect(cell('B1').value).toBe('#REF!');
  expect(host.counters.functionCalls).toBe(0);
});

test('a new value of a name asks again once for each formula; the old number stands meanwhile', async () => {
  let answer = 18;
  const { put, cell, settled, host, Excel } = boot(() => () => Promise.resolve(answer));
  put('B1', '46265');
  await Excel.run(async (context) => {
    const sheet = context.workbook.worksheets.getActiveWorksheet();
    context.workbook.names.add('MCC_AsOf', sheet.getRange('B1'));
    await context.sync();
  });
  put('A1:A3', [['=MCC.COUNT("a","WS",MCC_AsOf)'], ['=MCC.COUNT("b","WS",MCC_AsOf)'], ['=A1+A2']]);
  await settled();
  answer = 31;
  put('B1', '46296');
  expect(cell('A1').value).toBe(18);
  expect(host.calculation.isBusy(activeSheet(host.book), 0, 0)).toBe(true);
  await settled();
  expect([cell('A1').value, cell('A3').value]).toEqual([31, 62]);
  expect(host.counters).toMatchObject({ functionCalls: 4, functionBatches: 2 });
});

test('calculate() asks anew with the same arguments', async () => {
  let asked = 0;
  const { put, settled, Excel } = boot(() => () => Promise.resolve((asked += 1)));
  put('A1', '=MCC.COUNT("a","WS")');
  await settled();
  await Excel.run(async (context) => {
    context.workbook.worksheets.getActiveWorksheet().getRange('A1').calculate();
    await context.sync();
  });
  await settled();
  expect(asked).toBe(2);
});

test('a formula that is overwritten cancels its call and its answer is not taken', async () => {
  let canceled = 0;
  const { put, cell, settled } = boot(() => (_client, _service, _asOf, invocation) => {
    invocation.onCanceled = () => (canceled += 1);
    return new Promise((done) => setTimeout(() => done(99), 60));
  });
  put('A1', '=MCC.COUNT("a","WS")');
  await new Promise((done) => setTimeout(done, 20));
  put('A1', 12);
  await new Promise((done) => setTimeout(done, 120));
  await settled();
  expect(canceled).toBe(1);
  expect(cell('A1').value).toBe(12);
});

test('only the last pass over a formula asks: no call with a stale argument', async () => {
  const seen: string[] = [];
  const { put, settled } = boot(() => (client) => {
    seen.push(client);
    return Promise.resolve(1);
  });
  put('A1:B1', [['=MCC.COUNT(B1,"WS")', '="Acme"&" Ltd"']]);
  await settled();
  expect(seen).toEqual(['Acme Ltd']);
});

test('a function nobody knows is #NAME? and says so', async () => {
  const { put, cell, settled } = boot(lengths);
  put('A1', '=MCC.RATE("a","WS")');
  await settled();
  expect(cell('A1')).toMatchObject({ value: '#NAME?' });
  expect(cell('A1').message).toContain('does not know');
});
