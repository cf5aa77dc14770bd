/**
 * A file of events, one JSON text a line, each on the disk before anybody is told of it: what books
 * are kept in, so that they stand when this process is killed.
 */
import { closeSync, existsSync, fsyncSync, openSync, readFileSync, truncateSync, writeSync } from 'node:fs'; // prettier-ignore

export interface Journal<Event> {
  append(event: Event): void;
  close(): void;
}

/** Plays what was written before, then takes more; null keeps nothing. */
export function openJournal<Event>(
  path: string | null,
  play: (event: Event) => void,
): Journal<Event> {
  for (const event of path === null ? [] : readWhole(path)) play(event as Event);
  let file = path === null ? null : openSync(path, 'a');
  return {
    append(event) {
      if (file === null) return;
      writeSync(file, `${JSON.stringify(event)}\n`);
      fsyncSync(file);
    },
    close() {
      if (file !== null) closeSync(file);
      file = null;
    },
  };
}

/**
 * A last line without its end was being written when the power went: nobody was told of it, so it
 * is cut off before anything is written behind it.
 */
function readWhole(path: string): unknown[] {
  if (!existsSync(path)) return [];
  const bytes = readFileSync(path);
  const whole = bytes.subarray(0, bytes.lastIndexOf('\n') + 1);
  if (whole.length < bytes.length) truncateSync(path, whole.length);
  return whole
    .toString('utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as unknown);
}
