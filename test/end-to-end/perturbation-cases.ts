/** @file Score-CAM and Ablation-CAM of a golden case through the library, against the references. */

import { expect } from "vitest";
import type { MethodName } from "../../src/cam/methods/table.js";
import { expectTensor, loadCase, openTestGpu } from "./harness.js";

/** Also for a second target, which comes out of the same run and changes nothing. */
export async function checkMethod(name: string, method: MethodName): Promise<void> {
  const gpu = await openTestGpu();
  const { golden, model, picture } = await loadCase(name, gpu);
  try {
    const { layers, target } = golden.case;
    const other = target === 0 ? 1 : 0;
    const counts: number[] = [];
    const { maps } = await model.explain(picture, {
      methods: [method],
      layers,
      targets: [other, target],
      onProgress: ({ done, what }) => what.startsWith(method) && counts.push(done),
    });
    expectTensor(golden, `cam.${method}`, maps[1]!.data);
    expect(maps[1]!.flat === undefined).toBe(golden.floats(`cam.${method}`).data.some((x) => x > 0));
    expect(counts[0]).toBe(0);
    expect(counts).toEqual([...counts].sort((a, b) => a - b));
  } finally {
    model.dispose();
    gpu.dispose();
  }
}
