/** @file Changes of bytes that know nothing of their format. */

import { joined } from "../checkpoint/safetensors-file.js";
import { oneOf, type Random } from "./random.js";

type Mutation = (bytes: Uint8Array, random: Random, other: Uint8Array) => Uint8Array;

/** Lengths' extremes. */
const EXTREMES: readonly number[] = [0, 1, 0x7f, 0x80, 0xff];

function spliced(bytes: Uint8Array, at: number, remove: number, insert: Uint8Array): Uint8Array {
  const rest = bytes.subarray(Math.min(bytes.length, at + remove));
  return joined(bytes.subarray(0, at), insert, rest);
}

const range = (bytes: Uint8Array, random: Random, most: number): [at: number, length: number] => {
  const at = random(bytes.length);
  return [at, Math.min(bytes.length - at, 1 + random(most))];
};

const mutations = (telling: readonly number[]): readonly Mutation[] => [
  (bytes, random) => {
    bytes[random(bytes.length)]! ^= 1 << random(8);
    return bytes;
  },
  (bytes, random) => {
    bytes[random(bytes.length)] = oneOf(telling, random);
    return bytes;
  },
  (bytes, random) => {
    bytes[random(bytes.length)] = random(256);
    return bytes;
  },
  (bytes, random) => {
    const [at, length] = range(bytes, random, 8);
    bytes.fill(random(2) === 0 ? 0 : 0xff, at, at + length);
    return bytes;
  },
  (bytes, random) => spliced(bytes, ...range(bytes, random, 40), new Uint8Array()),
  (bytes, random) => {
    const [from, length] = range(bytes, random, 60);
    return spliced(bytes, random(bytes.length), 0, bytes.slice(from, from + length));
  },
  (bytes, random, other) => {
    const [from, length] = range(other, random, 200);
    return spliced(
      bytes,
      random(bytes.length),
      random(2) * Math.min(length, 20),
      other.slice(from, from + length),
    );
  },
  (bytes, random) => bytes.slice(0, random(bytes.length)),
];

/** Up to four changes; `telling` are bytes that mean much in the format. */
export function bytesMutator(
  telling: readonly number[] = EXTREMES,
): (bytes: Uint8Array, random: Random, other: Uint8Array) => Uint8Array {
  const all = mutations(telling);
  return (bytes, random, other) => {
    let result: Uint8Array = bytes.slice();
    for (let i = 1 + random(4); i > 0 && result.length > 0; i--) {
      result = oneOf(all, random)(result, random, other);
    }
    return result;
  };
}

/** A number somewhere, of 1, 2 or 4 bytes, becomes one at which programs err. */
export function withOtherNumber(bytes: Uint8Array, random: Random): Uint8Array {
  const size = oneOf([1, 2, 4] as const, random);
  if (bytes.length < size) return bytes;
  const result = Buffer.from(bytes);
  // Fields mostly lie at multiples of their size.
  const at =
    random(2) === 0 ? random(bytes.length - size + 1) : size * random(Math.floor(bytes.length / size));
  const little = random(2) === 0;
  const old = little ? result.readUIntLE(at, size) : result.readUIntBE(at, size);
  const range = 2 ** (8 * size);
  const most = range - 1;
  const candidates = [
    0,
    1,
    2,
    3,
    most,
    most - 1,
    most >> 1,
    range / 2,
    bytes.length,
    old + 1,
    old - 1,
    2 * old,
  ];
  const value = random(4) === 0 ? random(range) : oneOf(candidates, random);
  const kept = ((value % range) + range) % range;
  if (little) result.writeUIntLE(kept, at, size);
  else result.writeUIntBE(kept, at, size);
  return result;
}
