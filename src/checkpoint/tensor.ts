/** @file A tensor whose bytes are fetched on demand. */

import { quote } from "./quote.js";
import { badFile } from "./source.js";
import { dtypeInfo, type DType } from "./dtype.js";
import type { CheckpointTensor } from "./types.js";
import { say, translated } from "../language/say.js";

/** A tensor of the file called `file`; `bytes` fetches its contiguous little-endian elements. */
export function lazyTensor(
  file: string,
  name: string,
  dtype: DType,
  shape: readonly number[],
  byteLength: number,
  bytes: () => Promise<Uint8Array>,
): CheckpointTensor {
  return {
    name,
    dtype,
    shape,
    byteLength,
    bytes,
    async floats() {
      const { toFloats } = dtypeInfo(dtype);
      if (toFloats === undefined)
        throw badFile(
          file,
          say`tensor ${quote(name)} holds ${dtype} elements, which no supported model uses`,
        );
      return toFloats(await bytes());
    },
  };
}

/** An f32 tensor that is computed from others on demand. */
export function lazyFloats(
  file: string,
  name: string,
  shape: readonly number[],
  problem: string | undefined,
  compute: () => Promise<Float32Array>,
): CheckpointTensor {
  const floats = (): Promise<Float32Array> =>
    problem === undefined
      ? compute()
      : Promise.reject(badFile(file, say`tensor ${quote(name)} ${translated(problem)}`));
  return {
    name,
    dtype: "F32",
    shape,
    byteLength: 4 * shape.reduce((product, n) => product * n, 1),
    ...(problem !== undefined && { problem }),
    floats,
    async bytes() {
      const values = await floats();
      return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
    },
  };
}
