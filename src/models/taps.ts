/** @file Layers by the path users write (`features[-1]`, `model.layer4[-1].conv2`), and their values as feature maps. */

import { GradlensError, unsupported } from "../errors.js";
import type { Builder } from "../graph/builder.js";
import type { ModuleRecord } from "../graph/module-scopes.js";
import { shapeText } from "../graph/shape.js";
import type { Node } from "../graph/types.js";
import { nearestPaths } from "./nearest.js";
import { say, translated } from "../language/say.js";

/** A module that was called, so that it has an output. */
export interface Tap extends ModuleRecord {
  readonly output: Node;
}

interface TapOptions {
  /** Wrapper prefixes of the checkpoint, dotted, as "densenet121" or "backbone.net"; `model` and `module` always count. */
  readonly prefixes?: readonly string[];
  /** The same modules under the names of other spellings. A path that the first spelling lacks is read in these. */
  readonly otherNames?: () => (readonly ModuleRecord[])[];
}

const WRAPPERS = ["model", "module"];

/** `layer4[-1].conv2` as ["layer4", -1, "conv2"]; undefined for other text. */
function parsePath(path: string): (string | number)[] | undefined {
  const steps: (string | number)[] = [];
  const step = /\.?([A-Za-z_0-9#][\w#-]*)|\[\s*(-?\d+)\s*\]/y;
  while (step.lastIndex < path.length) {
    const match = step.exec(path);
    if (!match) return undefined;
    steps.push(match[1] ?? Number(match[2]));
  }
  return steps.length > 0 ? steps : undefined;
}

/** The direct children's names in PyTorch's order. Later calls (`relu#2`) do not count as children. */
function childNames(modules: readonly ModuleRecord[], parent: string): string[] {
  const start = parent === "" ? "" : `${parent}.`;
  return modules
    .filter(({ path }) => path.startsWith(start))
    .map(({ path }) => path.slice(start.length))
    .filter((name) => name !== "" && !/[.#]/.test(name));
}

function resolve(modules: readonly ModuleRecord[], steps: readonly (string | number)[]): string | undefined {
  let path = "";
  for (const step of steps) {
    const index = typeof step === "number" ? step : /^\d+$/.test(step) ? Number(step) : undefined;
    const names = childNames(modules, path);
    const named = names.find((name) => name === step) ?? (index === undefined ? undefined : names.at(index));
    const next = named ?? (typeof step === "string" ? step : undefined);
    if (next === undefined) return undefined;
    path = path === "" ? next : `${path}.${next}`;
  }
  return path;
}

/** All steps, then the steps without one, two, ... wrapper prefixes. */
function* unwrapped(
  steps: readonly (string | number)[],
  prefixes: readonly string[],
): Generator<readonly (string | number)[]> {
  const wrappers = [...WRAPPERS, ...prefixes.filter((p) => p !== "")].map((p) => p.split("."));
  for (let rest = steps; rest.length > 0;) {
    yield rest;
    const wrapper = wrappers.find((w) => w.length < rest.length && w.every((name, i) => name === rest[i]));
    if (!wrapper) return;
    rest = rest.slice(wrapper.length);
  }
}

function findRecord(
  modules: readonly ModuleRecord[],
  path: string,
  prefixes: readonly string[],
): ModuleRecord | undefined {
  const steps = parsePath(path.trim());
  for (const candidate of steps ? unwrapped(steps, prefixes) : []) {
    const found = resolve(modules, candidate);
    const record = modules.find((m) => m.path === found);
    if (record) return record;
  }
  return undefined;
}

/** The module of a path in other spellings, under the first spelling's name, if all spellings that have the path agree. */
function findElsewhere(
  modules: readonly ModuleRecord[],
  path: string,
  o: TapOptions,
): ModuleRecord | undefined {
  const found = (o.otherNames?.() ?? []).map((names) => findRecord(names, path, o.prefixes ?? []));
  const outputs = new Set(found.flatMap((record) => record?.output ?? []));
  if (outputs.size > 1) {
    throw new GradlensError(
      "unknown-layer",
      say`layer ${path} means different layers in other spellings than this file's; name it as \`layers\` lists it`,
    );
  }
  const other = found.find((record) => record?.output);
  const same = modules.filter((m) => m.output && m.output === other?.output);
  return same.find((m) => m.kind === other?.kind) ?? same[0];
}

/**
 * The module that `path` names, with Python's indexes.
 * @throws GradlensError "unknown-layer" with the nearest names, "unsupported" for a module without an output
 */
export function findTap(modules: readonly ModuleRecord[], path: string, options: TapOptions = {}): Tap {
  const record = findRecord(modules, path, options.prefixes ?? []) ?? findElsewhere(modules, path, options);
  if (!record) {
    const names = modules.filter((m) => m.output).map((m) => m.path);
    const plain = path.replace(/^(?:model|module)\./, "").replace(/\[(-?\d+)\]/g, ".$1");
    throw new GradlensError(
      "unknown-layer",
      say`no layer ${JSON.stringify(path)} in this model; nearest: ${nearestPaths(plain, names).join(", ")}`,
    );
  }
  if (!record.output) {
    throw unsupported(
      say`layer ${path} (${record.kind}) has no output of its own: PyTorch never calls it; choose one inside it${inside(modules, record)}`,
    );
  }
  return { ...record, output: record.output };
}

function inside(modules: readonly ModuleRecord[], container: ModuleRecord): string {
  const child = modules.filter((m) => m.output && m.path.startsWith(`${container.path}.`)).at(-1);
  return child ? say`, as ${child.path}` : "";
}

/** The place of the feature map in a tap's value. */
export interface MapLayout {
  readonly height: number;
  readonly width: number;
  /** Tokens before the map's; 0 for a value [B, H, W, C]. */
  readonly prefix: number;
}

/**
 * The feature map in a tap's value.
 * @param instead a layer that can be explained, for the message
 * @throws GradlensError "unsupported" where the value has no positions, or none that reach the logits
 */
export function mapLayout(tap: Tap, instead: string): MapLayout {
  const { shape } = tap.output;
  const { layout } = tap;
  const refuse = (why: string): never => {
    throw unsupported(say`layer ${tap.path} cannot be explained: ${why}; try ${instead}`);
  };
  if (layout && "noMap" in layout) return refuse(translated(layout.noMap));
  if (shape.length === 4) return { height: shape[1]!, width: shape[2]!, prefix: 0 };
  if (shape.length === 3 && layout && shape[1] === layout.prefix + layout.height * layout.width)
    return layout;
  return refuse(
    say`its output ${shapeText(["batch", ...shape.slice(1)] as never)} is not a map of the picture`,
  );
}

/** A value (or gradient) of a tap as [B, height, width, C], class and distillation tokens dropped. */
export function toMap(b: Builder, value: Node, layout: MapLayout): Node {
  if (value.shape.length === 4) return value;
  const [batch, , channels] = value.shape as [number, number, number];
  const patches = b.slice(value, 1, layout.prefix);
  return b.reshape(patches, [batch, layout.height, layout.width, channels]);
}

/** A line of the list of layers. */
export interface LayerLine {
  readonly path: string;
  readonly kind: string;
  /** Without the batch; missing where the module has no output. */
  readonly shape?: readonly number[];
  readonly default: boolean;
}

/** Every module in PyTorch's order, the default layer marked. */
export function listLayers(
  modules: readonly ModuleRecord[],
  defaultLayer: string,
  options: TapOptions = {},
): LayerLine[] {
  const { path: defaultPath } = findTap(modules, defaultLayer, options);
  return modules.map(({ path, kind, output }) => ({
    path,
    kind,
    ...(output && { shape: output.shape.slice(1) }),
    default: path === defaultPath,
  }));
}
