/** @file torch.nn.Conv2d and the classes that pad before it, with the settings of the file's module where it holds them. */

import type { Builder } from "../graph/builder.js";
import { both } from "../graph/ops/convolution.js";
import type { Node, Pair } from "../graph/types.js";
import { fileLayer, type FileLayer } from "./file-layer.js";

type Size = number | Pair;

const pair = (size: Size): Pair => (typeof size === "number" ? [size, size] : size);

export interface Conv2dOptions {
  readonly out: number;
  readonly kernel: Size;
  readonly stride?: Size;
  /** Zeros on both sides, or TensorFlow's "same" (samePadding). */
  readonly padding?: Size | "same";
  readonly dilation?: Size;
  readonly groups?: number;
  /** Default true, as PyTorch's. False: only where the file has one. "never": one in the file means another network. */
  readonly bias?: boolean | "never";
  /** The architecture's class, where it is not Conv2d. */
  readonly kind?: "Conv2dSame" | "Conv2dStaticSamePadding" | "EfficientNetDepthwiseConv2d";
  /** The code around it pads as TensorFlow does, and in the file perhaps by other zeros. Its own padding is added. */
  readonly outside?: "same" | Sides;
  /** A module inside it that runs before the convolution. */
  readonly before?: (x: Node) => Node;
  /** Other layers depend on its output's size: another stride, padding or dilation in the file is refused. */
  readonly fixed?: boolean;
}

/** Zeros before and after rows and columns. */
export type Sides = readonly [rows: Pair, columns: Pair];

interface ConvSettings {
  readonly stride: Pair;
  readonly padding: Sides;
  readonly dilation: Pair;
  readonly groups: number;
}

/** Classes that compute the same as Conv2d, with their stated padding. */
const CONVOLUTIONS = new Set([
  "Conv2d",
  "LazyConv2d",
  "Conv2dStaticSamePadding",
  "EfficientNetDepthwiseConv2d",
]);
/** Classes that pad as TensorFlow does, whatever padding they state. */
const SAME_CONVOLUTIONS = new Set(["Conv2dSame", "Conv2dDynamicSamePadding"]);

/** Zeros before and after an axis. An odd zero goes after it. */
const halves = (total: number): Pair => [Math.floor(total / 2), Math.ceil(total / 2)];

/** TensorFlow's SAME padding, by which the output has ceil(size / stride) positions. */
export const samePadding = (
  size: Pair,
  { kernel, stride, dilation = [1, 1] }: { kernel: Pair; stride: Pair; dilation?: Pair },
): Sides =>
  both((axis) => {
    const strides = Math.ceil(size[axis] / stride[axis]) - 1;
    const span = strides * stride[axis] + dilation[axis] * (kernel[axis] - 1) + 1;
    return halves(Math.max(0, span - size[axis]));
  });

/** The file's padding on both sides of each axis. */
function paddingIn(file: FileLayer, kernel: Pair, dilation: Pair, usual: Pair): Sides {
  const said = file.raw("padding");
  if (said === "same") return both((axis) => halves(dilation[axis] * (kernel[axis] - 1)));
  const padding = said === "valid" ? ([0, 0] as const) : file.pair("padding", usual);
  return both((axis) => [padding[axis], padding[axis]]);
}

function usualSettings(x: Node, o: Conv2dOptions): ConvSettings {
  const { padding = 0, groups = 1 } = o;
  const [stride, dilation] = [pair(o.stride ?? 1), pair(o.dilation ?? 1)];
  const window = { kernel: pair(o.kernel), stride, dilation };
  const own =
    padding === "same"
      ? sameFor(x, window)
      : both((axis): Pair => [pair(padding)[axis], pair(padding)[axis]]);
  return { stride, padding: withOutside(own, x, o.outside && "same", window), dilation, groups };
}

type Window = { kernel: Pair; stride: Pair; dilation: Pair };

const sameFor = (x: Node, window: Window): Sides => samePadding([x.shape[1]!, x.shape[2]!], window);

function withOutside(own: Sides, x: Node, outside: Conv2dOptions["outside"], window: Window): Sides {
  if (outside === undefined) return own;
  const more = outside === "same" ? sameFor(x, window) : outside;
  return both((axis) => [own[axis][0] + more[axis][0], own[axis][1] + more[axis][1]]);
}

/** The file's settings, compared with the architecture's. */
function settingsIn(file: FileLayer, x: Node, o: Conv2dOptions, usual: ConvSettings): ConvSettings {
  const { fixed = false } = o;
  if (!CONVOLUTIONS.has(file.kind) && !SAME_CONVOLUTIONS.has(file.kind)) {
    file.refuseKind();
    return usual;
  }
  for (const name of ["stride", "padding", "dilation", "groups"]) file.expect(name);
  const kernel = file.pair("kernel_size", pair(o.kernel));
  const stride = file.pair("stride", usual.stride);
  const dilation = file.pair("dilation", usual.dilation);
  const padsSame = SAME_CONVOLUTIONS.has(file.kind);
  const window = { kernel, stride, dilation };
  const own = padsSame
    ? sameFor(x, window)
    : paddingIn(file, kernel, dilation, o.outside ? pair(0) : [usual.padding[0][0], usual.padding[1][0]]);
  const padding = withOutside(own, x, o.outside, window);
  const said: ConvSettings = { stride, padding, dilation, groups: file.number("groups", usual.groups) };
  const stated = file.raw("padding_mode") ?? "zeros";
  // Traced code pads by a function; its mode has this name.
  const mode = padsSame && stated === "constant" ? "zeros" : stated;
  const pads = file.raw("pads") !== undefined || said.padding.flat().some((n) => n !== 0);
  if (mode !== "zeros" && pads) file.refuseSetting("padding_mode", mode, "zeros");
  file.compare("kernel_size", pair(o.kernel), kernel);
  for (const name of ["stride", "padding", "dilation", "groups"] as const) {
    if (fixed && String(said[name]) !== String(usual[name]))
      file.refuseSetting(name, said[name], usual[name]);
    else file.compare(name, brief(usual[name]), brief(said[name]));
  }
  return said;
}

/** [[1, 1], [1, 1]] as [1, 1]. */
const brief = (value: ConvSettings[keyof ConvSettings]): unknown =>
  Array.isArray(value) && value.every((one: Pair | number) => Array.isArray(one) && one[0] === one[1])
    ? (value as readonly Pair[]).map(([one]) => one)
    : value;

/** torch.nn.Conv2d on [B, H, W, C]. */
export function conv2d(b: Builder, name: string, x: Node, o: Conv2dOptions): Node {
  const { kind = "Conv2d" } = o;
  const file = fileLayer(b, name, kind);
  return b.scope(name, kind, () => {
    const input = o.before?.(x) ?? x;
    const usual = usualSettings(input, o);
    const settings = file ? settingsIn(file, input, o, usual) : usual;
    const weight = b.param("weight", [o.out, input.shape[3]! / settings.groups, ...pair(o.kernel)]);
    const y = b.conv2d(input, weight, settings);
    const mayHave = o.bias !== "never" || b.file.modules !== undefined;
    const hasBias = o.bias === true || o.bias === undefined || (mayHave && b.fileHas("bias"));
    return hasBias ? b.add(y, b.param("bias", [o.out])) : y;
  });
}
