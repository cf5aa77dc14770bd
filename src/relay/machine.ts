/** What the machine itself must be like before anything else is loaded. */
import { AppError } from '../core/errors.ts';

const NODE_MIN = 24;
const YEAR_MIN = 2025;
/** Beyond this, time stamps of 32 bits run over in systems we talk to. */
const YEAR_MAX = 2037;

export function checkMachine(nodeVersion: string, now: Date): void {
  if (Number(nodeVersion.split('.')[0]) < NODE_MIN) {
    const words = `Node ${nodeVersion} is too old. Start the relay with npm run relay.`;
    throw new AppError('SETUP_MISSING', words);
  }
  const year = now.getUTCFullYear();
  if (year < YEAR_MIN || year > YEAR_MAX) {
    const words = `The clock of this machine says ${String(year)}. Set its date, then start again.`;
    throw new AppError('SETUP_MISSING', words);
  }
}
