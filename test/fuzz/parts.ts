/** @file Files as the parts that their formats put them together of: changed one by one, and put together rightly again. */

import { joined } from "../checkpoint/safetensors-file.js";
import { bytesMutator, withOtherNumber } from "./mutate-bytes.js";
import { oneOf, type Random } from "./random.js";

/** A chunk, a segment, a block, an element. */
export interface Part {
  /** What the format calls it: "IHDR", a marker, a tag. */
  readonly kind: string;
  readonly body: Uint8Array;
}

export interface Format<P extends Part = Part> {
  /** Undefined for bytes of another format. What is in no part is in the last one. */
  readonly split: (bytes: Uint8Array) => P[] | undefined;
  /** With the lengths and checksums of the parts as they are now. */
  readonly join: (parts: readonly P[]) => Uint8Array;
  /** A change of a part that only the format knows. Default: a number where headers stand. */
  readonly change?: (part: P, random: Random) => P;
}

const mutateBytes = bytesMutator();

/** Up to three changes of a file's parts; `other` has parts for it to take. Undefined for bytes of another format. */
export function mutateParts<P extends Part>(
  format: Format<P>,
  bytes: Uint8Array,
  other: Uint8Array,
  random: Random,
): Uint8Array | undefined {
  let parts = format.split(bytes);
  if (parts === undefined) return undefined;
  const found = format.split(other) ?? [];
  const others = found.length > 0 ? found : parts;
  for (let i = 1 + random(3); i > 0 && parts.length > 0; i--) parts = changed(format, parts, others, random);
  return format.join(parts);
}

function changed<P extends Part>(
  format: Format<P>,
  parts: readonly P[],
  others: readonly P[],
  random: Random,
): P[] {
  const at = random(parts.length);
  const part = parts[at]!;
  const replaced = (...by: P[]): P[] => parts.toSpliced(at, 1, ...by);
  const foreign = oneOf(others, random);
  const choice = random(16);
  if (choice < 4) return replaced({ ...part, body: withOtherNumber(part.body, random) });
  if (choice < 7) return replaced({ ...part, body: mutateBytes(part.body, random, foreign.body) });
  if (choice < 11) return replaced(format.change?.(part, random) ?? withOtherHead(part, random));
  if (choice === 11) return replaced();
  if (choice === 12) return replaced(part, part);
  if (choice === 13) return replaced(foreign, part);
  if (choice === 14) return replaced({ ...part, kind: foreign.kind });
  const second = random(parts.length);
  return parts.with(at, parts[second]!).with(second, part);
}

const HEAD = 16;

const withOtherHead = <P extends Part>(part: P, random: Random): P => ({
  ...part,
  body: joined(withOtherNumber(part.body.subarray(0, HEAD), random), part.body.subarray(HEAD)),
});
