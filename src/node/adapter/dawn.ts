/** @file Loads Dawn's Node binding, keeps its instances alive, and requests adapters. */
import { GradlensError } from "../../errors.js";
import { say } from "../../language/say.js";

/** The exports of the `webgpu` package; the embedded driver comes with its own copy (embedded.ts). */
export interface Binding {
  create(options: string[]): GPU;
}

/** A source of adapters: a binding, and the Vulkan driver file it must use if not the system's. */
export interface Source {
  readonly binding: Binding;
  readonly driverFile?: string;
}

export interface DawnOptions {
  /** An adapter's name or a part of it, as Dawn spells it. */
  readonly adapter?: string;
  readonly boundsChecks: boolean;
}

/** One adapter in Dawn's list. */
export interface DawnAdapter {
  readonly backend: string;
  readonly name: string;
}

/**
 * Instances live as long as the process. Garbage collection of one whose adapter or device lives on makes Dawn crash or hang.
 */
const instances = new Map<Binding, Map<string, GPU>>();

/** Dawn with the system's drivers. @throws GradlensError "no-adapter" if the binding cannot be loaded */
export async function systemSource(): Promise<Source> {
  try {
    return { binding: (await import("webgpu")) as unknown as Binding };
  } catch (error) {
    const here = `${process.platform} ${process.arch}`;
    const message = say`the "webgpu" package cannot be loaded on ${here}: ${firstLine(error)}; it needs Linux with glibc, macOS or Windows`;
    throw new GradlensError("no-adapter", message, { cause: error });
  }
}

/** Resolves to null if Dawn finds no usable adapter. Rejects an unknown adapter name. */
export async function requestAdapter(source: Source, options: DawnOptions): Promise<GPUAdapter | null> {
  const flags = [
    // By default Dawn rounds timestamps to 0.1 ms, too coarse to profile a dispatch.
    "disable-dawn-features=timestamp_quantization",
    ...(options.boundsChecks ? [] : ["enable-dawn-features=disable_robustness"]),
    ...(options.adapter === undefined ? [] : [`adapter=${options.adapter}`]),
  ];
  const gpu = instance(source.binding, flags);
  return withDriverFile(source.driverFile, () => gpu.requestAdapter({ powerPreference: "high-performance" }));
}

/** Dawn cannot enumerate adapters, but its error for an unknown name lists them. */
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

/** Vulkan's loader before 1.3.207 reads the second. */
const VARIABLES = ["VK_DRIVER_FILES", "VK_ICD_FILENAMES"];

/** Vulkan's loader reads the variables once, when Dawn first requests its drivers, which is before `call` returns. */
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
