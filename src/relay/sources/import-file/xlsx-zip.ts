// An .xlsx before it is read: what lies in it, and that it unpacks to no more than it says.

import { createReadStream } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { createInflateRaw } from 'node:zlib';
import { unusable } from '../../tables/csv-text.ts';

const PARTS_MAX = 2_000;
/** A million rows of ten columns. */
const UNPACKED_BYTES_MAX = 2_000 * 1024 * 1024;
/** Sheets of equal cells shrink to a fortieth; a bomb to a thousandth. */
const RATIO_MAX = 200;
const RATIO_FROM_BYTES = 10 * 1024 * 1024;
const END_RECORD = 0x06054b50;
const ENTRY_RECORD = 0x02014b50;
const END_BYTES_MAX = 65_557;
/** Between two parts: no more than a data descriptor, so that no part hides there. */
const GAP_MAX = 24;
const LOCAL_HEADER_BYTES = 30;

interface Part {
  readonly path: string;
  readonly method: number;
  readonly packed: number;
  readonly size: number;
  readonly offset: number;
}

/** Throws SOURCE_MALFORMED in words for what is no harmless workbook. */
export async function checkXlsx(path: string, name: string): Promise<void> {
  const file = await open(path);
  try {
    const { size } = await file.stat();
    const { parts, directoryAt } = await readDirectory(file, size, name);
    refuseParts(parts, name);
    let nextAt = 0;
    for (const part of parts.toSorted((a, b) => a.offset - b.offset)) {
      if (part.offset < nextAt || part.offset - nextAt > GAP_MAX) throw damaged(name);
      nextAt = await checkPart(path, file, part, name);
    }
    if (directoryAt < nextAt || directoryAt - nextAt > GAP_MAX) throw damaged(name);
  } finally {
    await file.close();
  }
}

async function readDirectory(
  file: FileHandle,
  size: number,
  name: string,
): Promise<{ readonly parts: readonly Part[]; readonly directoryAt: number }> {
  const tailAt = Math.max(0, size - END_BYTES_MAX);
  const tail = await readAt(file, tailAt, size - tailAt);
  const end = findEnd(tail);
  if (end === null) throw unusable(name, 'its end is missing: it was cut. Save or send it again');
  const count = tail.readUInt16LE(end + 10);
  if (count > PARTS_MAX) throw unusable(name, `it holds ${String(count)} parts, which no export does`);
  const directoryAt = tail.readUInt32LE(end + 16);
  const length = tail.readUInt32LE(end + 12);
  if (directoryAt + length > size) throw damaged(name);
  const directory = await readAt(file, directoryAt, length);
  const parts: Part[] = [];
  let at = 0;
  for (let index = 0; index < count; index += 1) {
    if (at + 46 > directory.length || directory.readUInt32LE(at) !== ENTRY_RECORD) throw damaged(name);
    const nameLength = directory.readUInt16LE(at + 28);
    parts.push({
      path: directory.toString('utf8', at + 46, at + 46 + nameLength).replace(/^\//, ''),
      method: directory.readUInt16LE(at + 10),
      packed: directory.readUInt32LE(at + 20),
      size: directory.readUInt32LE(at + 24),
      offset: directory.readUInt32LE(at + 42),
    });
    at += 46 + nameLength + directory.readUInt16LE(at + 30) + directory.readUInt16LE(at + 32);
  }
  return { parts, directoryAt };
} // prettier-ignore

function refuseParts(parts: readonly Part[], name: string): void {
  const paths = new Set(parts.map(({ path }) => path));
  if (!paths.has('xl/workbook.xml')) {
    throw unusable(name, 'it is a ZIP file without an Excel workbook in it');
  }
  if (parts.some(({ path }) => path.startsWith('xl/externalLinks/'))) {
    const words = 'it takes values from another workbook; save it with values alone';
    throw unusable(name, words);
  }
  if (parts.some(({ path }) => path.endsWith('vbaProject.bin'))) {
    throw unusable(name, 'it holds macros; save it as Excel Workbook (.xlsx)');
  }
  const all = parts.reduce((sum, { size }) => sum + size, 0);
  const isBomb = parts.some(
    ({ size, packed }) => size > RATIO_FROM_BYTES && size > packed * RATIO_MAX,
  );
  if (isBomb || all > UNPACKED_BYTES_MAX) {
    throw unusable(name, 'it would unpack to far more than an export can be, so it was not opened');
  }
}

/** Unpacks a part without keeping it. Returns where the part ends in the file. */
async function checkPart(
  path: string,
  file: FileHandle,
  part: Part,
  name: string,
): Promise<number> {
  const header = await readAt(file, part.offset, LOCAL_HEADER_BYTES);
  if (header.length < LOCAL_HEADER_BYTES) throw damaged(name);
  const begin =
    part.offset + LOCAL_HEADER_BYTES + header.readUInt16LE(26) + header.readUInt16LE(28);
  if (part.packed > 0) await walkPart(path, begin, part, name);
  return begin + part.packed;
}

async function walkPart(path: string, begin: number, part: Part, name: string): Promise<void> {
  const packed = createReadStream(path, { start: begin, end: begin + part.packed - 1 });
  const isPacked = part.method !== 0;
  const plain = isPacked ? packed.pipe(createInflateRaw()) : packed;
  packed.on('error', (error) => plain.destroy(error));
  const isXml = /\.(xml|rels)$/i.test(part.path);
  let size = 0;
  let tail = '';
  try {
    for await (const chunk of plain) {
      const bytes = chunk as Buffer;
      size += bytes.length;
      if (size > part.size) throw unusable(name, 'a part of it unpacks to more than it says');
      if (!isXml || size > bytes.length + DOCTYPE_WITHIN) continue;
      tail = `${tail.slice(-DOCTYPE.length)}${bytes.toString('latin1', 0, DOCTYPE_WITHIN)}`;
      if (tail.toLowerCase().includes(DOCTYPE)) {
        throw unusable(name, 'it declares entities of its own, which no export does');
      }
    }
  } catch (error) {
    if ((error as { readonly code?: string }).code?.startsWith('Z_')) throw damaged(name);
    throw error;
  } finally {
    packed.destroy();
  }
  if (size !== part.size) throw damaged(name);
}

const DOCTYPE = '<!doctype';
/** A document type stands at the head of a part; what follows is not searched. */
const DOCTYPE_WITHIN = 64 * 1024;

async function readAt(file: FileHandle, at: number, length: number): Promise<Buffer> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, at);
  return buffer.subarray(0, bytesRead);
}

function findEnd(tail: Buffer): number | null {
  for (let at = tail.length - 22; at >= 0; at -= 1) {
    if (tail.readUInt32LE(at) === END_RECORD) return at;
  }
  return null;
}

const damaged = (name: string): Error =>
  unusable(name, 'it is damaged and cannot be unpacked. Open and save it in Excel');

/** By its first bytes, whatever its name. */
export async function isZip(path: string): Promise<boolean> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(4), 0, 4, 0);
    return bytesRead === 4 && buffer.readUInt32BE(0) === 0x504b0304;
  } finally {
    await file.close();
  }
}
