/** @file Dawn's Node binding: loads it, keeps its instances alive, asks it for adapters. */

/** What the `webgpu` package exports; the embedded driver comes with its own copy (embedded.ts). */
export interface Binding {
  create(options: string[]): GPU;
  readonly globals: Record<string, unknown>;
}

/** A place to ask for adapters: a binding and the Vulkan driver file it must use, if not the system's. */
export interface Source {
  readonly binding: Binding;
  readonly driverFile?: string;
}

export interface DawnOptions {
  /** An adapter's name or a part of it, in Dawn's own spelling. */
  readonly adapter?: string;
  readonly boundsChecks: boolean;
}

/** One adapter as Dawn lists it. */
export interface ListedAdapter {
  readonly backend: string;
  readonly name: string;
}

/**
 * Instances live as long as the process: one that is collected while an adapter or a device of it lives makes Dawn
 * crash or hang.
 */
const instances = new Map<Binding, Map<string, GPU>>();

export async function systemSource(): Promise<Source> {
  return { binding: (await import("webgpu")) as unknown as Binding };
}

/** Resolves to null where Dawn finds no adapter that it can use. Rejects for a name that no adapter has. */
export async function requestAdapter(source: Source, options: DawnOptions): Promise<GPUAdapter | null> {
  publishGlobals(source.binding);
  const flags = [
    // Dawn rounds timestamps to 0.1 ms unless told otherwise: too coarse to profile a dispatch.
    "disable-dawn-features=timestamp_quantization",
    ...(options.boundsChecks ? [] : ["enable-dawn-features=disable_robustness"]),
    ...(options.adapter === undefined ? [] : [`adapter=${options.adapter}`]),
  ];
  const gpu = instance(source.binding, flags);
  return withDriverFile(source.driverFile, () => gpu.requestAdapter({ powerPreference: "high-performance" }));
}

/** Dawn has no enumeration; it lists its adapters in the text of the error for a name that none has. */
export async function listDawnAdapters(source: Source): Promise<ListedAdapter[]> {
  try {
    await requestAdapter(source, { adapter: "no adapter has this name", boundsChecks: true });
    return [];
  } catch (error) {
    const lines = String(error).matchAll(/^ \* backend: '(.*)', name: '(.*)'$/gm);
    return [...lines].map(([, backend = "", name = ""]) => ({ backend, name }));
  }
}

function instance(binding: Binding, flags: string[]): GPU {
  const key = flags.join("\n");
  const ofBinding = instances.get(binding) ?? new Map<string, GPU>();
  instances.set(binding, ofBinding);
  const gpu = ofBinding.get(key) ?? binding.create(flags);
  ofBinding.set(key, gpu);
  return gpu;
}

/** The core reads `GPUBufferUsage` and its like where browsers have them; those already there are kept. */
function publishGlobals(binding: Binding): void {
  for (const [name, value] of Object.entries(binding.globals)) {
    if (!(name in globalThis)) {
      Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
    }
  }
}

/** Vulkan's loader reads the variable once, when Dawn first asks it for drivers, which is before `call` returns. */
function withDriverFile<T>(file: string | undefined, call: () => T): T {
  if (file === undefined) return call();
  const before = process.env.VK_DRIVER_FILES;
  process.env.VK_DRIVER_FILES = file;
  try {
    return call();
  } finally {
    if (before === undefined) delete process.env.VK_DRIVER_FILES;
    else process.env.VK_DRIVER_FILES = before;
  }
}
