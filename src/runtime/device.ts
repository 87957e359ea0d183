/** @file The engine on one GPU device: compiles graphs into plans and owns the temporary memory that plans share. */

import { GradlensError } from "../errors.js";
import type { Builder } from "../graph/builder.js";
import type { Node } from "../graph/types.js";
import type { AdapterTraits } from "../kernels/gemm-variants.js";
import { lowerGraph } from "../kernels/lowering-table.js";
import type { Lowered, LowerOptions } from "../kernels/lowering.js";
import type { Step } from "../kernels/step.js";
import type { Slot, View } from "../kernels/view.js";
import type { Gpu } from "./gpu.js";
import { GpuMemory, USAGE } from "./gpu-memory.js";
import { largestValue, uniformAlignment } from "./limits.js";
import { lifetimes, type Lifetime } from "./buffer-assignment.js";
import { Pipelines } from "./pipelines.js";
import { gridOf, Plan, type Dispatch } from "./plan.js";
import { PlanMemory } from "./plan-memory.js";
import { readViews } from "./readback.js";
import { SharedPool } from "./shared-pool.js";
import { packUniforms, uniformRanges } from "./uniforms.js";
import { say } from "../language/say.js";

export interface CompileOptions extends Pick<LowerOptions, "sources" | "plainOutputs"> {
  /** Computes the values that are made of parameters alone. */
  readonly weights?: { prepare(requests: ReadonlyMap<Node, View>): Promise<() => void> };
}

export interface Estimate {
  /** To allocate beyond the memory that plans share now; without weights. */
  readonly bytes: number;
  /** Whether the adapter can bind every value. */
  readonly fits: boolean;
  /** Floating-point operations of a run. */
  readonly flops: number;
}

export class Device extends GpuMemory {
  readonly pipelines: Pipelines;
  readonly traits: AdapterTraits;
  private readonly pool = new SharedPool(this);
  /** @param traits that override the adapter's in the choice of kernels */
  constructor(gpu: Gpu, traits: Partial<AdapterTraits> = {}) {
    super(gpu);
    this.pipelines = new Pipelines(gpu, this.errors);
    this.traits = { kind: gpu.adapter.kind, subgroupSize: gpu.adapter.subgroupSize, ...traits };
  }

  /** Elements of the largest value. */
  get maxElements(): number {
    return Math.floor(largestValue(this.limits) / 4);
  }

  /**
   * @param outputs values to keep; the plan computes only what they need
   * @throws GradlensError "out-of-memory" if the GPU refuses the plan's memory
   */
  async compile(b: Builder, outputs: readonly Node[], options: CompileOptions = {}): Promise<Plan> {
    const lowered = this.lower(b, outputs, options);
    const slots = this.slotsOf(lowered);
    const weights = [...lowered.weights.values()].map((view) => view.slot);
    for (const slot of [...slots.own, ...slots.shared.map((life) => life.slot), ...weights]) {
      this.checkSize(slot, lowered.steps);
    }
    const compiling = this.pipelines.of(lowered.steps);
    compiling.catch(() => undefined); // awaited below; until then a failure must not count as unhandled
    const releaseWeights = await options.weights?.prepare(lowered.weights);
    try {
      const pipelines = await compiling;
      const memory = new PlanMemory(this, this.pool);
      const dispatches = await this.allocate(
        () => say`this plan's memory`,
        () => {
          memory.place(slots.own, slots.shared);
          this.writeTables(lowered);
          return this.dispatches(lowered.steps, pipelines, memory);
        },
        () => memory.free(),
      );
      return new Plan(this, lowered, dispatches, () => {
        memory.free();
        releaseWeights?.();
      });
    } catch (error) {
      releaseWeights?.();
      throw error;
    }
  }

  /** The cost of `compile` and a run, without either. */
  estimate(b: Builder, outputs: readonly Node[], options: CompileOptions = {}): Estimate {
    const lowered = this.lower(b, outputs, options);
    const { own, shared } = this.slotsOf(lowered);
    const sizes = [...own, ...shared.map((life) => life.slot)].map((slot) => slot.size);
    const uniforms = uniformRanges(lowered.steps, uniformAlignment(this.limits)).bytes;
    const elements = own.reduce((sum, slot) => sum + slot.size, 0) + this.pool.estimate(shared);
    return {
      bytes: uniforms + 4 * elements,
      fits: Math.max(0, ...sizes) <= this.maxElements,
      flops: lowered.steps.reduce((sum, step) => sum + step.flops, 0),
    };
  }

  private lower(b: Builder, outputs: readonly Node[], options: CompileOptions): Lowered {
    const { weights, ...rest } = options;
    return lowerGraph(b, outputs, { ...rest, traits: this.traits, weightsApart: weights !== undefined });
  }

  /** The slots without memory: the plan's own, and those that share buffers with other plans. */
  private slotsOf(lowered: Lowered): { own: Slot[]; shared: Lifetime[] } {
    const pinned = new Set(lowered.outputs.map((v) => v.slot));
    for (const view of lowered.inputs.values()) pinned.add(view.slot);
    const lives = [...lifetimes(lowered.steps).values()].filter(
      ({ slot }) => slot.kind !== "weight" && !this.hasPlace(slot),
    );
    const shared = lives.filter((l) => l.slot.kind !== "input" && !pinned.has(l.slot));
    const own = new Set([...lives.filter((l) => !shared.includes(l)).map((l) => l.slot), ...pinned]);
    return { own: [...own].filter((slot) => slot.kind !== "weight" && !this.hasPlace(slot)), shared };
  }

  private checkSize(slot: Slot, steps: readonly Step[]): void {
    const limit = largestValue(this.limits);
    if (slot.size * 4 <= limit) return;
    const step = steps.find((s) => s.output === slot || s.inputs.includes(slot));
    throw new GradlensError(
      "out-of-memory",
      say`${step?.label ?? slot.name} needs a buffer of ${mebibytes(slot.size * 4)}; this adapter binds at most ${mebibytes(limit)}. Use a smaller --size or --batch-size, or fewer targets at once.`,
    );
  }

  private writeTables({ tables }: Lowered): void {
    for (const [slot, data] of tables) {
      if (!this.hasPlace(slot)) continue;
      const { buffer, offset } = this.rangeOf(slot);
      this.queue.writeBuffer(buffer, offset, data);
    }
  }

  private dispatches(
    steps: readonly Step[],
    pipelines: readonly GPUComputePipeline[],
    memory: PlanMemory,
  ): Dispatch[] {
    const layout = uniformRanges(steps, uniformAlignment(this.limits));
    const uniforms = memory.add(this.bufferOf(layout.bytes, "uniforms", USAGE.UNIFORM | USAGE.COPY_DST));
    this.queue.writeBuffer(uniforms, 0, packUniforms(steps, layout));
    return steps.map((step, i) => {
      const pipeline = pipelines[i]!;
      const bindings: GPUBufferBinding[] = [
        { buffer: uniforms, ...layout.ranges[i]! },
        ...[step.output, ...step.inputs].map((slot) => this.rangeOf(slot)),
      ];
      const bindGroup = this.gpu.device.createBindGroup({
        label: step.label,
        layout: pipeline.getBindGroupLayout(0),
        entries: bindings.map((resource, binding) => ({ binding, resource })),
      });
      return { pipeline, bindGroup, grid: gridOf(step.groups) };
    });
  }

  /** Copies values to the host: row-major, without the padding of rows. */
  read(views: readonly View[]): Promise<Float32Array[]> {
    return readViews(this, views);
  }

  dispose(): void {
    this.errors.close();
    this.pool.dispose();
  }
}

const mebibytes = (bytes: number): string => `${Math.ceil(bytes / 2 ** 20)} MiB`;
