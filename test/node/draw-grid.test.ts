/** @file drawGrid: the figure that the command writes, from a script. */

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import type { ExplainOptions } from "../../src/index.js";
import { drawGrid, readPicture, type DrawGridOptions } from "../../src/node/index.js";
import { run, temporaryFolder, userFolder, writePicture } from "../cli/fake.js";
import { tinyModel } from "../cli/tiny-model.js";

const LABELS = ["cat", "dog", "Pleural Thickening"];
const SIZE = [6, 8] as const;

/** The model of the command's tests. */
function modelOf(cropPct?: number) {
  return tinyModel(
    {
      ...{ arch: "densenet121", spelling: "torchvision", classes: 3, embedding: undefined, channels: 3 },
      ...{ labels: LABELS },
      ...{ activation: "sigmoid", assumed: [], said: [], differences: [], modules: undefined },
      preprocessing: {
        size: SIZE,
        mean: [0, 0, 0],
        std: [1, 1, 1],
        bgr: false,
        resize: "opencv-bilinear",
        cropPct,
      },
      report: {
        ...{ used: ["w"], renamed: [], prefixes: [], alternatives: [], unused: [], foreign: [] },
        ...{ missing: [], mismatched: [], ambiguous: [] },
      },
      headActivation: undefined,
      transformInput: undefined,
      defaultLayer: "features.norm5",
    },
    [-1.5, 2.25, 0.5],
  );
}

interface Case {
  readonly typed: readonly string[];
  readonly explain: ExplainOptions;
  readonly draw: DrawGridOptions;
  readonly cropPct?: number;
}

const ALL: ExplainOptions = { methods: ["gradcam", "layercam"], targets: "all" };
const ALL_TYPED = ["--method", "gradcam,layercam", "--target", "all"];

it.each<Case>([
  {
    typed: [...ALL_TYPED, "--grid", "target x method"],
    explain: ALL,
    draw: { rows: "target", columns: "method" },
  },
  {
    typed: [
      ...ALL_TYPED,
      "--guided",
      "--grid",
      "method",
      "--grid-format",
      "svg",
      "--cell",
      "3cm",
      "--crop-pct",
      "0.8",
    ],
    explain: { ...ALL, guided: true },
    draw: { columns: "method", format: "svg", cell: "3cm" },
    cropPct: 0.8,
  },
  {
    typed: ["--method", "gradcam,saliency", "--no-relu", "--aug-smooth", "--target", "dog", "--grid"].concat([
      "--grid-format",
      "pdf",
      "--dpi",
      "150",
      "--title",
      "Figure 2",
      "--headings",
      "proper",
      "--alpha",
      "0.3",
    ]),
    explain: { methods: ["gradcam", "saliency"], relu: false, augSmooth: true, targets: "dog" },
    draw: { format: "pdf", dpi: 150, title: "Figure 2", properNames: true, alpha: 0.3 },
  },
])("drawGrid gives the bytes that the command writes: $typed", async ({ typed, explain, draw, cropPct }) => {
  const folder = await userFolder();
  await writePicture(join(folder, "x.png"), 5, 300, 200);
  const argv = ["cam", "--weights", "weights.safetensors", "--image", "x.png", ...typed];
  const { code, stderr } = await run(folder, argv);
  expect(code, stderr).toBe(0);
  const picture = await readPicture(join(folder, "x.png"));
  const model = modelOf(cropPct);
  const explanation = await model.explain(picture, explain);
  const one = {
    picture,
    explanation,
    model,
    options: explain,
    name: "x.png",
    modelName: "weights.safetensors",
  };
  const { pages } = await drawGrid([one], draw);
  const { format = "png" } = draw;
  expect(pages.length).toBe(draw.columns === "method" && draw.rows === undefined ? 3 : 1);
  for (const [i, page] of pages.entries()) {
    const file = join(folder, `out/grid${i === 0 ? "" : `-${i + 1}`}.${format}`);
    expect(Buffer.compare(page, readFileSync(file)), file).toBe(0);
  }
});

it("drawGrid distinguishes pictures and models, and reports what it could not print", async () => {
  const folder = temporaryFolder();
  await writePicture(join(folder, "x.png"), 5);
  await writePicture(join(folder, "y.png"), 6);
  const [x, y] = [await readPicture(join(folder, "x.png")), await readPicture(join(folder, "y.png"))];
  const model = modelOf();
  const explained = await Promise.all(
    [x, y].map(async (picture) => ({ picture, model, explanation: await model.explain(picture, ALL) })),
  );
  const headings = { dog: "แมว", "picture 2": "Patient 2", wolf: "Wolf" };
  const { pages, foreign, unused } = await drawGrid(explained, {
    rows: "image",
    columns: "target",
    format: "svg",
    headings,
  });
  expect(pages).toHaveLength(2);
  const words = [
    ...Buffer.from(pages[0]!)
      .toString()
      .matchAll(/aria-label="([^"]*)"/g),
  ].map(([, text]) => text);
  expect(words).toEqual(expect.arrayContaining(["densenet121", "picture 1", "Patient 2", "แมว", "0.905"]));
  expect(foreign).toEqual(["แ", "ม", "ว"]);
  expect(unused).toEqual(["wolf"]);
  expect(await drawGrid([])).toEqual({ pages: [], foreign: [], unused: [] });
});

it.each([
  [{ rows: "target" }, /^rows is target: give columns too/],
  [{ rows: "target", columns: "target" }, /^rows and columns are both target/],
  [{ columns: "colour" as "target" }, /^axis "colour" is not one of image, model/],
  [{ format: "jpg" as "png" }, /^format "jpg" is not one of png, svg, pdf/],
  [{ dpi: 5 }, /^dpi 5: give a number from 36 to 1200/],
  [{ cell: "9 ells" }, /^cell "9 ells": give a length/],
] as [DrawGridOptions, RegExp][])("drawGrid refuses %j", async (options, words) => {
  await expect(drawGrid([], options)).rejects.toMatchObject({ code: "bad-argument" });
  await expect(drawGrid([], options)).rejects.toThrow(words);
});
