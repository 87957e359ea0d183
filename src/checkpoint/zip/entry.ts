/** @file Reads entries of a zip archive, stored or deflated, whole or by range. */

import { Inflate } from "fflate";
import { quote } from "../quote.js";
import { badFile, fromBytes, readExactly, slice, type ByteSource } from "../source.js";
import type { ZipEntry } from "./directory.js";
import { say } from "../../language/say.js";

const LOCAL_SIGNATURE = 0x04034b50;
const LOCAL_BYTES = 30;
const STORED = 0;
const DEFLATED = 8;

/** The size of compressed input pieces, so that a bomb's output stays small. */
const INFLATE_CHUNK = 1 << 14;

/** A state dict of 100 000 tensors has 30 MB. */
const MAX_INFLATED = 128 * 2 ** 20;

/** Up to this length, an entry's header, padding and bytes are read at once. */
const MAX_PADDING = 1 << 16;

export class ZipEntryReader {
  private data: Promise<number> | undefined;

  constructor(
    private readonly file: ByteSource,
    readonly entry: ZipEntry,
  ) {}

  private problem(what: string): Error {
    return badFile(this.file.name, say`has a zip entry ${quote(this.entry.name)} that ${what}`);
  }

  /** The entry's uncompressed bytes [begin, end). @throws GradlensError "bad-file" if it is damaged */
  async read(begin: number, end: number): Promise<Uint8Array> {
    const { method, size } = this.entry;
    if (end > size) throw this.problem(say`has ${size} bytes where ${end} are needed: it is damaged`);
    if (method === DEFLATED) return this.inflate(begin, end);
    if (method !== STORED)
      throw this.problem(say`is compressed by method ${method}; stored and deflated ones can be read`);
    const padding = this.entry.limit - this.entry.header - size;
    if (begin === 0 && end === size && padding <= MAX_PADDING && this.data === undefined)
      return this.readStored();
    const data = await (this.data ??= this.findData());
    return readExactly(this.file, data + begin, end - begin);
  }

  /** The entry as a source: read by range if it is stored, else inflated whole. */
  async source(): Promise<ByteSource> {
    const { method, size } = this.entry;
    if (method === STORED) return slice(this.file, await (this.data ??= this.findData()), size);
    if (size > MAX_INFLATED)
      throw this.problem(say`inflates to ${size} bytes, more than any checkpoint's pickle has`);
    return fromBytes(this.file.name, await this.read(0, size));
  }

  /** Header and bytes in one read. */
  private async readStored(): Promise<Uint8Array> {
    const { header, limit, size } = this.entry;
    const all = await readExactly(this.file, header, limit - header);
    const at = this.dataAfter(all) - header;
    return all.subarray(at, at + size);
  }

  private async findData(): Promise<number> {
    return this.dataAfter(await readExactly(this.file, this.entry.header, LOCAL_BYTES));
  }

  /** The offset of the bytes, from the local header, whose name and padding may differ from the directory's. */
  private dataAfter(local: Uint8Array): number {
    const { header, limit, compressedSize } = this.entry;
    const view = new DataView(local.buffer, local.byteOffset, LOCAL_BYTES);
    if (view.getUint32(0, true) !== LOCAL_SIGNATURE)
      throw this.problem(say`is not where the directory says: it is damaged`);
    const data = header + LOCAL_BYTES + view.getUint16(26, true) + view.getUint16(28, true);
    if (data + compressedSize > limit) throw this.problem(say`overlaps the next: it is damaged`);
    return data;
  }

  private async inflate(begin: number, end: number): Promise<Uint8Array> {
    const { size, compressedSize } = this.entry;
    const data = await (this.data ??= this.findData());
    const wanted = new Uint8Array(end - begin);
    let produced = 0;
    const inflate = new Inflate((chunk) => {
      if (produced + chunk.length > size)
        throw this.problem(say`inflates to more than the ${size} bytes it claims`);
      const from = Math.max(0, begin - produced);
      const to = Math.min(chunk.length, end - produced);
      if (from < to) wanted.set(chunk.subarray(from, to), produced + from - begin);
      produced += chunk.length;
    });
    try {
      for (let at = 0; at < compressedSize; at += INFLATE_CHUNK) {
        const length = Math.min(INFLATE_CHUNK, compressedSize - at);
        inflate.push(await readExactly(this.file, data + at, length), at + length === compressedSize);
      }
    } catch (error) {
      if (error instanceof Error && error.name === "GradlensError") throw error;
      throw this.problem(say`does not inflate: it is damaged`);
    }
    if (produced !== size)
      throw this.problem(say`inflates to ${produced} bytes, not the ${size} it claims: it is damaged`);
    return wanted;
  }
}
