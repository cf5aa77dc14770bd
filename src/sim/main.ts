/**
 * The stand-ins as a process of their own: kill -9 of the relay leaves the books standing.
 * Usage: main.ts --state DIR [--port N] [--world planted|quiet]
 */
import { parseArgs } from 'node:util';
import { startSim } from './start-sim.ts';

const USAGE = 'Usage: main.ts --state DIR [--port N] [--world planted|quiet]';

await main();

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      state: { type: 'string' },
      port: { type: 'string', default: '0' },
      world: { type: 'string', default: 'planted' },
    },
  });
  const { state, world } = values;
  const port = Number(values.port);
  const isKnownWorld = world === 'planted' || world === 'quiet';
  if (
    state === undefined ||
    !isKnownWorld ||
    !Number.isInteger(port) ||
    port < 0 ||
    port > 65_535
  ) {
    process.stderr.write(`${USAGE}\n`);
    process.exit(2);
  }
  const sim = await startSim({ variant: world, stateDir: state, port });
  process.stdout.write(`${JSON.stringify({ url: sim.url })}\n`);
  const stop = (): void => {
    void sim.close().then(() => process.exit(0));
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  // Whoever started us is gone, even by kill -9.
  if (process.channel) process.on('disconnect', stop);
}
