/** @file The engine on one GPU device: compiles graphs into plans, owns the memory that plans share. */

import { GradlensError, invariant } from "../errors.js";
import type { Builder } from "../graph/builder.js";
import type { Node } from "../graph/types.js";
import type { AdapterTraits } from "../kernels/choice.js";
import { Lowering, type Lowered } from "../kernels/lowering.js";
import type { Step } from "../kernels/step.js";
import type { Slot, View } from "../kernels/view.js";
import { DeviceErrors } from "./errors.js";
import type { Gpu } from "./gpu.js";
import { assignBuffers, lifetimes, type Lifetime } from "./memory.js";
import { Pipelines } from "./pipelines.js";
import { gridOf, Plan, type Dispatch } from "./plan.js";
import { readViews, timePass, USAGE, type EncodePass } from "./readback.js";
import type { WeightStore } from "./weights.js";

/** WebGPU's maxComputeWorkgroupsPerDimension, which no adapter exceeds in practice. */
export const MAX_GROUPS_X = 65535;

/** A piece of a buffer, in bytes. */
export interface Range {
  readonly buffer: GPUBuffer;
  readonly offset: number;
  readonly size: number;
}

interface PoolBuffer {
  readonly buffer: GPUBuffer;
  readonly elements: number;
  /** Plans that use it. */
  users: number;
}

export interface CompileOptions {
  /** Where parameters and what is made of them only come from. */
  readonly weights?: WeightStore;
  /** Values that lie there already: outputs of other plans. */
  readonly sources?: ReadonlyMap<Node, View>;
  /** Outputs lie row by row at the start of memory of their own. */
  readonly plainOutputs?: boolean;
}

export interface Estimate {
  /** That would be allocated beyond what is there; weights are not counted. */
  readonly bytes: number;
  /** Whether the adapter can bind every value. */
  readonly fits: boolean;
  /** Floating-point operations of a run. */
  readonly flops: number;
}

export class Device {
  readonly errors: DeviceErrors;
  readonly pipelines: Pipelines;
  readonly traits: AdapterTraits;
  private readonly ranges = new WeakMap<Slot, Range>();
  /** Buffers that the plans' temporary values share; plans of one device run one after another. */
  private pool: PoolBuffer[] = [];
  private bytes = 0;
  private peak = 0;

  /** @param traits where kernels should be chosen otherwise than the adapter suggests */
  constructor(
    readonly gpu: Gpu,
    traits: Partial<AdapterTraits> = {},
  ) {
    this.errors = new DeviceErrors(gpu);
    this.pipelines = new Pipelines(gpu, this.errors);
    this.traits = { kind: gpu.adapter.kind, subgroupSize: gpu.adapter.subgroupSize, ...traits };
  }

  get queue(): GPUQueue {
    return this.gpu.device.queue;
  }

  /** Elements that one binding may hold. */
  get maxElements(): number {
    return Math.floor(this.gpu.device.limits.maxStorageBufferBindingSize / 4);
  }

  /** Bytes of GPU memory that are and were at most allocated here. */
  get memory(): { readonly now: number; readonly peak: number } {
    return { now: this.bytes, peak: this.peak };
  }

  /** @param outputs values to keep; everything that none of them needs is left out */
  async compile(b: Builder, outputs: readonly Node[], options: CompileOptions = {}): Promise<Plan> {
    const lowered = this.lower(b, outputs, options);
    const compiling = this.pipelines.of(lowered.steps);
    compiling.catch(() => undefined); // awaited below; until then a failure must not count as unhandled
    const giveBack = await options.weights?.prepare(lowered.weights);
    const owned: GPUBuffer[] = [];
    let used: readonly PoolBuffer[] = [];
    const release = (): void => {
      for (const buffer of owned) this.destroyBuffer(buffer);
      this.releaseShared(used);
      giveBack?.();
    };
    try {
      const pipelines = await compiling;
      const { own, shared } = this.slotsOf(lowered);
      for (const slot of [...own, ...shared.map((life) => life.slot)]) this.checkSize(slot, lowered.steps);
      const place = (): Dispatch[] => {
        used = this.placeShared(shared);
        for (const slot of own) {
          const buffer = this.createBuffer(slot.size * 4, slot.name);
          owned.push(buffer);
          this.ranges.set(slot, { buffer, offset: 0, size: buffer.size });
        }
        for (const [slot, data] of lowered.tables) {
          const range = this.ranges.get(slot);
          if (range) this.queue.writeBuffer(range.buffer, range.offset, data);
        }
        const uniforms = this.uniformBuffer(lowered.steps);
        owned.push(uniforms.buffer);
        return lowered.steps.map((step, i) => this.dispatch(step, pipelines[i]!, uniforms.range(i)));
      };
      const dispatches = await this.errors.scoped(() => "this plan's memory", place);
      return new Plan(this, lowered, dispatches, release);
    } catch (error) {
      // What was refused must not take the room of what could still be run.
      release();
      throw error;
    }
  }

  /** What `compile` would take, without taking it. */
  estimate(b: Builder, outputs: readonly Node[], options: CompileOptions = {}): Estimate {
    const lowered = this.lower(b, outputs, options);
    const { own, shared } = this.slotsOf(lowered);
    const have = this.pool.map((p) => p.elements);
    const added = assignBuffers(shared, have).sizes.slice(have.length);
    const sizes = [...own, ...shared.map((life) => life.slot)].map((slot) => slot.size);
    const uniforms = this.uniformStride(lowered.steps) * lowered.steps.length;
    return {
      bytes: uniforms + 4 * [...own.map((slot) => slot.size), ...added].reduce((sum, n) => sum + n, 0),
      fits: Math.max(0, ...sizes) * 4 <= this.gpu.device.limits.maxStorageBufferBindingSize,
      flops: lowered.steps.reduce((sum, step) => sum + step.flops, 0),
    };
  }

  private lower(b: Builder, outputs: readonly Node[], options: CompileOptions): Lowered {
    return new Lowering(b, outputs, {
      traits: this.traits,
      weightsApart: options.weights !== undefined,
      ...(options.sources ? { sources: options.sources } : {}),
      plainOutputs: options.plainOutputs ?? false,
    }).run();
  }

  /** The memory that a plan must be given: its own, and what it shares with other plans. */
  private slotsOf(lowered: Lowered): { own: Slot[]; shared: Lifetime[] } {
    const pinned = new Set(lowered.outputs.map((v) => v.slot));
    for (const view of lowered.inputs.values()) pinned.add(view.slot);
    const lives = [...lifetimes(lowered.steps).values()].filter(
      ({ slot }) => slot.kind !== "weight" && !this.ranges.has(slot),
    );
    const shared = lives.filter((l) => l.slot.kind !== "input" && !pinned.has(l.slot));
    const own = new Set([...lives.filter((l) => !shared.includes(l)).map((l) => l.slot), ...pinned]);
    return { own: [...own].filter((slot) => slot.kind !== "weight" && !this.ranges.has(slot)), shared };
  }

  private checkSize(slot: Slot, steps: readonly Step[]): void {
    const limit = this.gpu.device.limits.maxStorageBufferBindingSize;
    if (slot.size * 4 <= limit) return;
    const step = steps.find((s) => s.output === slot || s.inputs.includes(slot));
    throw new GradlensError(
      "out-of-memory",
      `${step?.label ?? slot.name}: needs a buffer of ${mebibytes(slot.size * 4)}, this adapter binds at most ${mebibytes(limit)}; take a smaller --size or --batch-size, or fewer targets at once`,
    );
  }

  private placeShared(lives: readonly Lifetime[]): PoolBuffer[] {
    const { sizes, bufferOf } = assignBuffers(
      lives,
      this.pool.map((p) => p.elements),
    );
    for (const elements of sizes.slice(this.pool.length)) {
      this.pool.push({ buffer: this.createBuffer(elements * 4, "shared"), elements, users: 0 });
    }
    const used = [...new Set(bufferOf.values())].map((i) => this.pool[i]!);
    for (const buffer of used) buffer.users++;
    for (const [slot, i] of bufferOf) {
      this.ranges.set(slot, { buffer: this.pool[i]!.buffer, offset: 0, size: slot.size * 4 });
    }
    return used;
  }

  private releaseShared(used: readonly PoolBuffer[]): void {
    for (const entry of used) entry.users--;
    // What is no longer in the pool went with the device.
    for (const { buffer, users } of this.pool) if (users === 0) this.destroyBuffer(buffer);
    this.pool = this.pool.filter((entry) => entry.users > 0);
  }

  private dispatch(step: Step, pipeline: GPUComputePipeline, uniform: GPUBufferBinding): Dispatch {
    const bindings: GPUBufferBinding[] = [
      uniform,
      ...[step.output, ...step.inputs].map((slot) => this.rangeOf(slot)),
    ];
    const bindGroup = this.gpu.device.createBindGroup({
      label: step.label,
      layout: pipeline.getBindGroupLayout(0),
      entries: bindings.map((resource, binding) => ({ binding, resource })),
    });
    return { pipeline, bindGroup, grid: gridOf(step.groups) };
  }

  /** Bytes from one step's uniforms to the next one's. */
  private uniformStride(steps: readonly Step[]): number {
    const align = this.gpu.device.limits.minUniformBufferOffsetAlignment;
    return Math.max(...steps.map((step) => Math.ceil((step.uniforms.length * 4) / align)), 1) * align;
  }

  private uniformBuffer(steps: readonly Step[]): {
    buffer: GPUBuffer;
    range: (i: number) => GPUBufferBinding;
  } {
    const stride = this.uniformStride(steps);
    const words = new Uint32Array((stride / 4) * Math.max(1, steps.length));
    steps.forEach((step, i) => {
      invariant(
        step.uniforms.every((u) => Number.isInteger(u)),
        `${step.label}: uniforms ${step.uniforms.join()}`,
      );
      words.set(
        step.uniforms.map((u) => u >>> 0),
        (i * stride) / 4,
      );
    });
    const buffer = this.gpu.device.createBuffer({
      size: words.byteLength,
      usage: USAGE.UNIFORM | USAGE.COPY_DST,
    });
    this.count(buffer.size);
    this.queue.writeBuffer(buffer, 0, words);
    return {
      buffer,
      range: (i) => ({
        buffer,
        offset: i * stride,
        size: Math.ceil((steps[i]!.uniforms.length * 4) / 16) * 16,
      }),
    };
  }

  createBuffer(bytes: number, label: string): GPUBuffer {
    const size = Math.ceil(bytes / 16) * 16;
    const buffer = this.gpu.device.createBuffer({
      label,
      size,
      usage: USAGE.STORAGE | USAGE.COPY_SRC | USAGE.COPY_DST,
    });
    this.count(size);
    return buffer;
  }

  destroyBuffer(buffer: GPUBuffer): void {
    this.bytes -= buffer.size;
    buffer.destroy();
  }

  private count(bytes: number): void {
    this.bytes += bytes;
    this.peak = Math.max(this.peak, this.bytes);
  }

  /** Says where a slot lies, for memory that is managed elsewhere (the weight store). */
  place(slot: Slot, range: Range): void {
    this.ranges.set(slot, range);
  }

  rangeOf(slot: Slot): Range {
    const range = this.ranges.get(slot);
    invariant(range, `slot ${slot.name || slot.kind} has no memory`);
    return range;
  }

  /** Resolves when all submitted work is done. */
  idle(): Promise<unknown> {
    return this.errors.wait(this.queue.onSubmittedWorkDone());
  }

  /** Copies values to the host: row-major, without what fills rows up. */
  read(views: readonly View[]): Promise<Float32Array[]> {
    this.errors.check();
    return readViews(this, views);
  }

  /** Milliseconds that the GPU takes for one pass. */
  time(encode: EncodePass): Promise<number> {
    return timePass(this, encode);
  }

  dispose(): void {
    this.errors.close();
    for (const { buffer } of this.pool) this.destroyBuffer(buffer);
    this.pool = [];
  }
}

const mebibytes = (bytes: number): string => `${Math.ceil(bytes / 2 ** 20)} MiB`;
