// The folder of exported files: one file for each approval, written whole and only ever added to.
// What a person has imported is moved to the folder "imported"; it is still read, never written.

import { randomUUID } from 'node:crypto';
import {
  accessSync,
  closeSync,
  constants,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { AppError } from '../../core/errors.ts';

export interface FileOnDisk {
  readonly name: string;
  readonly bytes: Buffer;
}

export interface Addition {
  readonly batch: string;
  /** Of the file when the rows begin one: "2026-09-MC2609-0001.csv". */
  readonly name: string;
  readonly head: Buffer;
  readonly rows: Buffer;
}

/** "not written": the folder is as it was. "unsure": it is written, and may be lost with the power. */
export type Written =
  | { readonly written: 'yes' }
  | { readonly written: 'not written' | 'unsure'; readonly reason: string };

export interface ExportFolder {
  /** The same for as long as the folder lives; another folder is another company. */
  id(): string;
  /** Throws SOURCE_DOWN when it cannot be written to. */
  check(): void;
  files(extension: string): readonly FileOnDisk[];
  add(addition: Addition): Written;
}

/** A file that has rested so long may have been imported: what comes later begins another one. */
const QUIET_MS = 10 * 60_000;
const IMPORTED = 'imported';
const ID_FILE = 'folder.json';
const Identity = z.strictObject({ id: z.uuid() });

export function openFolder(folder: string, now: () => number): ExportFolder {
  let open: { batch: string; name: string; bytes: Buffer; atMs: number } | null = null;

  const add = ({ batch, name, head, rows }: Addition): Written => {
    const isOpen = open?.batch === batch && now() - open.atMs < QUIET_MS && isAsWritten(folder, open);
    const target = open && isOpen ? open : { name, bytes: head };
    if (!isOpen && [name, join(IMPORTED, name)].some((one) => existsSync(join(folder, one)))) {
      return { written: 'not written', reason: `the file ${name} is there already` };
    }
    const bytes = Buffer.concat([target.bytes, rows]);
    const written = replace(folder, target.name, bytes);
    if (written.written === 'yes') open = { batch, name: target.name, bytes, atMs: now() };
    return written;
  }; // prettier-ignore

  return {
    add,
    id() {
      const known = join(folder, ID_FILE);
      if (existsSync(known)) return Identity.parse(JSON.parse(readFileSync(known, 'utf8'))).id;
      const id = randomUUID();
      const written = replace(folder, ID_FILE, Buffer.from(JSON.stringify({ id })));
      if (written.written === 'yes') return id;
      throw new AppError('SOURCE_DOWN', `The folder of exported files: ${written.reason}.`);
    },
    check() {
      attempt(() => {
        mkdirSync(join(folder, IMPORTED), { recursive: true, mode: 0o700 });
        accessSync(folder, constants.R_OK | constants.W_OK);
      });
    },
    files: (extension) =>
      ['', IMPORTED].flatMap((part) => filesIn(join(folder, part), extension, part === '')),
  };
}

/** Somebody may have moved it or written into it meanwhile: then it is finished. */
function isAsWritten(folder: string, { name, bytes }: FileOnDisk): boolean {
  const path = join(folder, name);
  return existsSync(path) && readFileSync(path).equals(bytes);
}

function filesIn(folder: string, extension: string, isNeeded: boolean): readonly FileOnDisk[] {
  if (!isNeeded && !existsSync(folder)) return [];
  return attempt(() =>
    readdirSync(folder)
      .filter((name) => name.toLowerCase().endsWith(`.${extension}`))
      .sort()
      .map((name) => ({ name, bytes: readFileSync(join(folder, name)) })),
  );
}

/** Whole or not at all: beside it first, on the disk, then under its name. */
function replace(folder: string, name: string, bytes: Buffer): Written {
  const unfinished = join(folder, `${name}.unfinished`);
  try {
    writeFileSync(unfinished, bytes, { mode: 0o600, flush: true });
    renameSync(unfinished, join(folder, name));
  } catch (cause) {
    return { written: 'not written', reason: `${name} cannot be written (${codeOf(cause)})` };
  }
  try {
    // Windows has no such thing as the disk copy of a folder.
    if (process.platform !== 'win32') flushFolder(folder);
    return { written: 'yes' };
  } catch (cause) {
    return { written: 'unsure', reason: `${name} may not be on the disk (${codeOf(cause)})` };
  }
}

function flushFolder(folder: string): void {
  const handle = openSync(folder, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

function attempt<Value>(work: () => Value): Value {
  try {
    return work();
  } catch (cause) {
    const words = `The folder of exported files cannot be read or written (${codeOf(cause)}).`;
    throw new AppError('SOURCE_DOWN', words, { cause });
  }
}

const codeOf = (cause: unknown): string =>
  (cause as NodeJS.ErrnoException | null)?.code ?? 'unexpected trouble';
