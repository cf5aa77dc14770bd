/** The .xlsx as a file: what it is before it is unpacked, and that it does not unpack without end. */
import { inflateRawSync } from 'node:zlib';
import { AppError } from '../core/errors.ts';

const FILE_BYTES_MAX = 50 * 1024 * 1024;
const PART_BYTES_MAX = 250 * 1024 * 1024;
const ALL_BYTES_MAX = 400 * 1024 * 1024;
const PARTS_MAX = 5_000;
const END_RECORD = 0x06054b50;
const ENTRY_RECORD = 0x02014b50;
const COMMENT_BYTES_MAX = 65_557;

/** Every part by its path, unpacked; refused in the words of the person who chose the file. */
export type Parts = ReadonlyMap<string, Buffer>;

export function unpackXlsx(bytes: Buffer, file: string): Parts {
  assertIsZip(bytes, file);
  const parts = new Map<string, Buffer>();
  let all = 0;
  for (const entry of entriesOf(bytes, file)) {
    const part = unpackEntry(bytes, entry, file);
    all += part.length;
    if (all > ALL_BYTES_MAX) throw tooLarge(file);
    parts.set(entry.path, part);
  }
  assertIsWorkbook(parts, file);
  return parts;
}

function assertIsZip(bytes: Buffer, file: string): void {
  if (bytes.length === 0) throw refuse(file, 'is empty (0 bytes). Save the workbook again');
  if (bytes.length > FILE_BYTES_MAX) throw tooLarge(file);
  if (bytes.length >= 4 && bytes.readUInt32BE(0) === 0xd0cf11e0) {
    const isEncrypted = bytes.includes(Buffer.from('EncryptedPackage', 'utf16le'));
    if (isEncrypted)
      throw refuse(
        file,
        'is protected with a password. Open it in Excel, remove the password under File, Info, and save it',
      );
    throw refuse(
      file,
      'is an old Excel workbook (.xls). Open it in Excel and save it as Excel Workbook (.xlsx)',
    );
  }
  if (bytes.length < 4 || bytes.readUInt32BE(0) !== 0x504b0304) {
    throw refuse(
      file,
      'is not an Excel workbook (.xlsx). Choose the workbook itself, not an export of it',
    );
  }
}

function assertIsWorkbook(parts: Parts, file: string): void {
  if (parts.has('xl/workbook.xml')) return;
  if (parts.has('xl/workbook.bin'))
    throw refuse(file, 'is a binary workbook (.xlsb). Save it as Excel Workbook (.xlsx)');
  if (parts.has('content.xml'))
    throw refuse(file, 'is an OpenDocument file. Save it as Excel Workbook (.xlsx)');
  throw refuse(file, 'is a ZIP file without a workbook in it. Choose the .xlsx file itself');
}

interface Entry {
  readonly path: string;
  readonly method: number;
  readonly packed: number;
  readonly size: number;
  readonly offset: number;
}

function entriesOf(bytes: Buffer, file: string): readonly Entry[] {
  const end = findEnd(bytes);
  if (end === null)
    throw refuse(
      file,
      'is damaged: its end is missing. Copy it again, or open and save it in Excel',
    );
  const count = bytes.readUInt16LE(end + 10);
  if (count > PARTS_MAX) throw tooLarge(file);
  const entries: Entry[] = [];
  let at = bytes.readUInt32LE(end + 16);
  for (let index = 0; index < count; index += 1) {
    if (at + 46 > bytes.length || bytes.readUInt32LE(at) !== ENTRY_RECORD) throw damaged(file);
    const nameLength = bytes.readUInt16LE(at + 28);
    entries.push({
      path: bytes.toString('utf8', at + 46, at + 46 + nameLength).replace(/^\//, ''),
      method: bytes.readUInt16LE(at + 10),
      packed: bytes.readUInt32LE(at + 20),
      size: bytes.readUInt32LE(at + 24),
      offset: bytes.readUInt32LE(at + 42),
    });
    at += 46 + nameLength + bytes.readUInt16LE(at + 30) + bytes.readUInt16LE(at + 32);
  }
  return entries;
}

function findEnd(bytes: Buffer): number | null {
  for (let at = bytes.length - 22; at >= Math.max(0, bytes.length - COMMENT_BYTES_MAX); at -= 1) {
    if (bytes.readUInt32LE(at) === END_RECORD) return at;
  }
  return null;
}

/** The stated size is a claim: unpacking stops where it is exceeded. */
function unpackEntry(bytes: Buffer, entry: Entry, file: string): Buffer {
  if (entry.size > PART_BYTES_MAX) throw tooLarge(file);
  if (entry.offset + 30 > bytes.length) throw damaged(file);
  const start =
    entry.offset +
    30 +
    bytes.readUInt16LE(entry.offset + 26) +
    bytes.readUInt16LE(entry.offset + 28);
  const packed = bytes.subarray(start, start + entry.packed);
  if (entry.method === 0) return packed;
  try {
    return inflateRawSync(packed, { maxOutputLength: Math.max(1, entry.size) });
  } catch (cause) {
    throw new AppError('INPUT_INVALID', damaged(file).message, { cause });
  }
}

const refuse = (file: string, words: string): AppError =>
  new AppError('INPUT_INVALID', `"${file}" ${words}.`);
const damaged = (file: string): AppError =>
  refuse(file, 'is damaged and cannot be unpacked. Open and save it in Excel');
const tooLarge = (file: string): AppError =>
  refuse(
    file,
    'unpacks to more than a billing workbook can be, so it was not opened. Save it with the billing sheets alone',
  );
