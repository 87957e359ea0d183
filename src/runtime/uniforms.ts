/** @file The uniforms of a plan's steps: one buffer, a range of it for each step. */

import { paramsLayout } from "../kernels/params.js";
import type { Step } from "../kernels/step.js";

interface Ranges {
  readonly bytes: number;
  readonly ranges: readonly { readonly offset: number; readonly size: number }[];
}

/** @param align where a range may begin, in bytes */
export function uniformRanges(steps: readonly Step[], align: number): Ranges {
  let bytes = 0;
  const ranges = steps.map(({ shader, spec }) => {
    const offset = bytes;
    const { size } = paramsLayout(shader, spec);
    bytes += Math.ceil(size / align) * align;
    return { offset, size };
  });
  return { bytes: Math.max(bytes, align), ranges };
}

/** @throws GradlensError "internal" where a uniform is missing, unknown or no number */
export function packUniforms(steps: readonly Step[], { bytes, ranges }: Ranges): ArrayBuffer {
  const packed = new ArrayBuffer(bytes);
  const view = new DataView(packed);
  steps.forEach(({ label, shader, spec, uniforms }, i) => {
    paramsLayout(shader, spec).write(view, ranges[i]!.offset, uniforms, `${label}: params`);
  });
  return packed;
}
