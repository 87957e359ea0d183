/** @file Just enough of protocol buffers to write an ONNX file: fields of varints, bytes, floats and messages. */

export type Field = readonly [
  number: number,
  value: number | string | Uint8Array | { readonly float: number },
];

function varint(value: number): number[] {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, BigInt(value));
  do {
    bytes.push(Number(rest & 0x7fn) | (rest > 0x7fn ? 0x80 : 0));
    rest >>= 7n;
  } while (rest > 0n);
  return bytes;
}

/** A message of its fields, in order; text is UTF-8, a Uint8Array is bytes or another message. */
export function message(fields: readonly Field[]): Uint8Array {
  const parts: Uint8Array[] = [];
  for (const [number, value] of fields) {
    if (typeof value === "number") parts.push(Uint8Array.from([...varint(number << 3), ...varint(value)]));
    else if (typeof value === "object" && "float" in value) {
      parts.push(
        Uint8Array.from(varint((number << 3) | 5)),
        new Uint8Array(new Float32Array([value.float]).buffer),
      );
    } else {
      const bytes = typeof value === "string" ? new TextEncoder().encode(value) : value;
      parts.push(Uint8Array.from([...varint((number << 3) | 2), ...varint(bytes.length)]), bytes);
    }
  }
  const result = new Uint8Array(parts.reduce((sum, p) => sum + p.length, 0));
  let at = 0;
  for (const part of parts) {
    result.set(part, at);
    at += part.length;
  }
  return result;
}
