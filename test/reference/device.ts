/** @file A device that runs plans in the f64 interpreter, so that a whole model runs without an adapter. */

import type { Builder } from "../../src/graph/builder.js";
import type { Node } from "../../src/graph/types.js";
import type { CompileOptions, Device } from "../../src/runtime/device.js";
import type { Plan } from "../../src/runtime/plan.js";
import type { WeightStore } from "../../src/runtime/weights.js";
import { evaluate, type NdF64 } from "./index.js";

/** A value of a plan: what another plan's `sources` name. */
interface Held {
  readonly shape: readonly number[];
  value: NdF64 | undefined;
}

/** The part of Plan that models use. */
class ReferencePlan implements Pick<Plan, "write" | "run" | "read" | "profile" | "dispose"> {
  readonly outputs: readonly Held[];
  private readonly inputs = new Map<string, ArrayLike<number>>();

  constructor(
    private readonly graph: Builder,
    private readonly nodes: readonly Node[],
    private readonly params: ReadonlyMap<string, Float32Array>,
    private readonly sources: ReadonlyMap<Node, Held>,
  ) {
    this.outputs = nodes.map(({ shape }) => ({ shape, value: undefined }));
  }

  write(name: string, values: Float32Array): void {
    this.inputs.set(name, values);
  }

  run({ signal }: { signal?: AbortSignal | undefined } = {}): Promise<void> {
    signal?.throwIfAborted();
    const inputs = new Map(this.inputs);
    for (const [name, node] of this.graph.inputs) {
      const source = this.sources.get(node);
      if (source) inputs.set(name, source.value!.data);
    }
    evaluate(this.nodes, { inputs, params: this.params }).forEach((value, i) => {
      this.outputs[i]!.value = value;
    });
    return Promise.resolve();
  }

  read(...indexes: number[]): Promise<Float32Array[]> {
    return Promise.resolve(indexes.map((i) => Float32Array.from(this.outputs[i]!.value!.data)));
  }

  profile(): Promise<never[]> {
    return Promise.resolve([]);
  }

  dispose(): void {}
}

/** @param params by checkpoint key, row-major */
export function referenceDevice(params: Map<string, Float32Array>): {
  device: Device;
  weights: WeightStore;
} {
  const device = {
    memory: { now: 0, peak: 0 },
    maxElements: 2 ** 26,
    makeRoom: undefined,
    errors: { stop: () => undefined },
    compile: (graph: Builder, outputs: readonly Node[], { sources }: CompileOptions = {}) =>
      Promise.resolve(
        new ReferencePlan(graph, outputs, params, (sources ?? new Map()) as ReadonlyMap<Node, never>),
      ),
    estimate: () => ({ bytes: 0, fits: true, flops: 0 }),
    dispose: () => undefined,
  };
  const weights: Partial<WeightStore> = {
    bytes: 0,
    add: (key, values) => void params.set(key, values),
    remove: (key) => void params.delete(key),
    dropUnused: () => undefined,
    dispose: () => undefined,
  };
  return { device: device as unknown as Device, weights: weights as unknown as WeightStore };
}
