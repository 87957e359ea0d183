/** @file The names of the files of a request's maps and guided pictures. */

import { isInputMethod, type MethodName } from "../cam/methods/table.js";
import { type NameBook, safeName, safePair } from "../text/safe-names.js";
import { defaultStem, fillName, layerPart, type Kind, type NameParts } from "./file-names.js";
import type { MapRecord, TargetRecord } from "./manifest.js";
import type { Request } from "./request.js";
import type { Variation } from "./variation.js";

/** The file names of a map. */
export type MapFiles = Pick<MapRecord, "overlay" | "heat" | "npy" | "mask" | "guided" | "gradient" | "strip">;

/** The facts that a map's file names depend on. */
interface Named {
  readonly method: MethodName;
  readonly layers: readonly string[];
  readonly target: TargetRecord;
  readonly variation: Variation;
}

export function filesFor(request: Request, map: Named, book: NameBook): MapFiles {
  const { method } = map;
  const { stem, suffix } = nameOf(request, map);
  const overlay = book.take(stem, suffix);
  const plain = overlay.slice(0, -suffix.length);
  const product = request.names.cam_gb && fillName(request.names.cam_gb, partsOf(request, map, "cam_gb"));
  return {
    overlay,
    ...(request.heat && { heat: book.take(plain, ".heat.png") }),
    ...(request.npy && { npy: book.take(plain, ".npy") }),
    ...(request.rendering.threshold !== undefined && { mask: book.take(plain, ".mask.png") }),
    // A map of the input gradient is not multiplied with another gradient.
    ...(request.guided &&
      !isInputMethod(method) && {
        guided: product
          ? book.take(product.stem + request.mark, product.suffix)
          : book.take(plain, `.guided${suffix}`),
      }),
    ...(request.strip && { strip: book.take(plain, ".strip.png") }),
    ...(isInputMethod(method) && { gradient: book.take(plain, ".gradient.png") }),
  };
}

/** Guided backprop depends on no method and no layer. A pattern may name the only method. */
export function guidedName(request: Request, target: TargetRecord, book: NameBook): string {
  const { names, methods, mark, prefix, suffix } = request;
  const label = request.fileLabels[target.index]!;
  if (names.gb === undefined) return book.take(prefixed(prefix, safeName(`guided-${label}`)), suffix);
  const [only, ...others] = methods;
  const method = only === undefined || others.length > 0 ? "guided" : only;
  const parts = { method, label, layer: "model", kind: "gb" } as const;
  const filled = fillName(names.gb, { ...request.nameParts, ...parts });
  return book.take(filled.stem + mark, filled.suffix);
}

const prefixed = (prefix: string | undefined, stem: string): string =>
  prefix === undefined ? stem : safePair(prefix, stem);

const partsOf = (request: Request, { method, layers, target }: Named, kind: Kind): NameParts => ({
  ...request.nameParts,
  method,
  label: request.fileLabels[target.index]!,
  layer: layerPart(layers),
  kind,
});

function nameOf(request: Request, map: Named): { stem: string; suffix: string } {
  const { names, mark, prefix, suffix } = request;
  const parts = partsOf(request, map, "cam");
  if (names.cam !== undefined) {
    const filled = fillName(names.cam, parts);
    return { ...filled, stem: filled.stem + mark };
  }
  const { method, layers, variation } = map;
  const isDefault =
    layers.length === 0 ||
    (!request.layersEach && JSON.stringify(layers) === JSON.stringify(request.defaultLayers));
  const { label, layer } = parts;
  // `guided-LABEL.png` is the picture of --guided.
  const plain = { method: method === "guided" ? "guided-heat" : method, label };
  return {
    stem: prefixed(prefix, defaultStem(isDefault ? plain : { ...plain, layer }, variation)),
    suffix,
  };
}
