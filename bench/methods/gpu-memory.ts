/** @file GPU memory as the device is asked for it, whatever the engine's own accounts say. */

/** The label of the buffers that weights lie in (src/runtime/weights.ts). */
const WEIGHTS = "weights";

export interface GpuMemory {
  /** Bytes beyond the weights that are allocated. */
  readonly now: number;
  /** The most since `restart`. */
  readonly peak: number;
  restart(): void;
}

/** Counts what a device creates and destroys from here on. */
export function watchMemory(device: GPUDevice): GpuMemory {
  const create = device.createBuffer.bind(device);
  let now = 0;
  let peak = 0;
  device.createBuffer = (descriptor) => {
    const buffer = create(descriptor);
    if (descriptor.label === WEIGHTS) return buffer;
    now += descriptor.size;
    peak = Math.max(peak, now);
    const destroy = buffer.destroy.bind(buffer);
    let there = true;
    buffer.destroy = () => {
      if (there) now -= descriptor.size;
      there = false;
      return destroy();
    };
    return buffer;
  };
  return {
    get now() {
      return now;
    },
    get peak() {
      return peak;
    },
    restart() {
      peak = now;
    },
  };
}
