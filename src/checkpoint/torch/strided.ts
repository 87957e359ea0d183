/** @file Converts strided elements to row-major order, and byte orders. */

/** True if elements are contiguous in row-major order (the strides of axes with one element are ignored). */
function isContiguous(shape: readonly number[], strides: readonly number[]): boolean {
  let expected = 1;
  for (let i = shape.length - 1; i >= 0; i--) {
    if (shape[i] !== 1 && strides[i] !== expected) return false;
    expected *= shape[i]!;
  }
  return true;
}

/**
 * The elements of a tensor in row-major order.
 * @param span the bytes from its first element to its last
 * @param size bytes of an element
 * @param strides in elements
 */
export function gather(
  span: Uint8Array,
  size: number,
  shape: readonly number[],
  strides: readonly number[],
): Uint8Array {
  if (isContiguous(shape, strides)) return span;
  const count = shape.reduce((n, dim) => n * dim, 1);
  const result = new Uint8Array(count * size);
  // Moved as whole words if the span is aligned in memory.
  const word = span.byteOffset % size === 0 && (size === 2 || size === 4) ? size : 1;
  const from = words(span, word);
  const to = words(result, word);
  const perElement = size / word;
  const index = new Array<number>(shape.length).fill(0);
  const inner = shape.length - 1;
  const [length, step] = [shape[inner]!, strides[inner]! * perElement];
  let start = 0;
  for (let at = 0; at < to.length;) {
    for (let i = 0, source = start; i < length; i++, source += step) {
      for (let k = 0; k < perElement; k++) to[at++] = from[source + k]!;
    }
    for (let axis = inner - 1; axis >= 0; axis--) {
      start += strides[axis]! * perElement;
      if (++index[axis]! < shape[axis]!) break;
      start -= shape[axis]! * strides[axis]! * perElement;
      index[axis] = 0;
    }
  }
  return result;
}

function words(bytes: Uint8Array, word: number): Uint8Array | Uint16Array | Uint32Array {
  const { buffer, byteOffset, byteLength } = bytes;
  if (word === 4) return new Uint32Array(buffer, byteOffset, byteLength / 4);
  if (word === 2) return new Uint16Array(buffer, byteOffset, byteLength / 2);
  return bytes;
}

/** Swaps the byte order of elements of `size` bytes. */
export function swapBytes(bytes: Uint8Array, size: number): Uint8Array {
  if (size === 1) return bytes;
  const result = new Uint8Array(bytes.length);
  for (let at = 0; at < bytes.length; at += size) {
    for (let k = 0; k < size; k++) result[at + k] = bytes[at + size - 1 - k]!;
  }
  return result;
}
