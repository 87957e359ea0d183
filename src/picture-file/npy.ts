/** @file Writes NumPy's .npy format, version 1.0, for `np.load`. */

import { badArgument } from "../errors.js";
import { say } from "../language/say.js";

const MAGIC = "\x93NUMPY\x01\x00";
/** NumPy aligns the data so that it can be memory-mapped. */
const ALIGNMENT = 64;

/**
 * A float32 array of the given shape, C order (last index fastest), little endian.
 * @throws GradlensError "bad-argument" if the shape needs another number of values
 */
export function encodeNpy(data: Float32Array, shape: readonly number[]): Uint8Array {
  if (shape.reduce((product, side) => product * side, 1) !== data.length) {
    throw badArgument(say`${data.length} values do not make an array of shape ${shape.join("x") || "()"}`);
  }
  const tuple = shape.length === 1 ? `${shape[0]},` : shape.join(", ");
  const header = `{'descr': '<f4', 'fortran_order': False, 'shape': (${tuple}), }`;
  // Magic, two bytes of header length, the header ended by a newline.
  const start = Math.ceil((MAGIC.length + 2 + header.length + 1) / ALIGNMENT) * ALIGNMENT;
  const padded = header.padEnd(start - MAGIC.length - 3) + "\n";
  const file = new Uint8Array(start + data.byteLength);
  const view = new DataView(file.buffer);
  const latin1 = (text: string): Uint8Array => Uint8Array.from(text, (char) => char.charCodeAt(0));
  file.set(latin1(MAGIC));
  view.setUint16(MAGIC.length, padded.length, true);
  file.set(latin1(padded), MAGIC.length + 2);
  for (let i = 0; i < data.length; i++) view.setFloat32(start + 4 * i, data[i]!, true);
  return file;
}
