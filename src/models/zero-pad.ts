/** @file torch.nn.ZeroPad2d, with the file's padding where it holds its modules. */

import type { Builder } from "../graph/builder.js";
import type { Node, Pair } from "../graph/types.js";
import { fileLayer, type FileLayer } from "./file-layer.js";

/** torch.nn.ZeroPad2d, or Identity where there is nothing to pad. */
export function zeroPad(b: Builder, name: string, x: Node, usual: readonly [Pair, Pair]): Node {
  const kind = usual.flat().some((n) => n > 0) ? "ZeroPad2d" : "Identity";
  const file = fileLayer(b, name, kind);
  const [rows, columns] = file ? sidesIn(file, usual) : usual;
  return b.scope(name, kind, () => b.pad(b.pad(x, 1, ...rows), 2, ...columns));
}

/** The file's padding, which follows from the size that its network was made for. */
function sidesIn(file: FileLayer, usual: readonly [Pair, Pair]): readonly [Pair, Pair] {
  if (file.kind === "Identity")
    return [
      [0, 0],
      [0, 0],
    ];
  if (file.kind !== "ZeroPad2d") {
    file.refuseKind();
    return usual;
  }
  // Traced code pads by a function, whose argument is called so.
  const said = file.raw("pads") ?? file.raw("padding");
  if (said === undefined) file.expect("padding");
  if (!Array.isArray(said) || said.length !== 4) return usual;
  const [left, right, top, bottom] = said as [number, number, number, number];
  file.compare("padding", [usual[1], usual[0]].flat(), said);
  return [
    [top, bottom],
    [left, right],
  ];
}
