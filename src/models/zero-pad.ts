/** @file Pads maps with zeros: torch.nn.ZeroPad2d, and padding in code without a module. The file's own numbers are used. */

import type { Builder } from "../graph/builder.js";
import { NO_PADDING } from "../graph/ops/convolution.js";
import type { Node } from "../graph/types.js";
import { say } from "../language/say.js";
import type { Sides } from "./convolution.js";
import { FileLayer, fileLayer } from "./file-layer.js";

/** torch.nn.ZeroPad2d, or Identity where nothing is padded. */
export function zeroPad(b: Builder, name: string, x: Node, usual: Sides): Node {
  const kind = usual.flat().some((n) => n > 0) ? "ZeroPad2d" : "Identity";
  const file = fileLayer(b, name, kind);
  const [rows, columns] = file ? sidesIn(file, usual) : usual;
  return b.scope(name, kind, () => b.pad(b.pad(x, 1, ...rows), 2, ...columns));
}

/** A ZeroPad2d that the network has and never calls. Settings in traced code show a call. */
export function uncalledPad(b: Builder, name: string): void {
  const file = fileLayer(b, name, "ZeroPad2d");
  const called = file?.raw("pads");
  if (called !== undefined) file!.refuseSetting("padding", called, say`no call of it`);
  b.container(name, "ZeroPad2d", () => undefined);
}

/** The file's padding, which follows from the size that its network was made for. */
function sidesIn(file: FileLayer, usual: Sides): Sides {
  if (file.kind === "Identity") return NO_PADDING;
  if (file.kind !== "ZeroPad2d") {
    file.refuseKind();
    return usual;
  }
  const said = tracedPads(file) ?? sidesOf(file.raw("padding"));
  // Traced code that never calls the module states nothing.
  if (said === undefined) return file.refuseSetting("padding", say`not stated`, usual);
  file.compare("padding", [usual[1], usual[0]].flat(), [said[1], said[0]].flat());
  return said;
}

/** [left, right, top, bottom], as PyTorch has them. */
function sidesOf(said: unknown): Sides | undefined {
  if (!Array.isArray(said) || said.length !== 4) return undefined;
  const [left, right, top, bottom] = said as [number, number, number, number];
  return [
    [top, bottom],
    [left, right],
  ];
}

/** The zeros that a function in the module's traced code adds; undefined if it calls none. */
function tracedPads(file: FileLayer): Sides | undefined {
  const sides = sidesOf(file.raw("pads"));
  if (sides === undefined) return undefined;
  for (const [name, ours] of [
    ["padding_mode", "constant"],
    ["pad_value", 0],
  ] as const) {
    const value = file.raw(name) ?? ours;
    if (value !== ours) file.refuseSetting(name, value, ours);
  }
  return sides;
}

/**
 * The zeros that the current scope's code adds around its convolution `name`. Traced code states them. A pickle states whether
 * TensorFlow's padding is on. A file without modules is padded as published.
 */
export function padsAround(b: Builder, name: string, kind: string, setting: string): "same" | Sides {
  const facts = b.file.modules?.peek(b.path);
  if (facts === undefined) return "same";
  const file = new FileLayer(b, b.path, facts, kind);
  if (file.flag(setting, false)) return "same";
  const sides = tracedPads(file);
  if (sides) b.file.modules!.padded.add(b.pathOf(name));
  return sides ?? NO_PADDING;
}
