/** @file Reads the bits of a JPEG scan (ITU T.81 annex F.2.2) up to the next marker, without stuffed bytes. */

import { problem } from "../problem.js";
import { say } from "../../language/say.js";

export class BitReader {
  private bits = 0;
  private count = 0;
  /** Zero bits held beyond the end of the scan. */
  private padding = 0;

  constructor(
    private readonly bytes: Uint8Array,
    /** The position of the next byte. */
    public at: number,
  ) {}

  /** The next 16 bits, zeros after the end. */
  peek16(): number {
    while (this.count < 16) {
      const byte = this.bytes[this.at];
      const marker = byte === undefined || (byte === 0xff && this.bytes[this.at + 1] !== 0);
      if (marker) this.padding += 8;
      else this.at += byte === 0xff ? 2 : 1;
      this.bits = ((this.bits << 8) | (marker ? 0 : byte)) & 0xff_ff_ff;
      this.count += 8;
    }
    return (this.bits >>> (this.count - 16)) & 0xff_ff;
  }

  /** @throws GradlensError "bad-picture" if fewer remain */
  skip(count: number): void {
    this.count -= count;
    if (this.count < this.padding) throw problem(say`is cut off: its JPEG pixels end early`);
  }

  /** A signed number of `count` bits, 0 to 16 (T.81's RECEIVE and EXTEND): a first bit of 1 is positive, 0 negative. */
  signed(count: number): number {
    if (count === 0) return 0;
    const value = this.peek16() >>> (16 - count);
    this.skip(count);
    return value >= 1 << (count - 1) ? value : value - (1 << count) + 1;
  }

  /** Drops the rest of a byte and reads the restart marker after it. */
  restart(): void {
    this.bits = this.count = this.padding = 0;
    while (this.bytes[this.at] === 0xff && this.bytes[this.at + 1] === 0xff) this.at++;
    const marker = this.bytes[this.at + 1] ?? 0;
    if (this.bytes[this.at] !== 0xff || marker < 0xd0 || marker > 0xd7) {
      throw problem(say`has damaged JPEG pixels: a restart marker is missing`);
    }
    this.at += 2;
  }
}
