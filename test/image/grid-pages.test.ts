/** @file The pages of a grid: which maps stand where, and under which words. */

import { describe, expect, it } from "vitest";
import { parseGrid } from "../../src/cli/grid/parse-grid.js";
import type { Content } from "../../src/figure/grid/arrange.js";
import type { GridSpec } from "../../src/figure/grid/axes.js";
import { entriesOf } from "../../src/figure/grid/entries.js";
import { headingsOf, type Headings } from "../../src/figure/grid/headings.js";
import type { GridPage, PageText } from "../../src/figure/grid/page-text.js";
import { gridPages as pagesOf } from "../../src/figure/grid/paginate.js";
import type { GridMap, GridSource, LazyPicture } from "../../src/figure/grid/sources.js";
import { layoutGrid } from "../../src/figure/layout/grid-layout.js";
import type { Label } from "../../src/figure/layout/grid-table.js";
import { figureLetters } from "../../src/figure/drawing/letters.js";

const SIZE = { width: 40, height: 30 };

const gridPages = (
  sources: readonly GridSource[],
  spec: GridSpec,
  text: Partial<PageText> & { readonly headings?: Headings } = {},
): GridPage[] => pagesOf(sources, spec, { headings: headingsOf(), ...text });

/** A picture that is not drawn but known by its name. */
const shown = (name: string): LazyPicture & { readonly name: string } => ({
  name,
  size: SIZE,
  load: () => Promise.reject(new Error("not drawn")),
});

const nameOf = (content: Content | undefined): string | undefined =>
  content?.kind === "words" ? undefined : (content?.shown as { readonly name: string } | undefined)?.name;

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
  made: readonly MadeMap[],
  { model = "m", refused = [] as string[], labels = ["cat", "dog"], guided = false } = {},
): GridSource {
  const maps = made.map(
    ({ method = "gradcam", label = "cat", score = 0.5, layer = "l", flat, signed }): GridMap => ({
      method,
      layers: layer === null ? [] : [layer],
      target: { index: labels.indexOf(label), label, score },
      colormap: signed ? "bwr" : "jet",
      overlay: shown(`${method}-${label}.png`),
      ...(guided && { guided: shown(`${method}-${label}.guided.png`) }),
      ...(flat !== undefined && { flat }),
      ...(signed && { signed }),
    }),
  );
  const targets = new Map(maps.map(({ target }) => [target.index, target]));
  return {
    image: { key: image, name: image.split("/").at(-1)! },
    model: { key: model, name: `${model}.pth` },
    arch: "densenet121",
    activation: "sigmoid",
    labels,
    picture: shown(image),
    maps,
    gradients: guided
      ? [...targets.values()].map((target) => ({ target, shown: shown(`guided-${target.label}.png`) }))
      : [],
    methods: [...new Set([...maps.map(({ method }) => method), ...refused])],
    refused: refused.map((method) => ({ method: method as "cam", reason: "no such head" })),
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
  it("a page has targets as rows with their scores, methods as columns, and the picture first", () => {
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
    expect(page!.contents.map((row) => row.map(nameOf))).toEqual([
      ["x.png", "gradcam-dog.png", "layercam-dog.png"],
      [undefined, "gradcam-cat.png", "layercam-cat.png"],
    ]);
    expect(page!.table.cells[0]![1]).toEqual({ picture: SIZE });
  });

  it("a page says in words which maps are flat or missing", () => {
    const maps = [...each(["gradcam"], CAT_DOG), { method: "fem", label: "dog", flat: "all is zero" }];
    const [page] = gridPages([sourceOf("x.png", maps)], parseGrid("method x target"));
    expect(readingOf(page).rows).toEqual(["gradcam", "fem"]);
    const words = page!.table.cells.map((row) => row.slice(1).map((cell) => cell?.words));
    expect(words).toEqual([
      [undefined, undefined],
      ["flat: all is zero", "none"],
    ]);
  });

  it("a page of words alone has no scale", () => {
    const [page] = gridPages([sourceOf("x.png", [{ flat: "all is zero" }])], "auto");
    expect(page!.table.scales).toEqual([]);
  });

  describe("where a page names a refused method", () => {
    const refusing = (image: string, model = "m") =>
      sourceOf(image, each(["gradcam", "fem"], CAT_DOG), { model, refused: ["cam", "rollout"] });

    it("a refused method is named once below the maps, on the first of several pages", () => {
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

    it("a refused method is named once on the first page of its model", () => {
      const sources = [sourceOf("x.png", each(["gradcam", "cam"], CAT_DOG)), refusing("x.png", "other")];
      const pages = gridPages(sources, parseGrid("method x target"));
      expect(pages.map(({ table }) => table.foot)).toEqual([[], ["cam, rollout: refused: no such head"]]);
    });

    it("a refused method is named in the cell where another model has a map, else with the model's name", () => {
      const sources = [sourceOf("x.png", each(["gradcam", "cam"], [{}])), refusing("x.png", "other")];
      const [page] = gridPages(sources, parseGrid("model x method"));
      expect(readingOf(page).columns).toEqual(["picture", "gradcam", "cam", "fem"]);
      expect(page!.table.cells[1]![2]).toEqual({ words: "refused: no such head" });
      expect(page!.table.foot).toEqual(["rollout: refused for other.pth: no such head"]);
    });
  });

  describe("pages of methods of the input", () => {
    const maps = [
      ...["l3", "l4"].map((layer) => ({ layer })),
      { method: "saliency", layer: null, signed: true } as const,
      { method: "fullgrad", layer: null },
    ];
    const overlays = ({ contents }: GridPage) =>
      contents.map((row) => row.map((one) => nameOf(one)?.replace(/-.*|\.png/, "")));

    it("methods of the input stand beside the others, for each layer", () => {
      const pages = gridPages([sourceOf("x.png", maps)], parseGrid("target x method"));
      expect(pages.map(overlays)).toEqual(Array(2).fill([["x", "gradcam", "saliency", "fullgrad"]]));
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
      expect(overlays(page!)).toEqual([
        ["x", "gradcam", "saliency", "fullgrad"],
        [undefined, "gradcam", "saliency", "fullgrad"],
      ]);
    });

    it("methods of the input need one page, whatever the layers of others", () => {
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

    it("methods of the input have a colour bar for each kind of maps on the page", () => {
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

  it("a page shows each picture above its map, where pictures are the only axis", () => {
    const sources = [sourceOf("a.png", [{ label: "dog", score: 0.9 }]), sourceOf("b.png", [{ score: 0.7 }])];
    const [page] = gridPages(sources, parseGrid("image"));
    expect(readingOf(page)).toMatchObject({
      rows: ["picture", "map"],
      columns: ["a.png, dog 0.900", "b.png, cat 0.700"],
    });
    const kinds = ({ contents }: GridPage) => contents.map((row) => row.map((content) => content?.kind));
    expect(kinds(page!)).toEqual([
      ["plain", "plain"],
      ["map", "map"],
    ]);
    const many = Array.from({ length: 150 }, (_, i) => sourceOf(`${i}.png`, [{ score: i / 150 }]));
    const pages = gridPages(many, parseGrid("image"));
    expect(pages.map(({ contents }) => contents.length)).toEqual([16]);
    expect(
      kinds(pages[0]!)
        .slice(-2)
        .map((row) => row.slice(16, 18)),
    ).toEqual([
      ["plain", undefined],
      ["map", undefined],
    ]);
    expect(
      readingOf(pages[0])
        .captions.slice(-2)
        .map((row) => row[0]),
    ).toEqual(["133.png", "0.887"]);
  });

  it("a page has many methods below one another by default", () => {
    const names = Array.from({ length: 20 }, (_, i) => `m${i}`);
    const [page] = gridPages([sourceOf("x.png", each(names, CAT_DOG))], "auto");
    // The picture lies above them, once.
    expect(readingOf(page)).toMatchObject({ columns: ["dog 0.900", "cat 0.123"] });
    expect(page!.table.rows).toHaveLength(20);
    expect(page!.contents.slice(0, 2).map((row) => row.map(nameOf))).toEqual([
      ["x.png", undefined],
      ["m0-dog.png", "m0-cat.png"],
    ]);
  });

  it("a page names places where pictures have other labels, and label and score below each map", () => {
    const sources = [sourceOf("a.png", CAT_DOG), sourceOf("b.png", [{ label: "cat", score: 0.7 }])];
    const [page] = gridPages(sources, "auto");
    expect(readingOf(page).rows).toEqual(["a.png", "b.png"]);
    expect(readingOf(page).columns).toEqual(["picture", "label 1", "label 2"]);
    expect(readingOf(page).captions).toEqual([
      [undefined, "dog 0.900", "cat 0.123"],
      [undefined, "cat 0.700", "no further one"],
    ]);
  });

  it("a page names the label of a place that has one label", () => {
    const sources = [sourceOf("a.png", CAT_DOG), sourceOf("b.png", CAT_DOG.slice(0, 1))];
    const [page] = gridPages(sources, parseGrid("image x target"));
    expect(readingOf(page).columns).toEqual(["picture", "label 1, dog", "label 2, cat"]);
  });

  it("a page names beside the rows what holds for a whole row", () => {
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

  it("a page shows the score beside the label, also where there is one", () => {
    const source = sourceOf("x.png", each(["gradcam", "fem"], [{ score: 0.7 }]));
    const reading = (spec: string) => readingOf(gridPages([source], parseGrid(spec))[0]);
    expect(reading("target x method")).toMatchObject({ rows: ["cat 0.700"] });
    expect(reading("method x target")).toMatchObject({ columns: ["cat 0.700"] });
    expect(reading("method").notes[0]).toBe("x.png, cat 0.700, layer l");
  });

  it("a page never puts a score behind what it does not belong to", () => {
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

  it("a page never treats equal scores of different labels as one", () => {
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

  it("a grid has a page for each value of what is on neither axis", () => {
    const source = sourceOf("x.png", each(["gradcam", "layercam"], CAT_DOG));
    const pages = gridPages([source], parseGrid("method"));
    expect(pages.map(({ table }) => table.notes)).toEqual([
      ["x.png, dog 0.900, layer l", "scores are sigmoid probabilities, grid 1 of 2"],
      ["x.png, cat 0.123, layer l", "scores are sigmoid probabilities, grid 2 of 2"],
    ]);
    expect(readingOf(pages[0]).columns).toEqual(["picture", "gradcam", "layercam"]);
  });

  it("a page breaks one axis of many values into several rows", () => {
    const names = Array.from({ length: 60 }, (_, i) => `m${i}`);
    const [page, ...more] = gridPages([sourceOf("x.png", each(names, [{}]))], parseGrid("method"));
    expect(more).toEqual([]);
    expect(page!.table.cells.map((row) => row.length)).toEqual(Array(7).fill(9));
    const captions = readingOf(page).captions.flat();
    expect(captions.slice(0, 61)).toEqual(["picture", ...names]);
    expect(layoutGrid(page!.table, figureLetters().measure).cells).toHaveLength(61);
  });

  it("a page holds as many rows as stay legible; the others follow", () => {
    const sources = Array.from({ length: 45 }, (_, i) => sourceOf(`${i}.png`, CAT_DOG));
    const pages = gridPages(sources, parseGrid("image x target"));
    expect(pages.map(({ table }) => table.rows.length)).toEqual([19, 19, 7]);
    expect(readingOf(pages[2]).rows[0]).toBe("38.png");
  });

  it("a page distinguishes models, and pictures of one name", () => {
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

  it("a page distinguishes two classes of one label", () => {
    const labels = ["crane", "dog", "crane"];
    const source = sourceOf("x.png", [{ label: "crane" }], { labels });
    expect(entriesOf([source], headingsOf()).values.target.keys).toEqual(["crane (class 0)"]);
  });

  it("a page has guided backprop and guided Grad-CAM behind the methods, without a colour bar", () => {
    const maps = each(["gradcam", "layercam"], CAT_DOG);
    const [page] = gridPages([sourceOf("x.png", maps, { guided: true })], parseGrid("target x method"));
    expect(readingOf(page).columns).toEqual(
      ["picture", "gradcam", "layercam"].concat("guided backprop", "guided gradcam", "guided layercam"),
    );
    expect(page!.contents[1]!.map(nameOf)).toEqual([
      undefined,
      ...["gradcam-cat.png", "layercam-cat.png", "guided-cat.png"],
      ...["gradcam-cat.guided.png", "layercam-cat.guided.png"],
    ]);
    expect(page!.table.scales).toHaveLength(1);
    const alone = gridPages([sourceOf("x.png", maps.slice(0, 1), { guided: true })], "auto");
    expect(alone.map((one) => readingOf(one).columns)).toEqual([
      ["picture", "gradcam", "guided backprop", "guided gradcam"],
    ]);
  });

  describe("the user's headings", () => {
    const maps = each(["gradcam++", "fem"], CAT_DOG);
    const source = sourceOf("x.png", maps, { guided: true, refused: ["cam"] });

    it("the headings may be the papers' names of methods alone", () => {
      const headings = headingsOf(new Map(), true);
      const labelled = sourceOf("x.png", [{ method: "cam", label: "fem" }], { labels: ["fem"] });
      const [page] = gridPages([labelled], parseGrid("target x method"), { headings });
      expect(readingOf(page)).toMatchObject({ rows: ["fem 0.500"], columns: ["picture", "CAM"] });
      const all = readingOf(gridPages([source], parseGrid("target x method"), { headings })[0]);
      expect(all.columns).toEqual(
        ["picture", "Grad-CAM++", "FEM"].concat("Guided backprop", "Guided Grad-CAM++", "Guided FEM"),
      );
      expect(all.foot).toEqual(["CAM: refused: no such head"]);
    });

    it("the headings may be words by name, of methods, labels, layers, pictures and models", () => {
      const own = new Map(
        Object.entries({ fem: "FEM (ours)", dog: "Hund", l: "last block", "x.png": "Patient 1" }).concat(
          Object.entries({ picture: "Input", "m.pth": "DenseNet", wolf: "Wolf" }),
        ),
      );
      const headings = headingsOf(own, true);
      const [page] = gridPages([source], parseGrid("target x method"), { headings });
      expect(readingOf(page)).toMatchObject({
        title: "densenet121, DenseNet",
        notes: [
          "Patient 1, layer last block; of the whole model: Guided backprop",
          "scores are sigmoid probabilities",
        ],
        rows: ["Hund 0.900", "cat 0.123"],
      });
      expect(readingOf(page).columns.slice(0, 3)).toEqual(["Input", "Grad-CAM++", "FEM (ours)"]);
      expect(headings.unused()).toEqual(["wolf"]);
    });
  });

  it("a page has the user's title, or nothing above the grid", () => {
    const source = sourceOf("x.png", CAT_DOG);
    const lines = (title: string | null) =>
      gridPages([source], "auto", { title }).map(({ table }) => [table.title, ...table.notes]);
    expect(lines("Figure 2")).toEqual([["Figure 2", "x.png, gradcam, layer l", expect.anything()]]);
    expect(lines(null)).toEqual([[""]]);
  });

  it("a grid without maps has no page", () => {
    expect(gridPages([sourceOf("x.png", [])], "auto")).toEqual([]);
  });
});
