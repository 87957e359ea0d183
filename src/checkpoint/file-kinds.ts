/** @file Finds a file's kind from its content, never from its suffix. */

/** The bytes at a file's beginning that decide its kind (a tar's mark is at byte 257). */
export const HEAD_BYTES = 512;

export type CheckpointKind = "safetensors" | "zip" | "pickle" | "json";

const text = (head: Uint8Array, begin = 0, end = head.length): string =>
  String.fromCharCode(...head.subarray(begin, end));

const bytesOf = (mark: string | readonly number[]): readonly number[] =>
  typeof mark === "string" ? Array.from(mark, (c) => c.charCodeAt(0)) : mark;

export const startsWith =
  (mark: string | readonly number[], at = 0) =>
  (head: Uint8Array): boolean =>
    bytesOf(mark).every((byte, i) => head[at + i] === byte);

export const matches =
  (pattern: RegExp) =>
  (head: Uint8Array): boolean =>
    pattern.test(text(head));

/**
 * A JSON object at byte 8, after its length in 8 bytes. A length may begin like another kind: 384 like a pickle, 80 01. Zeros
 * from byte 4 and then a brace are safetensors' alone.
 */
const isSafetensors = (head: Uint8Array): boolean =>
  head[8] === 0x7b && head.subarray(4, 8).every((byte) => byte === 0);

const SUPPORTED_KINDS: readonly (readonly [kind: CheckpointKind, is: (head: Uint8Array) => boolean])[] = [
  ["safetensors", isSafetensors],
  ["zip", matches(/^PK(?:\x03\x04|\x05\x06)/)],
  // Protocols 2 to 5 have a mark. 0 and 1 begin with torch.save's magic number, or with the opcodes of an object or a container.
  [
    "pickle",
    matches(/^(?:\x80[\0-\x05]|L\d+L\n|\((?:[dli\]}(]|S['"]|I\d+\n|K)|c[\w.]+\n[\w.]+\n|[}\])][qp(\]])/),
  ],
  ["json", matches(/^(?:\xef\xbb\xbf)?\s*\{[\s"]/)],
];

/** The kind of a checkpoint that is read, by its first bytes (HEAD_BYTES, or all of a shorter file); undefined for others. */
export const supportedKind = (head: Uint8Array): CheckpointKind | undefined =>
  SUPPORTED_KINDS.find(([, is]) => is(head))?.[0];
