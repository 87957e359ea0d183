/** @file SHA-256 (FIPS 180-4) of bytes that arrive in parts: a browser's own hashes a whole file in memory only. */

/** The first 32 bits of the fractional parts of `root` of the first primes (4.2.2, 5.3.3). */
function fractions(count: number, root: (prime: number) => number): Uint32Array {
  const words = new Uint32Array(count);
  for (let prime = 2, i = 0; i < count; prime++) {
    let isPrime = true;
    for (let d = 2; d * d <= prime && isPrime; d++) isPrime = prime % d !== 0;
    if (isPrime) words[i++] = (root(prime) % 1) * 2 ** 32;
  }
  return words;
}

const K = fractions(64, Math.cbrt);
const INITIAL = fractions(8, Math.sqrt);
/** Bytes of a block. */
const BLOCK = 64;

export class Sha256 {
  private readonly state = INITIAL.slice();
  private readonly words = new Uint32Array(64);
  private readonly rest = new Uint8Array(BLOCK);
  private restLength = 0;
  private length = 0;

  update(bytes: Uint8Array): this {
    this.length += bytes.length;
    let at = 0;
    if (this.restLength > 0) {
      at = Math.min(BLOCK - this.restLength, bytes.length);
      this.rest.set(bytes.subarray(0, at), this.restLength);
      this.restLength += at;
      if (this.restLength < BLOCK) return this;
      this.block(this.rest, 0);
    }
    for (; at + BLOCK <= bytes.length; at += BLOCK) this.block(bytes, at);
    this.rest.set(bytes.subarray(at));
    this.restLength = bytes.length - at;
    return this;
  }

  /** In hex. Nothing may be added afterwards. */
  digest(): string {
    const bits = this.length * 8;
    const padding = new Uint8Array((this.restLength < BLOCK - 8 ? BLOCK : 2 * BLOCK) - this.restLength);
    padding[0] = 0x80;
    const view = new DataView(padding.buffer);
    view.setUint32(padding.length - 8, Math.floor(bits / 2 ** 32));
    view.setUint32(padding.length - 4, bits % 2 ** 32);
    this.update(padding);
    return [...this.state].map((word) => word.toString(16).padStart(8, "0")).join("");
  }

  /** One block of 64 bytes (6.2.2). */
  private block(bytes: Uint8Array, at: number): void {
    const { words, state } = this;
    for (let i = 0, p = at; i < 16; i++, p += 4)
      words[i] = (bytes[p]! << 24) | (bytes[p + 1]! << 16) | (bytes[p + 2]! << 8) | bytes[p + 3]!;
    for (let i = 16; i < 64; i++) {
      const a = words[i - 15]!;
      const b = words[i - 2]!;
      const s0 = rotated(a, 7) ^ rotated(a, 18) ^ (a >>> 3);
      const s1 = rotated(b, 17) ^ rotated(b, 19) ^ (b >>> 10);
      words[i] = words[i - 16]! + s0 + words[i - 7]! + s1;
    }
    let [a, b, c, d, e, f, g, h] = state as unknown as [
      number,
      number,
      number,
      number,
      number,
      number,
      number,
      number,
    ];
    for (let i = 0; i < 64; i++) {
      const s1 = rotated(e, 6) ^ rotated(e, 11) ^ rotated(e, 25);
      const t1 = (h + s1 + ((e & f) ^ (~e & g)) + K[i]! + words[i]!) | 0;
      const s0 = rotated(a, 2) ^ rotated(a, 13) ^ rotated(a, 22);
      const t2 = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
      [h, g, f, e, d, c, b, a] = [g, f, e, (d + t1) | 0, c, b, a, (t1 + t2) | 0];
    }
    [a, b, c, d, e, f, g, h].forEach((value, i) => (state[i] = state[i]! + value));
  }
}

const rotated = (word: number, by: number): number => (word >>> by) | (word << (32 - by));

/** The hash of bytes, in hex. */
export const sha256 = (bytes: Uint8Array): string => new Sha256().update(bytes).digest();
