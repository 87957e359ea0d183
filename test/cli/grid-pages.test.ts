/** @file The pages of a grid: which maps stand where, and under which words. */

import { describe, expect, it } from "vitest";
import { isMethodName } from "../../src/cam/methods/table.js";
import { parseGrid } from "../../src/cli/grid/axes.js";
import { entriesOf, type GridSource } from "../../src/cli/grid/entries.js";
import type { GridPage } from "../../src/cli/grid/page-text.js";
import { gridPages } from "../../src/cli/grid/paginate.js";
import { manifestOf, type MapRecord } from "../../src/results/manifest.js";
import { layoutGrid } from "../../src/figure/layout/grid-layout.js";
import type { Label } from "../../src/figure/layout/grid-table.js";
import { figureLetters } from "../../src/figure/drawing/letters.js";

interface MadeMap {
  readonly method?: string;
  readonly label?: string;
  readonly score?: number;
  /** null: of none. */
  readonly layer?: string | null;
  readonly flat?: string;
  readonly signed?: true;
}

/** Results of a picture as a run would leave them. */
function sourceOf(
  image: string,
  maps: readonly MadeMap[],
  { model = "m", refused = [] as string[], labels = ["cat", "dog"] } = {},
): GridSource {
  const requested = maps.map(
    ({ method = "gradcam", label = "cat", score = 0.5, layer = "l", flat, signed }): MapRecord => ({
      method,
      layers: layer === null ? [] : [layer],
      target: { index: labels.indexOf(label), label, logit: 1, score },
      augSmooth: false,
      eigenSmooth: false,
      rendering: { colormap: signed ? "bwr" : "jet", alpha: 0.5, overlaySize: "image" },
      overlay: `${method}-${label}.png`,
      peak: [0, 0],
      ...(flat !== undefined && { flat }),
      ...(signed && { signed }),
    }),
  );
  const manifest = manifestOf({
    versions: {},
    adapter: { name: "a", kind: "gpu", vendor: "v", architecture: "", boundsChecks: true },
    weights: { file: `${model}.pth`, bytes: 4, sha256: "0".repeat(64) },
    picture: { file: image.split("/").at(-1)!, sha256: "1".repeat(64), width: 40, height: 30 },
    arch: "densenet121",
    spelling: "torchvision",
    preprocessing: { size: [32, 32], channels: 3, mean: [0], std: [1], bgr: false, resize: "r" },
    layers: ["l"],
    assumed: [],
    differences: [],
    labels,
    activation: "sigmoid",
    logits: [],
    scores: [],
    dir: "/d",
    timings: {},
    maps: requested,
    guided: [],
  });
  const methods = [...new Set([...requested.map(({ method }) => method), ...refused])];
  return {
    ...{ image, model, manifest, requested, methods },
    refused: refused.filter(isMethodName).map((method) => ({ method, reason: "no such head" })),
    picture: () => Promise.reject(new Error("not drawn")),
  };
}

const each = <T>(methods: readonly string[], labels: readonly T[]): (T & { method: string })[] =>
  methods.flatMap((method) => labels.map((label) => ({ ...label, method })));

/** A page's headings and captions as they are read. */
function readingOf(page: GridPage | undefined) {
  const read = ({ text, score }: Label): string => [text, score].filter(Boolean).join(" ");
  const { table } = page!;
  return {
    ...table,
    rows: table.rows.map(read),
    columns: table.columns.map(read),
    captions: table.cells.map((row) => row.map((cell) => (cell?.caption ? read(cell.caption) : cell?.words))),
  };
}

const CAT_DOG = [
  { label: "dog", score: 0.9 },
  { label: "cat", score: 0.1234 },
];

describe("a page", () => {
  it("has targets as rows with their scores, methods as columns, and the picture first", () => {
    const source = sourceOf("x.png", each(["gradcam", "layercam"], CAT_DOG));
    const [page, ...more] = gridPages([source], parseGrid("target x method"));
    expect(more).toEqual([]);
    expect(readingOf(page)).toMatchObject({
      title: "densenet121, m.pth",
      notes: ["x.png, layer l", "scores are sigmoid probabilities"],
      rows: ["dog 0.900", "cat 0.123"],
      columns: ["picture", "gradcam", "layercam"],
      scales: [
        { colormap: "jet", ends: ["0", "1"], legend: "each map from its least to its greatest value" },
      ],
      foot: [],
    });
    const shown = page!.contents.map((row) =>
      row.map((content) => (content?.kind === "overlay" ? content.record.overlay : content?.kind)),
    );
    expect(shown).toEqual([
      ["picture", "gradcam-dog.png", "layercam-dog.png"],
      ["picture", "gradcam-cat.png", "layercam-cat.png"],
    ]);
    expect(page!.table.cells[0]![1]).toEqual({ picture: source.manifest.picture });
  });

  it("says in words what is flat or not there", () => {
    const maps = [...each(["gradcam"], CAT_DOG), { method: "fem", label: "dog", flat: "all is zero" }];
    const [page] = gridPages([sourceOf("x.png", maps)], parseGrid("method x target"));
    expect(readingOf(page).rows).toEqual(["gradcam", "fem"]);
    const words = page!.table.cells.map((row) => row.slice(1).map((cell) => cell?.words));
    expect(words).toEqual([
      [undefined, undefined],
      ["flat: all is zero", "none"],
    ]);
  });

  it("has no scale where there is nothing but words", () => {
    const [page] = gridPages([sourceOf("x.png", [{ flat: "all is zero" }])], "auto");
    expect(page!.table.scales).toEqual([]);
  });

  describe("tells a refused method once:", () => {
    const refusing = (image: string, model = "m") =>
      sourceOf(image, each(["gradcam", "fem"], CAT_DOG), { model, refused: ["cam", "rollout"] });

    it("below the maps, on the first of several pages", () => {
      const sources = [refusing("a.png"), refusing("b.png")];
      for (const spec of ["auto", "target", "method", "image", "target x method", "target x image"]) {
        const pages = gridPages(sources, parseGrid(spec));
        expect(pages.map(({ table }) => table.foot)).toEqual([
          ["cam, rollout: refused: no such head"],
          ...Array<string[]>(pages.length - 1).fill([]),
        ]);
        for (const page of pages)
          expect(JSON.stringify([page.table.rows, page.table.columns, page.table.cells])).not.toMatch(
            /"cam"/,
          );
      }
    });

    it("on the first page of its model", () => {
      const sources = [sourceOf("x.png", each(["gradcam", "cam"], CAT_DOG)), refusing("x.png", "other")];
      const pages = gridPages(sources, parseGrid("method x target"));
      expect(pages.map(({ table }) => table.foot)).toEqual([[], ["cam, rollout: refused: no such head"]]);
    });

    it("in the cell where another model has a map, else with the model's name", () => {
      const sources = [sourceOf("x.png", each(["gradcam", "cam"], [{}])), refusing("x.png", "other")];
      const [page] = gridPages(sources, parseGrid("model x method"));
      expect(readingOf(page).columns).toEqual(["picture", "gradcam", "cam", "fem"]);
      expect(page!.table.cells[1]![2]).toEqual({ words: "refused: no such head" });
      expect(page!.table.foot).toEqual(["rollout: refused for other.pth: no such head"]);
    });
  });

  describe("of methods that look at no layer", () => {
    const maps = [
      ...["l3", "l4"].map((layer) => ({ layer })),
      { method: "saliency", layer: null, signed: true } as const,
      { method: "fullgrad", layer: null },
    ];
    const overlays = ({ contents }: GridPage) =>
      contents.map((row) => row.map((one) => (one?.kind === "overlay" ? one.record.method : one?.kind)));

    it("has them beside the others, for each layer", () => {
      const pages = gridPages([sourceOf("x.png", maps)], parseGrid("target x method"));
      expect(pages.map(overlays)).toEqual(Array(2).fill([["picture", "gradcam", "saliency", "fullgrad"]]));
      expect(pages.map(({ table }) => table.notes[0])).toEqual([
        "x.png, layer l3; of the whole model: saliency, fullgrad",
        "x.png, layer l4; of the whole model: saliency, fullgrad",
      ]);
      const [page, ...more] = gridPages([sourceOf("x.png", maps)], "auto");
      expect(more).toEqual([]);
      expect(readingOf(page)).toMatchObject({
        rows: ["l3", "l4"],
        columns: ["picture", "gradcam", "saliency", "fullgrad"],
      });
      expect(overlays(page!)).toEqual(Array(2).fill(["picture", "gradcam", "saliency", "fullgrad"]));
    });

    it("is one, whatever the layers of others", () => {
      const pages = gridPages([sourceOf("x.png", maps)], parseGrid("target"));
      expect(pages.map(({ table }) => table.notes[0])).toEqual([
        "x.png, gradcam, layer l3",
        "x.png, gradcam, layer l4",
        "x.png, saliency",
        "x.png, fullgrad",
      ]);
      const [, saliency] = gridPages([sourceOf("x.png", maps)], parseGrid("target x layer"));
      expect(readingOf(saliency).columns).toEqual(["picture", "whole model"]);
    });

    it("has a colour bar for each kind of maps, of those that it shows", () => {
      const scales = (page: GridPage) =>
        page.table.scales.map(({ colormap, ends, legend }) => [colormap, ends, legend.split(":")[0]]);
      const [first] = gridPages([sourceOf("x.png", maps)], parseGrid("target x method"));
      expect(scales(first!)).toEqual([
        ["jet", ["0", "1"], "gradcam, fullgrad"],
        ["bwr", ["-1", "1"], "saliency"],
      ]);
      const [, , saliency] = gridPages([sourceOf("x.png", maps)], parseGrid("target"));
      expect(saliency!.table.scales).toMatchObject([{ legend: /^each map over/ }]);
    });
  });

  it("shows each picture above its map, where pictures are the only axis", () => {
    const sources = [sourceOf("a.png", [{ label: "dog", score: 0.9 }]), sourceOf("b.png", [{ score: 0.7 }])];
    const [page] = gridPages(sources, parseGrid("image"));
    expect(readingOf(page)).toMatchObject({
      rows: ["picture", "map"],
      columns: ["a.png, dog 0.900", "b.png, cat 0.700"],
    });
    const kinds = ({ contents }: GridPage) => contents.map((row) => row.map((content) => content?.kind));
    expect(kinds(page!)).toEqual([
      ["picture", "picture"],
      ["overlay", "overlay"],
    ]);
    const many = Array.from({ length: 150 }, (_, i) => sourceOf(`${i}.png`, [{ score: i / 150 }]));
    const pages = gridPages(many, parseGrid("image"));
    expect(pages.map(({ contents }) => contents.length)).toEqual([16]);
    expect(
      kinds(pages[0]!)
        .slice(-2)
        .map((row) => row.slice(16, 18)),
    ).toEqual([
      ["picture", undefined],
      ["overlay", undefined],
    ]);
    expect(
      readingOf(pages[0])
        .captions.slice(-2)
        .map((row) => row[0]),
    ).toEqual(["133.png", "0.887"]);
  });

  it("has many methods below one another, if nothing is said", () => {
    const names = Array.from({ length: 20 }, (_, i) => `m${i}`);
    const [page] = gridPages([sourceOf("x.png", each(names, CAT_DOG))], "auto");
    expect(readingOf(page)).toMatchObject({ columns: ["picture", "dog 0.900", "cat 0.123"] });
    expect(page!.table.rows).toHaveLength(19);
  });

  it("names places where pictures have other labels, and tells label and score below each map", () => {
    const sources = [sourceOf("a.png", CAT_DOG), sourceOf("b.png", [{ label: "cat", score: 0.7 }])];
    const [page] = gridPages(sources, "auto");
    expect(readingOf(page).rows).toEqual(["a.png", "b.png"]);
    expect(readingOf(page).columns).toEqual(["picture", "label 1", "label 2"]);
    expect(readingOf(page).captions).toEqual([
      [undefined, "dog 0.900", "cat 0.123"],
      [undefined, "cat 0.700", "no further one"],
    ]);
  });

  it("tells the label of a place that has one label", () => {
    const sources = [sourceOf("a.png", CAT_DOG), sourceOf("b.png", CAT_DOG.slice(0, 1))];
    const [page] = gridPages(sources, parseGrid("image x target"));
    expect(readingOf(page).columns).toEqual(["picture", "label 1, dog", "label 2, cat"]);
  });

  it("tells beside the rows what holds for a whole row", () => {
    const sources = [
      sourceOf("a.png", each(["gradcam", "layercam"], [{ label: "dog", score: 0.9 }])),
      sourceOf("b.png", each(["gradcam", "layercam"], [{ label: "cat", score: 0.7 }])),
    ];
    const [page] = gridPages(sources, parseGrid("image x method"));
    expect(readingOf(page).rows).toEqual(["a.png, dog 0.900", "b.png, cat 0.700"]);
    const turned = readingOf(gridPages(sources, parseGrid("method x image"))[0]);
    expect(turned.columns).toEqual(["a.png, dog 0.900", "b.png, cat 0.700"]);
    expect(turned.rows).toEqual(["picture", "gradcam", "layercam"]);
  });

  it("tells the score beside the label, also where there is one", () => {
    const source = sourceOf("x.png", each(["gradcam", "fem"], [{ score: 0.7 }]));
    const reading = (spec: string) => readingOf(gridPages([source], parseGrid(spec))[0]);
    expect(reading("target x method")).toMatchObject({ rows: ["cat 0.700"] });
    expect(reading("method x target")).toMatchObject({ columns: ["picture", "cat 0.700"] });
    expect(reading("method").notes[0]).toBe("x.png, cat 0.700, layer l");
  });

  it("never puts a score behind what it is not of", () => {
    const sources = ["one", "two"].map((model, i) =>
      sourceOf(
        "x.png",
        [
          { layer: `l${i}`, score: i / 4 },
          { method: "fem", layer: `l${i}`, score: i / 4 },
        ],
        { model },
      ),
    );
    const [page] = gridPages(sources, parseGrid("model x method"));
    expect(readingOf(page)).toMatchObject({
      notes: ["x.png, cat", "scores are sigmoid probabilities"],
      rows: ["one.pth, l0, 0.000", "two.pth, l1, 0.250"],
    });
  });

  it("never takes equal scores of different labels for one", () => {
    const none = CAT_DOG.map((one) => ({ ...one, score: 0 }));
    const [page] = gridPages(
      [sourceOf("x.png", each(["gradcam", "fem"], none))],
      parseGrid("target x method"),
    );
    expect(readingOf(page)).toMatchObject({
      rows: ["dog 0.000", "cat 0.000"],
      notes: ["x.png, layer l", "scores are sigmoid probabilities"],
    });
  });

  it("is made for each value of what is on neither axis", () => {
    const source = sourceOf("x.png", each(["gradcam", "layercam"], CAT_DOG));
    const pages = gridPages([source], parseGrid("method"));
    expect(pages.map(({ table }) => table.notes)).toEqual([
      ["x.png, dog 0.900, layer l", "scores are sigmoid probabilities, grid 1 of 2"],
      ["x.png, cat 0.123, layer l", "scores are sigmoid probabilities, grid 2 of 2"],
    ]);
    expect(readingOf(pages[0]).columns).toEqual(["picture", "gradcam", "layercam"]);
  });

  it("goes over several rows with one axis of many values", () => {
    const names = Array.from({ length: 60 }, (_, i) => `m${i}`);
    const [page, ...more] = gridPages([sourceOf("x.png", each(names, [{}]))], parseGrid("method"));
    expect(more).toEqual([]);
    expect(page!.table.cells.map((row) => row.length)).toEqual(Array(7).fill(9));
    const captions = readingOf(page).captions.flat();
    expect(captions.slice(0, 61)).toEqual(["picture", ...names]);
    expect(layoutGrid(page!.table, figureLetters().measure).cells).toHaveLength(61);
  });

  it("holds so many rows that they can be read; the others follow", () => {
    const sources = Array.from({ length: 45 }, (_, i) => sourceOf(`${i}.png`, CAT_DOG));
    const pages = gridPages(sources, parseGrid("image x target"));
    expect(pages.map(({ table }) => table.rows.length)).toEqual([19, 19, 7]);
    expect(readingOf(pages[2]).rows[0]).toBe("38.png");
  });

  it("tells models apart, and pictures of one name", () => {
    const sources = ["one", "two"].flatMap((model) => [
      sourceOf("a/x.png", [{}], { model }),
      sourceOf("b/x.png", [{}], { model }),
    ]);
    const [page] = gridPages(sources, parseGrid("image x model"));
    expect(readingOf(page)).toMatchObject({
      title: "densenet121",
      rows: ["a/x.png", "b/x.png"],
      columns: ["picture", "one.pth", "two.pth"],
    });
  });

  it("tells two classes of one label apart", () => {
    const labels = ["crane", "dog", "crane"];
    const source = sourceOf("x.png", [{ label: "crane" }], { labels });
    expect(entriesOf([source]).values.target.keys).toEqual(["crane (class 0)"]);
  });

  it("is not there without maps", () => {
    expect(gridPages([sourceOf("x.png", [])], "auto")).toEqual([]);
  });
});
