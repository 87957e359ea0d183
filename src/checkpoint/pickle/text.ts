/** @file Decodes the texts inside pickles: UTF-8 strings, and the printed forms of protocol 0. */

import { Malformed, type PyValue } from "./values.js";
import { say } from "../../language/say.js";

// Python writes lone surrogates ("surrogatepass"), which a fatal decoder would refuse; a key never has them.
const utf8 = new TextDecoder();

/** Bytes up to this length may be a dict's key. */
export const MAX_KEY = 512;

/** ASCII strings up to this length are decoded by hand, which is faster than a decoder's call. */
const SHORT = 64;

export function decodeUtf8(bytes: Uint8Array): string {
  if (bytes.length > SHORT) return utf8.decode(bytes);
  for (const byte of bytes) if (byte > 0x7f) return utf8.decode(bytes);
  return String.fromCharCode(...bytes);
}

/** One character a byte, as in Python 2's strings. */
export function decodeLatin1(bytes: Uint8Array): string {
  let text = "";
  const step = 1 << 13;
  for (let i = 0; i < bytes.length; i += step) text += String.fromCharCode(...bytes.subarray(i, i + step));
  return text;
}

export function encodeLatin1(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < bytes.length; i++) bytes[i] = text.charCodeAt(i);
  return bytes;
}

const ESCAPES: Readonly<Record<string, string>> = {
  "\\": "\\",
  "'": "'",
  '"': '"',
  a: "\x07",
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
  v: "\v",
};

/** repr() of a Python 2 string: in quotes, with backslash escapes. */
export function parseQuoted(line: Uint8Array): string {
  const text = decodeLatin1(line).trimEnd();
  const quote = text[0];
  if (text.length < 2 || (quote !== "'" && quote !== '"') || text.at(-1) !== quote) {
    throw new Malformed(say`a string without its quotes`);
  }
  return text
    .slice(1, -1)
    .replace(
      /\\(?:x([0-9a-fA-F]{2})|([0-7]{1,3})|([^]))/g,
      (all: string, hex?: string, octal?: string, c?: string) => {
        if (hex !== undefined) return String.fromCharCode(parseInt(hex, 16));
        if (octal !== undefined) return String.fromCharCode(parseInt(octal, 8) & 0xff);
        return ESCAPES[c!] ?? all;
      },
    );
}

/** Python's raw-unicode-escape: latin-1 with \uXXXX and \UXXXXXXXX. */
export const parseRawUnicode = (line: Uint8Array): string =>
  decodeLatin1(line).replace(
    /\\(?:u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8}))/g,
    (_, short?: string, long?: string) => {
      const code = parseInt((short ?? long)!, 16);
      if (code > 0x10ffff) throw new Malformed(say`a character beyond Unicode`);
      return String.fromCodePoint(code);
    },
  );

/** Longer integers are never sizes of weights, and their conversion needs quadratic time. */
const MAX_DIGITS = 1000;
const MAX_INTEGER_BYTES = 400;

const narrowed = (value: bigint): number | bigint =>
  value >= Number.MIN_SAFE_INTEGER && value <= Number.MAX_SAFE_INTEGER ? Number(value) : value;

/** For INT and LONG; INT's 00 and 01 are the booleans. */
export function parseInteger(line: Uint8Array): PyValue {
  const text = decodeLatin1(line).trim().replace(/L$/, "");
  if (text === "00" || text === "01") return text === "01";
  if (text.length > MAX_DIGITS) throw new Malformed(say`an integer of ${text.length} digits`);
  if (!/^[-+]?\d+$/.test(text)) throw new Malformed(say`an invalid integer`);
  return narrowed(text.startsWith("-") ? -BigInt(text.slice(1)) : BigInt(text.replace("+", "")));
}

/** Little-endian, two's complement. */
export function decodeInteger(bytes: Uint8Array): number | bigint {
  if (bytes.length > MAX_INTEGER_BYTES) throw new Malformed(say`an integer of ${bytes.length} bytes`);
  let value = 0n;
  for (let i = bytes.length - 1; i >= 0; i--) value = (value << 8n) | BigInt(bytes[i]!);
  return narrowed(BigInt.asIntN(8 * bytes.length, value));
}

const WORDS: Readonly<Record<string, number>> = { inf: Infinity, "-inf": -Infinity, nan: NaN, "-nan": NaN };

/** repr() of a float. */
export function parseFloatText(line: Uint8Array): number {
  const text = decodeLatin1(line).trim();
  const value = WORDS[text] ?? Number(text);
  if (text === "" || (Number.isNaN(value) && !(text in WORDS))) throw new Malformed(say`an invalid number`);
  return value;
}
