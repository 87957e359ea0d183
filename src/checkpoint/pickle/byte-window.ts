/** @file A moving window over a source: bytes are read synchronously, and fetched between opcodes. */

import { badFile, readExactly, type ByteSource } from "../source.js";
import { say } from "../../language/say.js";

/** The least bytes of a fetch. */
const CHUNK = 1 << 16;

/** Thrown at the end of the window; the caller fetches more and repeats the opcode. */
export class NeedMore extends Error {
  constructor(
    /** The bytes needed from here on. */
    readonly count: number,
  ) {
    super("more bytes are needed");
  }
}

export class ByteWindow {
  private bytes: Uint8Array = new Uint8Array();
  private view: DataView = new DataView(new ArrayBuffer(0));
  /** The position of the window's first byte in the source. */
  private start: number;
  private pos = 0;

  constructor(
    readonly source: ByteSource,
    offset = 0,
  ) {
    this.start = offset;
  }

  /** The position of the next byte in the source. */
  get offset(): number {
    return this.start + this.pos;
  }

  set offset(offset: number) {
    this.pos = offset - this.start;
  }

  /** Makes at least `count` bytes from here available. @throws GradlensError "bad-file" if the source has fewer */
  async fetch(count: number): Promise<void> {
    const { offset, source } = this;
    if (offset + count > source.size) {
      throw badFile(
        source.name,
        say`ends at byte ${source.size}, in the middle of its pickle: it is cut off or damaged`,
      );
    }
    // The window doubles, so that a long line costs linear time.
    const unread = Math.max(0, this.bytes.length - this.pos);
    const length = Math.min(source.size - offset, Math.max(count, CHUNK, 2 * unread));
    this.bytes = await readExactly(source, offset, length);
    this.view = new DataView(this.bytes.buffer, this.bytes.byteOffset, length);
    this.start = offset;
    this.pos = 0;
  }

  private advance(count: number): number {
    const at = this.pos;
    if (at + count > this.bytes.length) throw new NeedMore(count);
    this.pos = at + count;
    return at;
  }

  u8(): number {
    return this.bytes[this.advance(1)]!;
  }

  peek(): number {
    const byte = this.u8();
    this.pos--;
    return byte;
  }

  u16(): number {
    return this.view.getUint16(this.advance(2), true);
  }

  i32(): number {
    return this.view.getInt32(this.advance(4), true);
  }

  u32(): number {
    return this.view.getUint32(this.advance(4), true);
  }

  /** A u64 beyond 2^53 loses precision, but is longer than any file anyway. */
  u64(): number {
    return Number(this.view.getBigUint64(this.advance(8), true));
  }

  f64BigEndian(): number {
    return this.view.getFloat64(this.advance(8), false);
  }

  /** A view of the next bytes, valid until the next fetch. */
  take(count: number): Uint8Array {
    const at = this.advance(count);
    return this.bytes.subarray(at, at + count);
  }

  /** Skips bytes without fetching them. */
  skip(count: number): void {
    if (this.offset + count > this.source.size) throw new NeedMore(count);
    this.pos += count;
  }

  /** The next line, without its line feed. */
  line(): Uint8Array {
    const end = this.bytes.indexOf(0x0a, this.pos);
    if (end < 0) throw new NeedMore(Math.max(0, this.bytes.length - this.pos) + 1);
    const line = this.bytes.subarray(this.pos, end);
    this.pos = end + 1;
    return line;
  }
}
