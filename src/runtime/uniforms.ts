/** @file The uniforms of a plan's steps: one buffer, a stretch of it for each step. */

import { invariant } from "../errors.js";
import type { Step } from "../kernels/step.js";

/** Bytes from one step's uniforms to the next one's. */
const strideOf = (steps: readonly Step[], align: number): number =>
  Math.max(...steps.map(({ uniforms }) => Math.ceil((uniforms.length * 4) / align)), 1) * align;

export const uniformBytes = (steps: readonly Step[], align: number): number =>
  strideOf(steps, align) * Math.max(1, steps.length);

/** What the buffer holds. @param align where a step's uniforms may begin, in bytes */
export function uniformWords(steps: readonly Step[], align: number): Uint32Array<ArrayBuffer> {
  const stride = strideOf(steps, align);
  const words = new Uint32Array(uniformBytes(steps, align) / 4);
  steps.forEach(({ label, uniforms }, i) => {
    invariant(
      uniforms.every((u) => Number.isInteger(u)),
      `${label}: uniforms ${uniforms.join()}`,
    );
    words.set(
      uniforms.map((u) => u >>> 0),
      (i * stride) / 4,
    );
  });
  return words;
}

/** Where the uniforms of step `i` lie in the buffer. */
export const uniformBinding = (
  buffer: GPUBuffer,
  steps: readonly Step[],
  i: number,
  align: number,
): Required<GPUBufferBinding> => ({
  buffer,
  offset: i * strideOf(steps, align),
  size: Math.ceil((steps[i]!.uniforms.length * 4) / 16) * 16,
});
