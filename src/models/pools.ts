/** @file Pooling modules by class: a file's own class is computed, even where it differs from the architecture's. */

import type { Builder } from "../graph/builder.js";
import { adaptiveAverageMap, averageMap, pooledSize } from "../graph/sparse-map.js";
import type { Node, Pair } from "../graph/types.js";
import { INERT } from "./activations.js";
import { square } from "./arch.js";
import { fileLayer, optionalLayer, type FileLayer } from "./file-layer.js";
import { say } from "../language/say.js";

interface PoolOptions {
  readonly kernel: Pair;
  readonly stride: Pair;
  readonly padding: Pair;
  readonly dilation: Pair;
  readonly ceil: boolean;
  readonly countIncludePad: boolean;
}

interface Given extends Partial<Pick<PoolOptions, "ceil" | "countIncludePad">> {
  readonly kernel: number;
  readonly stride: number;
  readonly padding?: number;
}

const complete = (o: Given): PoolOptions => ({
  kernel: square(o.kernel),
  stride: square(o.stride),
  padding: square(o.padding ?? 0),
  dilation: [1, 1],
  ceil: o.ceil ?? false,
  countIncludePad: o.countIncludePad ?? true,
});

const alongAxis = (o: PoolOptions, axis: 0 | 1) => ({
  ...o,
  kernel: o.kernel[axis],
  stride: o.stride[axis],
  padding: o.padding[axis],
  dilation: o.dilation[axis],
});

/** transformers' EfficientNet has pools of 1280 and more positions: such a window ends with the map, and counts what it covers. */
function withinMap(x: Node, o: PoolOptions): PoolOptions {
  const size: Pair = [x.shape[1]!, x.shape[2]!];
  const isLarger = size.every(
    (n, axis) => o.kernel[axis]! >= n && o.padding[axis] === 0 && o.dilation[axis] === 1,
  );
  return o.ceil && isLarger ? { ...o, kernel: size, stride: size } : o;
}

function maxWindows(b: Builder, x: Node, given: PoolOptions): Node {
  const o = withinMap(x, given);
  const { kernel, stride, padding, dilation } = o;
  const out: Pair = [pooledSize(x.shape[1]!, alongAxis(o, 0)), pooledSize(x.shape[2]!, alongAxis(o, 1))];
  return b.maxPick(x, x, { kernel, stride, padding, dilation, out });
}

/** One average along each axis. One mean if a single window covers the map, because heads are recognised by a mean. */
function averageWindows(b: Builder, x: Node, given: PoolOptions): Node {
  const o = withinMap(x, given);
  const [, height, width] = x.shape;
  if ([...o.kernel, ...o.stride].every((n) => n === 1) && o.padding[0] + o.padding[1] === 0) return x;
  if (o.kernel[0] === height && o.kernel[1] === width && o.padding[0] + o.padding[1] === 0)
    return b.mean(x, [1, 2]);
  const rows = b.resample(x, 1, averageMap(x.shape[1]!, alongAxis(o, 0)));
  return b.resample(rows, 2, averageMap(x.shape[2]!, alongAxis(o, 1)));
}

/** torch.nn.functional.adaptive_avg_pool2d of [B, H, W, C] to [B, height, width, C]. */
export function adaptiveAveragePool(b: Builder, x: Node, size: Pair): Node {
  if (size[0] === 1 && size[1] === 1) return b.mean(x, [1, 2]);
  return size.reduce((y, to, i) => {
    const from = y.shape[1 + i]!;
    return from === to ? y : b.resample(y, 1 + i, adaptiveAverageMap(from, to));
  }, x);
}

/** torch.nn.functional.adaptive_max_pool2d. All windows must have the same size. */
function adaptiveMaxPool(b: Builder, x: Node, size: Pair, file: FileLayer): Node {
  const [, height, width] = x.shape as [number, number, number, number];
  if (height % size[0] !== 0 || width % size[1] !== 0) {
    return file.refuseSetting("output_size", size, adaptiveAveragePool(b, x, size));
  }
  const kernel: Pair = [height / size[0], width / size[1]];
  return maxWindows(b, x, { ...complete({ kernel: 1, stride: 1 }), kernel, stride: kernel });
}

type Make = (b: Builder, x: Node, file: FileLayer) => Node;

/** A window's settings from the file. `usual` is the architecture's window, if it is of the same class. */
function windowOf(file: FileLayer, usual: PoolOptions | undefined): PoolOptions {
  for (const name of ["kernel_size", "stride"]) file.expect(name);
  if (file.raw("kernel_size") === undefined && usual) return usual;
  const kernel = file.pair("kernel_size", [1, 1]);
  const window = {
    kernel,
    stride: file.pair("stride", kernel),
    padding: file.pair("padding", [0, 0]),
    dilation: file.pair("dilation", [1, 1]),
    ceil: file.flag("ceil_mode", false),
    countIncludePad: file.flag("count_include_pad", true),
  };
  const divisor = file.raw("divisor_override");
  if (divisor !== undefined && divisor !== null) file.refuseSetting("divisor_override", divisor, "none");
  if (usual === undefined) return window;
  for (const [name, key] of WINDOW) file.compare(name, usual[key], window[key]);
  return window;
}

const WINDOW = [
  ["kernel_size", "kernel"],
  ["stride", "stride"],
  ["padding", "padding"],
  ["dilation", "dilation"],
  ["ceil_mode", "ceil"],
  ["count_include_pad", "countIncludePad"],
] as const;

/** torch: None keeps an axis as it is. */
function outputSize(x: Node, file: FileLayer): Pair {
  const said = file.raw("output_size");
  if (!Array.isArray(said)) return file.pair("output_size", [1, 1]);
  return [0, 1].map((i) => (said[i] === null ? x.shape[1 + i]! : (said[i] as number))) as unknown as Pair;
}

const mean = (b: Builder, x: Node): Node => b.mean(x, [1, 2]);
const largest = (b: Builder, x: Node): Node => b.amax(x, [1, 2]);
const half = (b: Builder, x: Node, y: Node): Node => b.mul(b.add(x, y), 0.5);

/**
 * Pools of the whole map, or to a size in the file. timm's fast pools give the same values, but divide gradients among equal
 * maxima.
 */
const ADAPTIVE: Readonly<Record<string, Make>> = {
  AdaptiveAvgPool1d: mean,
  AdaptiveAvgPool2d: (b, x, file) => adaptiveAveragePool(b, x, outputSize(x, file)),
  AdaptiveMaxPool2d: (b, x, file) => adaptiveMaxPool(b, x, outputSize(x, file), file),
  AdaptiveAvgMaxPool2d: (b, x, file) => half(b, mean(b, x), adaptiveMaxPool(b, x, [1, 1], file)),
  AdaptiveCatAvgMaxPool2d: (b, x, file) => b.concat([mean(b, x), adaptiveMaxPool(b, x, [1, 1], file)], -1),
  FastAdaptiveAvgPool: mean,
  FastAdaptiveAvgPool2d: mean,
  FastAdaptiveMaxPool: largest,
  FastAdaptiveAvgMaxPool: (b, x) => half(b, mean(b, x), largest(b, x)),
  FastAdaptiveCatAvgMaxPool: (b, x) => b.concat([mean(b, x), largest(b, x)], -1),
  GlobalAvgPool2d: mean,
};

const isAdaptive = (kind: string): boolean => Object.hasOwn(ADAPTIVE, kind);

/** Pools that move a window. New ones are added here or above, and to test/models/file-layers.test.ts. */
const WINDOWED = { MaxPool2d: maxWindows, AvgPool2d: averageWindows };
type Windowed = keyof typeof WINDOWED;
const isWindowed = (kind: string): kind is Windowed => Object.hasOwn(WINDOWED, kind);

/** The file's pool; undefined if its class is not supported. */
function filePool(b: Builder, name: string, x: Node, file: FileLayer, usual?: PoolOptions): Node | undefined {
  const { kind } = file;
  if (INERT.has(kind)) return b.scope(name, kind, () => x);
  if (isAdaptive(kind)) return b.scope(name, kind, () => ADAPTIVE[kind]!(b, x, file));
  if (!isWindowed(kind)) return undefined;
  const window = windowOf(file, usual);
  return b.scope(name, kind, () => WINDOWED[kind](b, x, window));
}

function pool2d(b: Builder, name: string, x: Node, usual: Windowed, given: Given): Node {
  const options = complete(given);
  const file = fileLayer(b, name, usual);
  const said = file && filePool(b, name, x, file, file.kind === usual ? options : undefined);
  if (said) file.compareKind();
  else file?.refuseKind();
  return said ?? b.scope(name, usual, () => WINDOWED[usual](b, x, options));
}

/** torch.nn.functional.max_pool2d on [B, H, W, C]. */
export const maxPool = (b: Builder, x: Node, o: Given): Node => maxWindows(b, x, complete(o));

/** torch.nn.functional.avg_pool2d on [B, H, W, C]; zeros of the padding are counted. */
export const averagePool = (b: Builder, x: Node, o: Given): Node => averageWindows(b, x, complete(o));

/** torch.nn.MaxPool2d on [B, H, W, C]. */
export const maxPool2d = (b: Builder, name: string, x: Node, o: Given): Node =>
  pool2d(b, name, x, "MaxPool2d", o);

/** torch.nn.AvgPool2d on [B, H, W, C]. */
export const avgPool2d = (b: Builder, name: string, x: Node, o: Given): Node =>
  pool2d(b, name, x, "AvgPool2d", o);

/** Lower bound of the values that GeM raises to a power. A state dict does not hold it. */
const GEM_EPS = 1e-6;

/**
 * The pool before the head: the mean, or the pool that the file's tensors show. [B, H, W, C] -> [B, C], or [B, 2 C] of two
 * pools.
 */
export const headPool = (b: Builder, name: string, x: Node, kind?: AverageKind): Node =>
  flatten(b, fileHeadPool(b, name, x) ?? adaptiveAvgPool2d(b, name, x, 1, kind));

/** An exponent shows a generalised mean, the head's width shows two pools; undefined if the tensors show neither. */
function fileHeadPool(b: Builder, name: string, x: Node): Node | undefined {
  const { pooling } = b.file.head ?? {};
  if (pooling !== undefined) {
    const parts = pooling === "mean, maximum" ? [mean(b, x), largest(b, x)] : [largest(b, x), mean(b, x)];
    return b.scope(name, "AdaptiveConcatPool2d", () => b.concat(parts, -1));
  }
  if (b.within(b.pathOf(name), () => b.fileHas("p")) !== true) return undefined;
  // Radenovic et al. 2018, equation 3
  return b.scope(name, "GeM", () => {
    const p = b.reshape(b.param("p", [1]), [1, 1, 1, 1]);
    const power = b.exp(b.mul(b.log(b.max(x, GEM_EPS)), p));
    return b.exp(b.div(b.log(mean(b, power)), p));
  });
}

/** Average pools of timm and others, which compute the same. */
const AVERAGES = /^(?:FastAdaptiveAvgPool(?:2d)?|AdaptiveAvgPool[12]d|GlobalAvgPool2d)$/;

/** Classes of architectures that average the whole map. The AvgPool2d is as large as the architecture's own map. */
type AverageKind = "AdaptiveAvgPool2d" | "FastAdaptiveAvgPool" | "GlobalAvgPool2d" | "AvgPool2d";

/** torch.nn.AdaptiveAvgPool2d on [B, H, W, C]. `kind` is its class in the architecture's implementation. */
export function adaptiveAvgPool2d(
  b: Builder,
  name: string,
  x: Node,
  size: number,
  kind: AverageKind = "AdaptiveAvgPool2d",
): Node {
  const usual = (): Node =>
    b.scope(name, kind, () => {
      const pooled = adaptiveAveragePool(b, x, square(size));
      return kind === "FastAdaptiveAvgPool" || kind === "GlobalAvgPool2d" ? flatten(b, pooled) : pooled;
    });
  // Implementations before torchvision 0.2 lack it if it changes nothing.
  const isIdle = x.shape[1] === size && x.shape[2] === size;
  // timm 0.6 computes the mean without a module.
  const isFunction = size === 1 && b.file.modules?.peek("")?.settings.get("global_pool") === "avg";
  const file = (isIdle || isFunction ? optionalLayer : fileLayer)(b, name, kind);
  if (!file) return usual();
  const said = filePool(b, name, x, file);
  if (!said) file.refuseKind();
  if (!said) return usual();
  if (file.kind === "AdaptiveAvgPool2d") file.compare("output_size", square(size), outputSize(x, file));
  else if (size !== 1 || !AVERAGES.test(file.kind)) comparePool(file, x, said);
  return said;
}

/** torchvision before 0.3 has AvgPool2d(7), which averages the whole map at 224 pixels. */
function comparePool(file: FileLayer, x: Node, said: Node): void {
  const single = said.shape[1] === 1 && said.shape[2] === 1;
  const whole = file.pair("kernel_size", [0, 0]).every((k, i) => k === x.shape[1 + i]);
  if (file.kind === "AvgPool2d" && !single) {
    file.refuseSetting(
      "kernel_size",
      say`${file.raw("kernel_size") as number} on a map of ${x.shape[1]}x${x.shape[2]}`,
      say`the whole map`,
    );
  } else if (file.kind !== "AvgPool2d" || !whole) file.compareKind();
}

/** [B, H, W, C] -> [B, C * H * W], in PyTorch's order. */
export function flatten(b: Builder, x: Node): Node {
  const isMap = x.shape.length === 4 && x.shape[1]! * x.shape[2]! > 1;
  const ordered = isMap ? b.transpose(x, [0, 3, 1, 2]) : x;
  return b.reshape(ordered, [b.batch, x.shape.slice(1).reduce((p, d) => p * d)]);
}

/** timm's SelectAdaptivePool2d: [B, H, W, C] -> [B, C] */
export function selectAdaptivePool(
  b: Builder,
  name: string,
  x: Node,
  kind: "AdaptiveAvgPool2d" | "FastAdaptiveAvgPool" = "AdaptiveAvgPool2d",
): Node {
  const whole = optionalLayer(b, name, "SelectAdaptivePool2d");
  if (whole && whole.kind !== "SelectAdaptivePool2d") {
    const said = filePool(b, name, x, whole);
    if (!said) whole.refuseKind();
    else if (!AVERAGES.test(whole.kind)) comparePool(whole, x, said);
    if (said) return flatten(b, said);
  }
  return b.scope(name, "SelectAdaptivePool2d", () => {
    const pooled = fileHeadPool(b, "pool", x) ?? adaptiveAvgPool2d(b, "pool", x, 1, kind);
    return b.scope("flatten", kind === "AdaptiveAvgPool2d" ? "Flatten" : "Identity", () =>
      flatten(b, pooled),
    );
  });
}
