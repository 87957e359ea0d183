/**
 * @file The weight store of a model: parameters, and values made of parameters alone (folded batch norms, weights packed
 * for the kernels). It computes them on the GPU and keeps them in a few large buffers for the plans that read them. It
 * reads a raw tensor from the checkpoint when a missing value needs it.
 */

import { attrsKey } from "../graph/attrs-key.js";
import { instantiate, reachable } from "../graph/instantiate.js";
import { contiguousStrides, sizeOf } from "../graph/shape.js";
import type { Node, NodeOf } from "../graph/types.js";
import { hasCode, invariant } from "../errors.js";
import type { Slot, View } from "../kernels/view.js";
import { SubAllocator } from "./sub-allocator.js";
import type { Device } from "./device.js";
import type { Range } from "./buffer-assignment.js";
import { storageAlignment } from "./limits.js";
import { say } from "../language/say.js";

/** A checkpoint's tensor. */
export interface Parameter {
  /** Values in row-major order, as f32. */
  floats(): Promise<Float32Array>;
}

const CHUNK_BYTES = 32 * 2 ** 20;
/** Raw tensors on the GPU at the same time while weights are prepared. */
const BATCH_BYTES = 64 * 2 ** 20;

interface Entry {
  readonly key: string;
  readonly range: Range;
  /** Number of plans that read it. */
  users: number;
}

export class WeightStore {
  /** By key. Entries that no plan reads are in the order of their release. */
  private readonly known = new Map<string, Entry>();
  private readonly memory: SubAllocator;
  /** Bytes of weights of the largest plan. As many bytes of unused entries are kept for later plans. */
  private largest = 0;
  private recent: { readonly key: string; readonly values: Float32Array } | undefined;
  private preparing: Promise<unknown> = Promise.resolve();

  private readonly parameters: Map<string, Parameter>;

  constructor(
    private readonly device: Device,
    parameters: ReadonlyMap<string, Parameter>,
  ) {
    this.parameters = new Map(parameters);
    this.memory = new SubAllocator(
      device,
      "weights",
      storageAlignment(device.gpu.device.limits),
      CHUNK_BYTES,
    );
  }

  /** Adds a parameter that the checkpoint lacks. @param key of no other, now or later */
  add(key: string, values: Float32Array): void {
    this.parameters.set(key, { floats: () => Promise.resolve(values) });
  }

  /** Forgets an added parameter; plans that read it keep its value. */
  remove(key: string): void {
    this.parameters.delete(key);
  }

  /** Allocated bytes of GPU memory. */
  get bytes(): number {
    return this.memory.bytes;
  }

  /** Places each requested value; computes missing ones. @returns a function that releases them */
  prepare(requests: ReadonlyMap<Node, View>): Promise<() => void> {
    // One after another: two plans compiled at once may request the same value.
    const next = this.preparing.then(() => this.prepareNow(requests));
    this.preparing = next.catch(() => undefined);
    return next;
  }

  private async prepareNow(requests: ReadonlyMap<Node, View>): Promise<() => void> {
    const keyOf = structuralKeys();
    const held = new Set<Entry>();
    const hold = (entry: Entry, { slot }: View): void => {
      if (!held.has(entry)) entry.users++;
      held.add(entry);
      this.device.place(slot, entry.range);
    };
    const missing = new Map<Node, View>();
    for (const [node, view] of requests) {
      const entry = this.known.get(keyOf(node));
      if (entry) hold(entry, view);
      else missing.set(node, view);
    }
    const release = (): void => this.release(held);
    let made: Entry[] = [];
    const drop = (): void => {
      for (const entry of made) this.drop(entry);
      made = [];
    };
    /** @returns the values to compute: two nodes may be the same expression */
    const place = (): Map<Node, View> => {
      const pending = new Map<Node, View>();
      for (const [node, view] of missing) {
        const key = keyOf(node);
        let entry = this.known.get(key);
        if (!entry) {
          entry = { key, range: this.memory.allocate(view.slot.size * 4), users: 0 };
          this.known.set(key, entry);
          made.push(entry);
          pending.set(node, view);
        }
        this.device.place(view.slot, entry.range);
      }
      return pending;
    };
    try {
      if (missing.size > 0) {
        const pending = await this.device.allocate(() => say`the weights' memory`, place, drop);
        for (const [node, view] of missing) hold(this.known.get(keyOf(node))!, view);
        await this.computeAll(pending);
      }
    } catch (error) {
      release();
      // Its memory holds no values yet.
      drop();
      throw error;
    }
    this.largest = Math.max(this.largest, sizeOfAll(held));
    return release;
  }

  private release(held: Iterable<Entry>): void {
    for (const entry of held) {
      entry.users--;
      if (entry.users > 0 || this.known.get(entry.key) !== entry) continue;
      this.known.delete(entry.key);
      this.known.set(entry.key, entry);
    }
    const unused = [...this.known.values()].filter(({ users }) => users === 0);
    let bytes = sizeOfAll(unused);
    for (const entry of unused) {
      if (bytes <= this.largest) break;
      bytes -= entry.range.size;
      this.drop(entry);
    }
  }

  /** Frees what is kept for later plans. */
  dropUnused(): void {
    for (const entry of [...this.known.values()]) if (entry.users === 0) this.drop(entry);
  }

  private drop(entry: Entry): void {
    if (this.known.get(entry.key) !== entry) return;
    this.known.delete(entry.key);
    this.memory.free(entry.range);
  }

  private async computeAll(pending: ReadonlyMap<Node, View>): Promise<void> {
    let batch = new Map<Node, View>();
    let bytes = 0;
    for (const [node, view] of pending) {
      batch.set(node, view);
      bytes += view.slot.size * 4;
      if (bytes >= BATCH_BYTES) {
        await this.compute(batch);
        batch = new Map();
        bytes = 0;
      }
    }
    if (batch.size > 0) await this.compute(batch);
    this.recent = undefined;
  }

  /** Retries with half of them if the GPU lacks memory. */
  private async compute(batch: ReadonlyMap<Node, View>): Promise<void> {
    try {
      await this.computeTogether(batch);
    } catch (error) {
      if (!hasCode(error, "out-of-memory") || batch.size === 1) throw error;
      const all = [...batch];
      const middle = Math.ceil(all.length / 2);
      await this.compute(new Map(all.slice(0, middle)));
      await this.compute(new Map(all.slice(middle)));
    }
  }

  private async computeTogether(batch: ReadonlyMap<Node, View>): Promise<void> {
    const instance = instantiate([...batch.keys()], { batch: 1 });
    const outputs = [...batch.keys()].map((node) => instance.copyOf(node));
    const values = new Map<Node, Float32Array>();
    for (const node of reachable(outputs, isRowsOfParam)) {
      const found = await this.valuesOf(node);
      if (found) values.set(node, found);
    }
    const sources = new Map<Node, View>();
    const raw: GPUBuffer[] = [];
    const upload = (): void => {
      for (const [node, data] of values) {
        const slot: Slot = { kind: "input", size: Math.max(4, data.length), name: node.path };
        const buffer = this.device.createBuffer(slot.size * 4, slot.name);
        raw.push(buffer);
        this.device.queue.writeBuffer(buffer, 0, data as Float32Array<ArrayBuffer>);
        this.device.place(slot, { buffer, offset: 0, size: buffer.size });
        sources.set(node, { slot, offset: 0, shape: node.shape, strides: contiguousStrides(node.shape) });
      }
    };
    const free = (): void => {
      for (const buffer of raw.splice(0)) this.device.destroyBuffer(buffer);
    };
    try {
      await this.device.allocate(() => say`the checkpoint's tensors`, upload, free);
      const plan = await this.device.compile(instance.graph, outputs, { sources, plainOutputs: true });
      try {
        await plan.run();
        // Not in place: a dispatch may not read one weight and write another of the same buffer.
        const encoder = this.device.gpu.device.createCommandEncoder();
        [...batch.values()].forEach((view, i) => {
          const from = this.device.rangeOf(plan.outputs[i]!.slot);
          const to = this.device.rangeOf(view.slot);
          encoder.copyBufferToBuffer(from.buffer, from.offset, to.buffer, to.offset, view.slot.size * 4);
        });
        this.device.queue.submit([encoder.finish()]);
        await this.device.idle();
      } finally {
        plan.dispose();
      }
    } finally {
      free();
    }
  }

  /** The checkpoint's values of a parameter, or of some of its rows; undefined for other nodes. */
  private async valuesOf(node: Node): Promise<Float32Array | undefined> {
    if (isRowsOfParam(node)) {
      const all = (await this.valuesOf(node.inputs[0]!))!;
      const row = sizeOf(node.shape.slice(1));
      return all.subarray(node.attrs.start * row, node.attrs.end * row);
    }
    if (node.op !== "param") return undefined;
    const { key } = node.attrs;
    if (this.recent?.key === key) return this.recent.values;
    const parameter = this.parameters.get(key);
    invariant(parameter, `no parameter ${key}`);
    const values = await parameter.floats();
    invariant(values.length === sizeOf(node.shape), `${key}: ${values.length} values`);
    // A large parameter is requested in parts.
    if (values.byteLength > BATCH_BYTES) this.recent = { key, values };
    return values;
  }

  dispose(): void {
    this.memory.dispose();
    this.known.clear();
  }
}

const sizeOfAll = (entries: Iterable<Entry>): number =>
  [...entries].reduce((sum, { range }) => sum + range.size, 0);

/** Some rows of a parameter that is too large for the GPU as a whole. */
const isRowsOfParam = (node: Node): node is NodeOf<"slice"> =>
  node.op === "slice" && node.attrs.axis === 0 && node.inputs[0]!.op === "param";

/** A key for each node: equal for the same expression of the same parameters, in any graph. */
function structuralKeys(): (node: Node) => string {
  const keys = new Map<Node, string>();
  const keyOf = (node: Node): string => {
    let key = keys.get(node);
    if (key === undefined) {
      const inputs = node.inputs.map(keyOf).join(",");
      key = `${node.op}[${node.shape.join()}](${inputs})${attrsKey(attrsOf(node))}`;
      keys.set(node, key);
    }
    return key;
  };
  return keyOf;
}

/** What the shapes do not say. The attributes of a reshape depend on the batch. */
const attrsOf = (node: Node): object => (node.op === "reshape" || node.op === "broadcast" ? {} : node.attrs);
