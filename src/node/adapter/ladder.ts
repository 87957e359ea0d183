/** @file Chooses an adapter: a real GPU, else the system's software driver, else the embedded one. */
import { badArgument, GradlensError } from "../../errors.js";
import { adapterKind, kindOf } from "../../runtime/adapter.js";
import type { AdapterKind } from "../../runtime/gpu.js";
import { gpuAdvice, hasRefusedLavapipe, lavapipeInstall } from "./advice.js";
import { listDawnAdapters, requestAdapter, systemSource, type DawnAdapter, type Source } from "./dawn.js";
import { embeddedSource, hasEmbedded, type EmbeddedOptions } from "./embedded.js";
import { say } from "../../language/say.js";

export type AdapterChoice = "auto" | "gpu" | `gpu:${string}` | "system" | "embedded";

/** An adapter that exists; openDevice requests it again with the device's options. */
export interface FoundAdapter {
  readonly source: Source;
  readonly kind: AdapterKind;
  /** Set if Dawn itself would choose another one. */
  readonly name?: string;
}

/** @throws GradlensError "no-adapter", or "bad-argument" for an unknown choice */
export async function findAdapter(choice: AdapterChoice, options: EmbeddedOptions): Promise<FoundAdapter> {
  if (choice === "embedded") return embedded(options);
  const system = await systemSource();
  switch (choice) {
    case "auto":
      return (await ofKind(system, isGpu)) ?? (await ofKind(system, isSoftware)) ?? lastRung(options);
    case "gpu":
      return (
        (await ofKind(system, isGpu)) ??
        refuse(say`no GPU is visible to WebGPU${await instead(system)}: ${gpuAdvice()}`)
      );
    case "system":
      return (await ofKind(system, isSoftware)) ?? refuse(`${noSystemDriver()}${await instead(system)}`);
    default:
      return named(system, choice);
  }
}

/** The adapters that Dawn sees on this machine; the embedded one is not among them. */
export async function listAdapters(): Promise<(DawnAdapter & { kind: AdapterKind })[]> {
  const listed = await listDawnAdapters(await systemSource());
  return listed.map((adapter) => ({ ...adapter, kind: adapterKind(adapter.name) }));
}

const isGpu = (kind: AdapterKind): boolean => kind === "gpu";
const isSoftware = (kind: AdapterKind): boolean => kind !== "gpu";

/** Dawn's own choice if it is of the wanted kind: listing all adapters enumerates the drivers a second time. */
async function ofKind(
  source: Source,
  wanted: (kind: AdapterKind) => boolean,
): Promise<FoundAdapter | undefined> {
  const first = await requestAdapter(source, { boundsChecks: true });
  if (first === null) return undefined;
  if (wanted(kindOf(first))) return { source, kind: kindOf(first) };
  const other = (await listDawnAdapters(source)).find(({ name }) => wanted(adapterKind(name)));
  return other && { source, kind: adapterKind(other.name), name: other.name };
}

async function named(source: Source, choice: string): Promise<FoundAdapter> {
  const name = /^gpu:(.+)$/.exec(choice)?.[1];
  if (name === undefined) {
    const message = say`unknown adapter "${choice}": auto, gpu, gpu:NAME, system or embedded`;
    throw badArgument(message);
  }
  const listed = await listDawnAdapters(source);
  const match = listed.find((adapter) => adapter.name.toLowerCase().includes(name.toLowerCase()));
  if (match !== undefined) return { source, kind: adapterKind(match.name), name: match.name };
  return refuse(say`no adapter is called "${name}"${await instead(source)}`);
}

async function embedded(options: EmbeddedOptions): Promise<FoundAdapter> {
  return { source: await embeddedSource(options), kind: "swiftshader" };
}

async function lastRung(options: EmbeddedOptions): Promise<FoundAdapter> {
  if (process.platform !== "linux") return refuse(say`no WebGPU adapter found: ${gpuAdvice()}`);
  if (!hasEmbedded()) return refuse(say`no WebGPU adapter found: ${noSystemDriver()}`);
  if (hasRefusedLavapipe()) options.onMessage?.(noSystemDriver());
  try {
    return await embedded(options);
  } catch (error) {
    if (error instanceof GradlensError && error.code === "aborted") throw error;
    const reason = error instanceof Error ? error.message : String(error);
    return refuse(say`no WebGPU adapter: ${noSystemDriver()}; the embedded one failed: ${reason}`, error);
  }
}

function noSystemDriver(): string {
  if (process.platform !== "linux") return say`this system has no software Vulkan driver`;
  const state = hasRefusedLavapipe()
    ? say`the Mesa lavapipe installed here is not usable (Dawn needs 24 or later)`
    : say`no Vulkan driver found`;
  return `${state}: ${lavapipeInstall()}`;
}

/** The adapters that Dawn sees, for a message about a missing one. */
async function instead(source: Source): Promise<string> {
  const names = (await listDawnAdapters(source)).map(({ name }) => name);
  return names.length === 0 ? "" : say` (available: ${names.join(", ")})`;
}

function refuse(message: string, cause?: unknown): never {
  throw new GradlensError("no-adapter", message, cause === undefined ? undefined : { cause });
}
