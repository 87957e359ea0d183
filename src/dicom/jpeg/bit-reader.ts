/** @file The bits of a JPEG scan (ITU T.81 annex F.2.2): stuffed bytes taken out, up to the next marker. */

import { problem } from "../problem.js";

export class BitReader {
  private bits = 0;
  private count = 0;
  /** Bits among those held that stand for what is not there. */
  private padding = 0;

  constructor(
    private readonly bytes: Uint8Array,
    /** Of the next byte to be read. */
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

  /** @throws GradlensError "bad-picture" where there are fewer */
  skip(count: number): void {
    this.count -= count;
    if (this.count < this.padding) throw problem("is cut off: its JPEG pixels end early");
  }

  /** A number of `count` bits, 0 to 16, as T.81's RECEIVE and EXTEND give it: the upper half as it is, the lower half negative. */
  signed(count: number): number {
    if (count === 0) return 0;
    const value = this.peek16() >>> (16 - count);
    this.skip(count);
    return value >= 1 << (count - 1) ? value : value - (1 << count) + 1;
  }

  /** What is left of a byte is dropped, and the restart marker after it read. */
  restart(): void {
    this.bits = this.count = this.padding = 0;
    while (this.bytes[this.at] === 0xff && this.bytes[this.at + 1] === 0xff) this.at++;
    const marker = this.bytes[this.at + 1] ?? 0;
    if (this.bytes[this.at] !== 0xff || marker < 0xd0 || marker > 0xd7) {
      throw problem("has damaged JPEG pixels: a restart marker is missing");
    }
    this.at += 2;
  }
}
