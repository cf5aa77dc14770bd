/** One JSON line per event. What looks like a secret is removed by path, what is one by value. */
import pino from 'pino';
import type { Logger } from 'pino';

export type Log = Pick<Logger, 'info' | 'warn' | 'error'>;

const REMOVED = '[removed]';
const PATHS = [
  'authorization', '*.authorization', 'headers', '*.headers', 'token', '*.token', 'settings',
  '*.settings', 'secret', '*.secret', 'password', '*.password', 'apiKey', '*.apiKey',
]; // prettier-ignore

/** Writes to `path`, or to stderr when it is null; never buffers past an event. */
export function createLog(path: string | null, secrets: readonly string[]): Log {
  const known = secrets.filter((secret) => secret.length >= 4);
  const destination = pino.destination({ dest: path ?? 2, sync: true, mkdir: true });
  // What has no room in the log is no reason to end; it is written with the next line that has.
  destination.on('error', ({ message }: Error) => {
    process.stderr.write(`The log cannot be written: ${message}\n`);
  });
  const stream = { write: (line: string) => destination.write(withoutSecrets(line, known)) };
  const options = {
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    redact: { paths: PATHS, censor: REMOVED },
  };
  return pino(options, stream);
}

/** Replaces every known secret in a text, also where JSON has escaped it. */
export function withoutSecrets(text: string, secrets: readonly string[]): string {
  return secrets.reduce(
    (clean, secret) =>
      clean.replaceAll(secret, REMOVED).replaceAll(JSON.stringify(secret).slice(1, -1), REMOVED),
    text,
  );
}
