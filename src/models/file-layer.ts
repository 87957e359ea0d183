/** @file Gives a layer the class and settings of the file's module at its path, and reports what it cannot compute. */

import type { Builder } from "../graph/builder.js";
import type { ModuleFacts } from "../graph/file-modules.js";
import type { Pair } from "../graph/types.js";
import { say } from "../language/say.js";

/**
 * Libraries whose classes are what their names say. `multimodal` is OpenAI's, in CLIP's archives. A user's own ReLU may be
 * anything.
 */
export const LIBRARY =
  /^(?:torch|torchvision|timm|transformers|monai|torchxrayvision|fastai|efficientnet_pytorch|efficientnet_lite_pytorch|pretrainedmodels|resnest|dinov2|open_clip|multimodal)\./;

const shown = (value: unknown): string =>
  Array.isArray(value) ? value.join("x") : value === "" ? '""' : String(value);

/** transformers' names of classes that torch.nn, timm or the authors have too. */
const SYNONYMS: Readonly<Record<string, string>> = {
  GELUActivation: "GELU",
  ConvNextLayerNorm: "LayerNorm",
  ConvNextV2LayerNorm: "LayerNorm",
  ConvNextV2GRN: "GRN",
  Dinov2LayerScale: "LayerScale",
  Dinov2WithRegistersLayerScale: "LayerScale",
};

/** The class's own name if its library is known; else the full name, which no table has. */
export function kindOf({ className }: ModuleFacts): string {
  if (!LIBRARY.test(className)) return className;
  const name = className.slice(className.lastIndexOf(".") + 1);
  return SYNONYMS[name] ?? name;
}

/** What the file says of one layer. */
export class FileLayer {
  readonly kind: string;

  constructor(
    private readonly b: Builder,
    readonly path: string,
    readonly facts: ModuleFacts,
    /** The architecture's class at this place. */
    readonly usual: string,
  ) {
    this.kind = kindOf(facts);
  }

  get isUsual(): boolean {
    return this.kind === this.usual;
  }

  /** The unchanged attribute; undefined if the file has none. */
  raw(name: string): unknown {
    return this.facts.settings.get(name);
  }

  number(name: string, fallback: number): number {
    const value = this.raw(name);
    if (value === undefined || value === null) return fallback;
    if (typeof value === "number") return value;
    return this.refuseSetting(name, value, fallback);
  }

  flag(name: string, fallback: boolean): boolean {
    const value = this.raw(name);
    return typeof value === "boolean" ? value : typeof value === "number" ? value !== 0 : fallback;
  }

  /** [height, width] of one number or two. */
  pair(name: string, fallback: Pair): Pair {
    const value = this.raw(name);
    if (value === undefined || value === null) return fallback;
    const [first, second = first, ...rest] = (Array.isArray(value) ? value : [value]) as unknown[];
    if (Number.isInteger(first) && Number.isInteger(second) && rest.length === 0)
      return [first as number, second as number];
    return this.refuseSetting(name, value, fallback);
  }

  /** Notes once that a setting differs from the architecture's. */
  compare(name: string, usual: unknown, value: unknown): void {
    if (shown(usual) !== shown(value))
      this.b.file.modules?.computed.add(say`${this.path}.${name} ${shown(value)} (not ${shown(usual)})`);
  }

  /** Notes once that the class differs from the architecture's, with its settings. */
  compareKind(settings = ""): void {
    if (this.isUsual) return;
    const own = settings === "" ? "" : say` of ${settings}`;
    this.b.file.modules?.computed.add(say`${this.path} is ${this.kind}${own} (not ${this.usual})`);
  }

  /** Records a setting that the file's modules lack. */
  expect(name: string): void {
    if (this.raw(name) === undefined) this.b.file.modules?.unchecked.add(`${this.path}.${name}`);
  }

  /** The graph continues with `fallback`. The model is refused once the graph is built. */
  refuseSetting<T>(name: string, value: unknown, fallback: T): T {
    this.b.file.modules?.problems.push(
      say`its ${this.path}.${name} is ${shown(value)}, which gradlens cannot compute; the architecture has ${shown(fallback)}`,
    );
    return fallback;
  }

  refuseKind(): void {
    this.b.file.modules?.problems.push(
      say`its ${this.path} is ${this.facts.className}, where the architecture has ${this.usual}, and gradlens cannot compute that`,
    );
  }
}

/** The file's module for the layer `name` of the current scope; undefined if the file holds no modules, or lacks this one. */
export function fileLayer(b: Builder, name: string, usual: string): FileLayer | undefined {
  const path = b.pathOf(name);
  const facts = b.file.modules?.find(path, usual);
  return facts && new FileLayer(b, path, facts, usual);
}

/** As `fileLayer`, for a module that files may lack. */
export function optionalLayer(b: Builder, name: string, usual: string): FileLayer | undefined {
  const there = b.file.modules?.peek(b.pathOf(name));
  return there && fileLayer(b, name, usual);
}

/** The class of the file's module for the current scope. */
export function enclosingKind(b: Builder): string | undefined {
  const facts = b.file.modules?.peek(b.path);
  return facts && kindOf(facts);
}

/** Refuses a file whose module for the current scope has another value than `ours` under one of `names`. */
export function requireSetting(b: Builder, names: readonly string[], ours: number | string | boolean): void {
  const settings = b.file.modules?.peek(b.path)?.settings;
  for (const name of names) {
    const value = settings?.get(name);
    const same =
      typeof value === "number" && typeof ours === "number"
        ? Math.abs(value - ours) <= 1e-6 * Math.abs(ours)
        : value === ours;
    if (typeof value !== typeof ours || same) continue;
    b.file.modules?.problems.push(
      say`its ${b.pathOf(name)} is ${shown(value)}; gradlens computes ${shown(ours)} only`,
    );
  }
}
