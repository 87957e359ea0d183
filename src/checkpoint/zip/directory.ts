/** @file Reads and checks the directory of a zip archive, zip64 included (PKWARE APPNOTE 6.3, sections 4.3 and 4.5). */

import { decodeLatin1, decodeUtf8 } from "../pickle/text.js";
import { quote } from "../quote.js";
import { badFile, readExactly, type ByteSource } from "../source.js";
import { say } from "../../language/say.js";

export interface ZipEntry {
  readonly name: string;
  /** The offset of its local header. */
  readonly header: number;
  /** The offset of the next item in the file: all bytes of the entry lie before it. */
  readonly limit: number;
  readonly method: number;
  readonly compressedSize: number;
  readonly size: number;
}

/** By name. */
export type ZipEntries = ReadonlyMap<string, ZipEntry>;

const END_SIGNATURE = 0x06054b50;
const END64_SIGNATURE = 0x06064b50;
const LOCATOR64_SIGNATURE = 0x07064b50;
const CENTRAL_SIGNATURE = 0x02014b50;

const END_BYTES = 22;
const LOCATOR64_BYTES = 20;
const CENTRAL_BYTES = 46;
const LOCAL_BYTES = 30;
const MAX_COMMENT = 0xffff;
/** A directory of 300 000 entries needs half of this. */
const MAX_DIRECTORY_BYTES = 64 * 2 ** 20;
/** Deflate's limit: its longest match is 258 bytes for two bits. */
const MAX_DEFLATE_RATIO = 1032;

const viewOf = (b: Uint8Array): DataView => new DataView(b.buffer, b.byteOffset, b.byteLength);

interface Directory {
  readonly offset: number;
  readonly size: number;
  readonly entries: number;
}

/** All entries by name. @throws GradlensError "bad-file" for a damaged or inconsistent archive */
export async function readZipDirectory(source: ByteSource): Promise<Map<string, ZipEntry>> {
  const directory = await findDirectory(source);
  const bytes = await readExactly(source, directory.offset, directory.size);
  const entries: ZipEntry[] = [];
  let at = 0;
  for (let i = 0; i < directory.entries; i++) {
    const { entry, next } = readEntry(source, bytes, at, directory.offset);
    entries.push(entry);
    at = next;
  }
  return checkEntries(source.name, entries);
}

async function findDirectory(source: ByteSource): Promise<Directory> {
  const length = Math.min(source.size, END_BYTES + MAX_COMMENT + LOCATOR64_BYTES);
  const tail = await readExactly(source, source.size - length, length);
  const view = viewOf(tail);
  let end = length - END_BYTES;
  while (
    end >= 0 &&
    !(
      view.getUint32(end, true) === END_SIGNATURE &&
      view.getUint16(end + 20, true) <= length - END_BYTES - end
    )
  ) {
    end--;
  }
  if (end < 0) {
    throw badFile(
      source.name,
      say`is cut off: a zip archive ends with its directory, which is missing; copy or download it again`,
    );
  }
  const endOffset = source.size - length + end;
  const locator = end - LOCATOR64_BYTES;
  const isZip64 = locator >= 0 && view.getUint32(locator, true) === LOCATOR64_SIGNATURE;
  const directory = isZip64
    ? await readEnd64(source, view.getBigUint64(locator + 8, true))
    : {
        entries: view.getUint16(end + 10, true),
        size: view.getUint32(end + 12, true),
        offset: view.getUint32(end + 16, true),
      };
  if (directory.offset + directory.size > endOffset) {
    throw badFile(
      source.name,
      say`has a zip directory that reaches beyond its end: it is cut off or damaged`,
    );
  }
  if (directory.size > MAX_DIRECTORY_BYTES) {
    throw badFile(
      source.name,
      say`has a zip directory of ${directory.size} bytes, more than any checkpoint has`,
    );
  }
  return directory;
}

async function readEnd64(source: ByteSource, offset: bigint): Promise<Directory> {
  if (offset > source.size)
    throw badFile(source.name, say`has a zip64 record beyond its end: it is cut off or damaged`);
  const view = viewOf(await readExactly(source, Number(offset), 56));
  if (view.getUint32(0, true) !== END64_SIGNATURE)
    throw badFile(source.name, say`has no zip64 record at the stated offset: it is damaged`);
  const number = (at: number) => Number(view.getBigUint64(at, true));
  return { entries: number(32), size: number(40), offset: number(48) };
}

function readEntry(
  source: ByteSource,
  directory: Uint8Array,
  at: number,
  directoryOffset: number,
): { entry: ZipEntry; next: number } {
  const view = viewOf(directory);
  const damaged = () => badFile(source.name, say`has a damaged zip directory (byte ${directoryOffset + at})`);
  if (at + CENTRAL_BYTES > directory.length || view.getUint32(at, true) !== CENTRAL_SIGNATURE)
    throw damaged();
  const flags = view.getUint16(at + 8, true);
  const nameLength = view.getUint16(at + 28, true);
  const extraLength = view.getUint16(at + 30, true);
  const next = at + CENTRAL_BYTES + nameLength + extraLength + view.getUint16(at + 32, true);
  if (next > directory.length) throw damaged();
  const nameBytes = directory.subarray(at + CENTRAL_BYTES, at + CENTRAL_BYTES + nameLength);
  const name = flags & 0x800 ? decodeUtf8(nameBytes) : decodeLatin1(nameBytes);
  if (flags & 1) throw badFile(source.name, say`has an encrypted zip entry ${quote(name)}: unpack it first`);
  const extra = directory.subarray(
    at + CENTRAL_BYTES + nameLength,
    at + CENTRAL_BYTES + nameLength + extraLength,
  );
  const [size, compressedSize, header] = wideFields(extra, [
    view.getUint32(at + 24, true),
    view.getUint32(at + 20, true),
    view.getUint32(at + 42, true),
  ]) as [number, number, number];
  if (header + LOCAL_BYTES + compressedSize > directoryOffset) {
    throw badFile(
      source.name,
      say`has a zip entry ${quote(name)} that reaches into the directory: it is damaged`,
    );
  }
  const method = view.getUint16(at + 10, true);
  return { entry: { name, header, limit: directoryOffset, method, compressedSize, size }, next };
}

/** For each 32-bit field of all ones, the zip64 extra field has the value, in this order. */
function wideFields(extra: Uint8Array, fields: readonly number[]): number[] {
  const view = viewOf(extra);
  for (let at = 0; at + 4 <= extra.length;) {
    const end = Math.min(extra.length, at + 4 + view.getUint16(at + 2, true));
    if (view.getUint16(at, true) === 1) {
      let next = at + 4;
      return fields.map((field) => {
        if (field !== 0xffffffff || next + 8 > end) return field;
        next += 8;
        return Number(view.getBigUint64(next - 8, true));
      });
    }
    at = end;
  }
  return [...fields];
}

/** Checks that no entries share a byte or a name, and that none claims more bytes than deflate could give. */
function checkEntries(file: string, entries: readonly ZipEntry[]): Map<string, ZipEntry> {
  const byName = new Map<string, ZipEntry>();
  const sorted = [...entries].sort((a, b) => a.header - b.header);
  sorted.forEach((entry, i) => {
    const { name, header, compressedSize, size, method } = entry;
    const limit = sorted[i + 1]?.header ?? entry.limit;
    const problem = (what: string) =>
      badFile(file, say`has a zip entry ${quote(name)} that ${what}: it is damaged`);
    if (header + LOCAL_BYTES + compressedSize > limit) throw problem(say`overlaps the next`);
    if (method === 0 && size !== compressedSize) throw problem(say`has two sizes`);
    if (size > compressedSize * MAX_DEFLATE_RATIO)
      throw problem(say`claims to grow from ${compressedSize} to ${size} bytes`);
    if (byName.has(name)) throw problem(say`is there twice`);
    byName.set(name, { ...entry, limit });
  });
  return byName;
}
