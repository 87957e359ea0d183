/** @file The index of a report, from the manifests below a folder. */

import { readdirSync } from "node:fs";
import { join, posix, relative, sep } from "node:path";
import { cropFor } from "../../image/crop.js";
import type { Box } from "../../image/rle.js";
import type { ReportEntry, ReportMap, ReportModel, ReportTruth } from "../../report/data.js";
import { boxesOnOverlay } from "../../results/draw-map.js";
import { settingText } from "../../results/model-words.js";
import { MANIFEST_NAME, type Manifest, type MapRecord, type Rendering } from "../../results/manifest.js";
import { filesOf, filesOfMap } from "../../results/manifest-records.js";
import { readManifest } from "../results/store.js";

/** A folder of results. */
export interface FolderOfResults {
  readonly dir: string;
  /** The manifest's name in it. */
  readonly name: string;
  readonly manifest: Manifest;
}

/** Scores beyond these are left out: a report of many pictures by a model of many classes would hold little else. */
const SCORES = 20;

/**
 * The complete results below a folder, sorted by path.
 * @throws GradlensError "bad-file" for a manifest of another program or a later gradlens
 */
export function findResults(folder: string): FolderOfResults[] {
  const found: FolderOfResults[] = [];
  const visit = (dir: string): void => {
    const entries = readdirSync(dir, { withFileTypes: true });
    for (const { name } of entries.filter((entry) => entry.isFile() && isManifestName(entry.name))) {
      const manifest = readManifest(dir, true, name);
      if (manifest !== undefined) found.push({ dir, name, manifest });
    }
    for (const entry of entries) {
      if (entry.isDirectory() && !entry.name.startsWith(".")) visit(join(dir, entry.name));
    }
  };
  visit(folder);
  const pathOf = ({ dir, name }: FolderOfResults): string => join(dir, name);
  return found.sort((a, b) => pathOf(a).localeCompare(pathOf(b), "en", { numeric: true }));
}

/** Where results share a folder, each manifest has a name before. */
const isManifestName = (name: string): boolean =>
  name === MANIFEST_NAME || name.endsWith(`.${MANIFEST_NAME}`);

const slashes = (path: string): string => path.split(sep).join("/");

/** Numbers the models of manifests: those of equal weights and settings are one. */
export class Models {
  private readonly known = new Map<string, number>();
  readonly all: ReportModel[] = [];

  add(manifest: Manifest): number {
    const model = modelOf(manifest);
    const key = JSON.stringify([manifest.weights.sha256, model]);
    const index = this.known.get(key) ?? this.all.push(model) - 1;
    this.known.set(key, index);
    return index;
  }
}

function modelOf(manifest: Manifest): ReportModel {
  const { arch, spelling, weights, adapter, activation, preprocessing, assumed } = manifest;
  const { size, channels, mean, std, bgr, resize, cropPct } = preprocessing;
  return {
    arch,
    weights: weights.file,
    settings: [
      ["arch", `${arch} (${spelling})`],
      ["weights", `${weights.file}, SHA-256 ${weights.sha256}`],
      ["adapter", adapter.name],
      ["size", size.join("x")],
      ["channels", `${channels}${bgr ? ", blue first" : ""}`],
      ["mean", mean.join(", ")],
      ["std", std.join(", ")],
      ["resize", cropPct === undefined ? resize : `${resize}, crop ${cropPct}`],
      ["activation", activation],
    ],
    assumed: assumed.map(({ what, value, because }) => [`${what} ${settingText(what, value)}`, because]),
  };
}

/** @param root the report's folder */
export function entryOf({ dir, name, manifest }: FolderOfResults, root: string, model: number): ReportEntry {
  const below = slashes(relative(root, dir));
  const { picture, scores, labels, maps, refused } = manifest;
  const labelOf = (index: number): string => labels?.[index] ?? `class ${index}`;
  const order = [...scores.keys()].sort((a, b) => scores[b]! - scores[a]!).slice(0, SCORES);
  return {
    // The last folder is the model's.
    name: posix.dirname(below) === "." ? (picture.file ?? "stdin") : posix.dirname(below),
    file: picture.file,
    width: picture.width,
    height: picture.height,
    model,
    manifest: posix.join(below, name),
    scores: order.map((i) => ({ label: labelOf(i), score: scores[i]! })),
    maps: maps.map((map) => mapOf(map, manifest, below)),
    files: filesOf({ ...manifest, maps: [] }).map((file) => posix.join(below, file)),
    refused: (refused ?? []).map(({ method, reason }) => [method, reason]),
  };
}

function mapOf(map: MapRecord, manifest: Manifest, below: string): ReportMap {
  const { picture } = manifest;
  const truth = truthOf(map, manifest);
  const { method, layers, target, rendering, signed, peak, flat, noHeat, peakNote } = map;
  const [x, y] = peak;
  const border = Math.min(x, y, picture.width - 1 - x, picture.height - 1 - y);
  return {
    method,
    layers: layers.join(", "),
    label: target.label ?? `class ${target.index}`,
    score: target.score,
    colormap: rendering.colormap,
    alpha: rendering.alpha,
    signed: signed === true,
    peakToBorder: Math.max(border, 0) / Math.min(picture.width, picture.height),
    notes: [flat, noHeat, peakNote].filter((note) => note !== undefined),
    flat: flat !== undefined,
    ...(truth && { truth }),
    files: filesOfMap(map).map((file) => posix.join(below, file)),
  };
}

function truthOf({ truth, rendering }: MapRecord, manifest: Manifest): ReportTruth | undefined {
  if (truth === undefined || rendering.truth === undefined) return undefined;
  return { ...truth, boxes: sharesOf(rendering.truth, rendering.overlaySize, manifest) };
}

/** Boxes of the original picture as shares of what is shown: the picture, or what the model saw of it. */
function sharesOf(
  boxes: readonly Box[],
  overlaySize: Rendering["overlaySize"],
  { picture, preprocessing }: Manifest,
): Box[] {
  const [height, width] = preprocessing.size;
  const crop = cropFor(picture, { height, width }, preprocessing.cropPct);
  const shown = overlaySize === "input" ? { width, height } : picture;
  return boxesOnOverlay(boxes, 1, picture, crop, overlaySize).map(([x, y, w, h]): Box => [
    x / shown.width,
    y / shown.height,
    w / shown.width,
    h / shown.height,
  ]);
}
