/** @file Dawn's Node binding: loads it, keeps its instances alive, asks it for adapters. */
import { GradlensError } from "../../errors.js";

/** What the `webgpu` package exports; the embedded driver comes with its own copy (embedded.ts). */
export interface Binding {
  create(options: string[]): GPU;
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
export interface DawnAdapter {
  readonly backend: string;
  readonly name: string;
}

/**
 * Instances live as long as the process: one that is collected while an adapter or a device of it lives makes Dawn
 * crash or hang.
 */
const instances = new Map<Binding, Map<string, GPU>>();

/** Dawn with the drivers that the system has. @throws GradlensError "no-adapter" where the binding cannot be loaded */
export async function systemSource(): Promise<Source> {
  try {
    return { binding: (await import("webgpu")) as unknown as Binding };
  } catch (error) {
    const here = `${process.platform} ${process.arch}`;
    const message = `the "webgpu" package cannot be loaded on ${here}: ${firstLine(error)}; it needs Linux with glibc, macOS or Windows`;
    throw new GradlensError("no-adapter", message, { cause: error });
  }
}

/** Resolves to null where Dawn finds no adapter that it can use. Rejects for a name that no adapter has. */
export async function requestAdapter(source: Source, options: DawnOptions): Promise<GPUAdapter | null> {
  const flags = [
    // By default Dawn rounds timestamps to 0.1 ms: too coarse to profile a dispatch.
    "disable-dawn-features=timestamp_quantization",
    ...(options.boundsChecks ? [] : ["enable-dawn-features=disable_robustness"]),
    ...(options.adapter === undefined ? [] : [`adapter=${options.adapter}`]),
  ];
  const gpu = instance(source.binding, flags);
  return withDriverFile(source.driverFile, () => gpu.requestAdapter({ powerPreference: "high-performance" }));
}

/** Dawn has no enumeration; it lists its adapters in the text of the error for a name that none has. */
export async function listDawnAdapters(source: Source): Promise<DawnAdapter[]> {
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

/** Vulkan's loader took the second before 1.3.207. */
const VARIABLES = ["VK_DRIVER_FILES", "VK_ICD_FILENAMES"];

/** Vulkan's loader reads the variables once, when Dawn first asks it for drivers, which is before `call` returns. */
function withDriverFile<T>(file: string | undefined, call: () => T): T {
  if (file === undefined) return call();
  const before = VARIABLES.map((name) => [name, process.env[name]] as const);
  for (const name of VARIABLES) process.env[name] = file;
  try {
    return call();
  } finally {
    for (const [name, value] of before) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  }
}

function firstLine(error: unknown): string {
  return String(error).split("\n", 1)[0] ?? "";
}
