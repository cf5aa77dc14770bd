// npm start              relay, stand-ins and workbench: the sample month, ready to click
// npm start -- --reset   the same, from the beginning; --quiet-month: without planted events
// npm run excel          the relay on its fixed port, and how to sideload the add-in
import { parseArgs } from 'node:util';
import { dataFolder } from './data-folder.ts';
import { EXCEL_PORT, sideloadWords } from './sideload.ts';
import { startServices, type Services } from './services.ts';

const values = readArguments();

const port = values.excel
  ? EXCEL_PORT
  : values.port === undefined
    ? undefined
    : Number(values.port);
let services: Services;
try {
  services = await startServices({
    data:
      values.data ??
      dataFolder(values.config ?? (values['quiet-month'] ? 'quiet.json' : undefined)),
    quietMonth: values['quiet-month'],
    forExcel: values.excel,
    reset: values.reset,
    ...(values.config === undefined ? {} : { config: values.config }),
    ...(port === undefined ? {} : { port }),
  });
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exit(1);
}

const stop = async (): Promise<void> => {
  await services.stop();
  process.exit(0);
};
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
  process.on(signal, () => void stop());
// Whoever started us is gone, even by kill -9.
if (process.channel) process.on('disconnect', () => void stop());
void services.ended.then((code) => process.exit(code));

if (values.excel) console.log(sideloadWords(services, services.workbook));
else {
  const warning = '(its own certificate: the browser warns once; Ctrl+C stops it)';
  console.log(`MCC is ready: ${services.url}/#${services.code} ${warning}`);
}

function readArguments() {
  try {
    return parseArgs({
      options: {
        config: { type: 'string' },
        data: { type: 'string' },
        port: { type: 'string' },
        excel: { type: 'boolean', default: false },
        'quiet-month': { type: 'boolean', default: false },
        reset: { type: 'boolean', default: false },
      },
    }).values;
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error));
    console.error('Known: --config FILE, --data DIR, --port N, --reset, --quiet-month.');
    return process.exit(2);
  }
}
