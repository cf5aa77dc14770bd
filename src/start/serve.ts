// Starts what a program needs to talk to a relay and says in one JSON line where it is:
// { url, code, certificate, sim }. Used by the terminal and by tests; ends when it is told to.
import { parseArgs } from 'node:util';
import { startServices } from './services.ts';
import { dataFolder } from './data-folder.ts';

const { values } = parseArgs({
  options: {
    config: { type: 'string' },
    data: { type: 'string' },
    port: { type: 'string' },
    'quiet-month': { type: 'boolean', default: false },
    reset: { type: 'boolean', default: false },
  },
});

const services = await startServices({
  data: values.data ?? dataFolder(values.config),
  quietMonth: values['quiet-month'],
  reset: values.reset,
  ...(values.config === undefined ? {} : { config: values.config }),
  ...(values.port === undefined ? {} : { port: Number(values.port) }),
});

const stop = async (): Promise<void> => {
  await services.stop();
  process.exit(0);
};
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
  process.on(signal, () => void stop());
void services.ended.then((code) => process.exit(code));

const { url, code, certificate, standIns } = services;
console.log(JSON.stringify({ url, code, certificate, sim: standIns }));
