/**
 * @file `npm run localise -- [--weights FILE] [--out DIR]`: how often the demo model's Grad-CAM peak lies in a box of an
 * object with its label, on the demo pictures and the held-out scenes, beside PyTorch's figures (weights/README.md).
 * With --out every map is drawn, a page per set, to be looked at.
 */

import { readFileSync } from "node:fs";
import { basename, join } from "node:path";

import { parseArgs } from "node:util";
import { peak } from "../src/image/map-range.js";
import { overlay } from "../src/image/overlay.js";
import type { Picture } from "../src/image/picture.js";
import { resizeMap, resizePicture } from "../src/image/resize.js";
import { loadModel } from "../src/index.js";
import { openFile } from "../src/node/file-source.js";
import { openDevice, type AdapterChoice } from "../src/node/open-device.js";
import { readPicture } from "../src/node/read-picture.js";
import { writePicture } from "../src/node/write-picture.js";

interface Entry {
  readonly file: string;
  readonly objects: readonly {
    readonly label: string;
    readonly box: readonly [number, number, number, number];
  }[];
}

const root = process.cwd();
const { values: options } = parseArgs({
  options: {
    weights: { type: "string", default: "weights/densenet121-scenes14.safetensors" },
    out: { type: "string" },
    adapter: { type: "string", default: process.env["GRADLENS_ADAPTER"] ?? "auto" },
  },
});

const boxes = JSON.parse(readFileSync("test/data/boxes.json", "utf8")) as Record<
  "pictures" | "scenes",
  Entry[]
>;
const figures = JSON.parse(readFileSync("test/data/pytorch-figures.json", "utf8")) as Record<
  string,
  Record<string, { hits: number; of: number }>
>;
const FOLDERS = { pictures: "pictures", scenes: "test/data/scenes" } as const;
const CELL = 160;

const gpu = await openDevice({ adapter: options.adapter as AdapterChoice });
const model = await loadModel(await openFile(options.weights), { gpu });
const labels = model.labels!;
let short = false;
for (const set of ["pictures", "scenes"] as const) {
  let hits = 0;
  let trials = 0;
  const cells: Picture[] = [];
  for (const entry of boxes[set]) {
    const picture = await readPicture(join(root, FOLDERS[set], basename(entry.file)));
    const wanted = [...new Set(entry.objects.map((o) => o.label))];
    const { maps } = await model.explain(picture, { targets: wanted.map((label) => labels.indexOf(label)) });
    const { width, height } = picture;
    for (const { label } of entry.objects) {
      const map = maps.find((m) => m.target.label === label)!;
      const [h, w] = map.shape;
      const size = { height: h, width: w };
      // The first maximum of the map at the picture's own size, as PyTorch's figures were made.
      const [x, y] = peak(resizeMap(map.data, size, picture), { width, height });
      const inside = entry.objects.some(
        ({ label: l, box: [x0, y0, x1, y1] }) => l === label && x >= x0 && x < x1 && y >= y0 && y < y1,
      );
      trials++;
      if (inside) hits++;
      if (options.out)
        cells.push(
          resizePicture(overlay(picture, map.data, { mapSize: size }), { width: CELL, height: CELL }),
        );
    }
  }
  const reference = figures[model.arch]?.[set];
  console.log(`${model.arch} ${set}: ${hits} of ${trials} (PyTorch: ${reference?.hits} of ${reference?.of})`);
  if (!reference || trials !== reference.of || Math.abs(hits - reference.hits) > (set === "scenes" ? 2 : 0))
    short = true;
  if (options.out) await writePicture(join(options.out, `${model.arch}-${set}.png`), sheet(cells, 14));
}
model.dispose();
gpu.dispose();
process.exitCode = short ? 1 : 0;

/** Pictures of one size side by side. */
function sheet(cells: readonly Picture[], columns: number): Picture {
  const rows = Math.ceil(cells.length / columns);
  const width = columns * CELL;
  const data = new Uint8Array(width * rows * CELL * 3);
  cells.forEach((cell, i) => {
    const left = (i % columns) * CELL;
    const top = Math.floor(i / columns) * CELL;
    for (let y = 0; y < CELL; y++) {
      data.set(cell.data.subarray(y * CELL * 3, (y + 1) * CELL * 3), ((top + y) * width + left) * 3);
    }
  });
  return { data, width, height: rows * CELL, channels: 3 };
}
