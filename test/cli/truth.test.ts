/** @file `--truth`: files of boxes, which picture and label they are of, and what becomes of them. */

import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import sharp from "sharp";
import { describe, expect, it } from "vitest";
import type { Input } from "../../src/cli/inputs/find-pictures.js";
import { parseTruth } from "../../src/cli/inputs/truth-file.js";
import { Truth } from "../../src/cli/inputs/truth.js";
import { truthRecord } from "../../src/results/truth.js";
import type { Box } from "../../src/image/rle.js";
import { run, userFolder, writePicture } from "./fake.js";
import { DIR, manifestIn, MINE } from "./made-manifest.js";

/** The first lines of the file that NIH publishes, whose head has commas inside a name. */
const NIH = `Image Index,Finding Label,Bbox [x,y,w,h],,,
00013118_008.png,Atelectasis,225.084745762712,547.019216763771,86.7796610169491,79.1864406779661,,,
00014716_007.png,Infiltrate,686.101694915254,131.543498111013,185.491525423729,313.491525423729,,,
`;

const COCO = {
  images: [
    { id: 7, file_name: "a/x.png", width: 300, height: 200 },
    { id: 8, file_name: "y.png" },
  ],
  categories: [
    { id: 1, name: "dog" },
    { id: 3, name: "cat" },
  ],
  annotations: [
    { id: 1, image_id: 7, category_id: 1, bbox: [1, 2, 3, 4], iscrowd: 0 },
    { id: 2, image_id: 8, category_id: 3, bbox: [5.5, 6, 7, 8] },
    { id: 3, image_id: 8, category_id: 3, bbox: [0, 0, 9, 9], iscrowd: 1 },
  ],
};

describe("a file of boxes", () => {
  it("--truth reads NIH's file of boxes", () => {
    expect(parseTruth(NIH, "b.csv")).toEqual([
      {
        image: "00013118_008.png",
        label: "Atelectasis",
        box: [225.084745762712, 547.019216763771, 86.7796610169491, 79.1864406779661],
      },
      {
        image: "00014716_007.png",
        label: "Infiltrate",
        box: [686.101694915254, 131.543498111013, 185.491525423729, 313.491525423729],
      },
    ]);
  });

  it("--truth reads a table with its columns in any order, beside others", () => {
    const text =
      '\uFEFFLabel,Width,height,X,y,reader,image\r\n"Pleural, left",10,20,1,2.5,R1,a/x.png\r\n\r\n';
    expect(parseTruth(text, "b.csv")).toEqual([
      { image: "a/x.png", label: "Pleural, left", box: [1, 2.5, 10, 20] },
    ]);
  });

  it("--truth reads COCO's file, whose crowds are no boxes of one thing", () => {
    expect(parseTruth(JSON.stringify(COCO), "b.json")).toEqual([
      { image: "a/x.png", label: "dog", box: [1, 2, 3, 4], of: { width: 300, height: 200 } },
      { image: "y.png", label: "cat", box: [5.5, 6, 7, 8] },
    ]);
  });

  it.each([
    ["image,label,x,y,w,h\n", /^truth b: its first line has no column width, height; give NIH's/],
    ["", /has no column image, label, x, y, width, height/],
    ["image,label,x,y,width,height\na.png,dog,1,2,3\n", /line 2: 1,2,3,NaN is not a box/],
    [
      "image,label,x,y,width,height\na.png,dog,1,2,3,0\n",
      /line 2: 1,2,3,0 is not a box: give x, y, width and height/,
    ],
    ["image,label,x,y,width,height\na.png,,1,2,3,4\n", /line 2 has no label/],
    ["image,label,x,y,width,height\n,dog,1,2,3,4\n", /line 2 has no image/],
    ["{", /not valid JSON/],
    ["{}", /it has no list "images"; give NIH's/],
    [JSON.stringify({ ...COCO, images: [] }), /annotation 1: no image has the id 7/],
    [JSON.stringify({ ...COCO, categories: [] }), /annotation 1: no category has the id 1/],
    [
      JSON.stringify({ ...COCO, annotations: [{ ...COCO.annotations[0], bbox: [1, 2] }] }),
      /annotation 1: 1,2 is not a box/,
    ],
  ])("--truth refuses the file %j", (text, words) => {
    expect(() => parseTruth(text, "b")).toThrow(words);
  });
});

describe("a box", () => {
  const inputs: Input[] = ["/d/a/x.png", "/d/b/x.png", "/d/a/y.png"].map((file) => {
    return { file, shown: file, folder: [file], flatName: file };
  });
  const of = (image: string, label = "dog"): Truth =>
    Truth.of([{ image, label, box: [1, 2, 3, 4] }], "b.csv", inputs);
  const size = { width: 10, height: 10 };
  const found = (truth: Truth) =>
    inputs.map((input) => truth.boxesOf(input, size, ["cat", "dog"]).get(1)?.length ?? 0);

  it("a box belongs to the picture whose path ends in its name", () => {
    expect(found(of("a/x.png"))).toEqual([1, 0, 0]);
    expect(found(of("b\\x.png"))).toEqual([0, 1, 0]);
    expect(found(of("./y.png"))).toEqual([0, 0, 1]);
    expect(found(of("c/y.png"))).toEqual([0, 0, 0]);
    expect(found(of("Y.png"))).toEqual([0, 0, 0]);
    expect(() => of("x.png")).toThrow(
      'truth b.csv: "x.png" may be /d/a/x.png or /d/b/x.png: name its folder too',
    );
  });

  it("a box belongs to the label that is written exactly so", () => {
    const truth = of("y.png", "dogs");
    expect(found(truth)).toEqual([0, 0, 0]);
    expect(truth.notes(["cat", "dog"])).toEqual([
      'truth "dogs": the model has no such label, so a box is left out: did you mean dog?',
    ]);
    expect(of("y.png").notes(["cat", "dog"])).toEqual([]);
    expect(of("y.png").notes(["dog", "dog"])).toHaveLength(1);
    expect(of("y.png").notes()).toEqual([
      'truth "dog": the model has no labels (--labels), so a box is left out',
    ]);
    expect(of("elsewhere.png", "wolf").notes(["cat"])).toEqual([]);
  });

  it("a box that was drawn on a picture of another size is refused", () => {
    const small = { width: 3, height: 10 };
    expect(() => of("y.png").boxesOf(inputs[2]!, small, ["dog"])).not.toThrow();
    expect(() => of("y.png").boxesOf(inputs[2]!, { width: 2, height: 10 }, ["dog"])).toThrow(
      "/d/a/y.png has 2x10 pixels, but b.csv has the box 1,2,3,4: boxes are in pixels of the original picture",
    );
    const sized = Truth.of(
      [{ image: "y.png", label: "dog", box: [1, 2, 3, 4], of: small }],
      "c.json",
      inputs,
    );
    expect(() => sized.boxesOf(inputs[2]!, size, ["dog"])).toThrow("but c.json has boxes on 3x10 pixels");
  });
});

it.each<[string, Parameters<typeof truthRecord>, ReturnType<typeof truthRecord>]>([
  ["a hit", [[[0, 0, 4, 4]], [3, 3], undefined], { hit: true }],
  ["a miss", [[[0, 0, 4, 4]], [4, 3], undefined], { hit: false }],
  [
    "one of two boxes",
    [
      [
        [9, 9, 1, 1],
        [0, 0, 4, 4],
      ],
      [3, 3],
      undefined,
    ],
    { hit: true },
  ],
  ["no heat", [[[0, 0, 4, 4]], undefined, []], { hit: false, iou: 0 }],
  [
    "the largest region, and the box that it fits best",
    [
      [
        [0, 0, 4, 4],
        [10, 10, 4, 4],
      ],
      [0, 0],
      [
        { box: [0, 0, 4, 4], area: 5 },
        { box: [10, 10, 4, 8], area: 20 },
      ],
    ],
    { hit: true, iou: 0.5 },
  ],
])("the record of boxes and map is right for %s", (_, given, record) => {
  expect(truthRecord(...given)).toEqual(record);
});

describe("gradlens cam --truth", () => {
  const SIZE = { width: 300, height: 200 };
  const DOG: Box = [30, 0, 60, 44];
  const folderWithBoxes = async (): Promise<string> => {
    const folder = await userFolder();
    await writePicture(join(folder, "x.png"), 5, SIZE.width, SIZE.height);
    const rows = [`x.png,dog,${DOG.join()}`, "x.png,dogs,1,1,9,9", "elsewhere.png,dog,1,1,9,9"];
    writeFileSync(join(folder, "boxes.csv"), `image,label,x,y,width,height\n${rows.join("\n")}\n`);
    return folder;
  };
  const TRUTH = [...MINE, "--target", "dog,cat", "--truth", "boxes.csv"];
  const at = async (path: string, x: number, y: number): Promise<number[]> => [
    ...(await sharp(path).extract({ left: x, top: y, width: 1, height: 1 }).removeAlpha().raw().toBuffer()),
  ];

  it("--truth draws the boxes, compares each map with those of its label, and says what is left out", async () => {
    const folder = await folderWithBoxes();
    const ran = await run(folder, [...TRUTH, "--threshold", "0.5", "--strip", "--grid"]);
    expect(ran.code, ran.stderr).toBe(0);
    expect(ran.stderr).toMatch(/^Truth +boxes\.csv: 2 of 3 boxes, of 1 of 1 pictures$/m);
    expect(ran.stderr).toMatch(
      /^Note +truth "dogs": the model has no such label, so a box is left out: did you mean dog\?$/m,
    );
    const [dog, cat] = manifestIn(folder).maps;
    expect(dog!.rendering.truth).toEqual([DOG]);
    expect(cat).not.toHaveProperty("truth");
    expect(cat!.rendering).not.toHaveProperty("truth");
    // The hot pixel (1, 0) of 8x6 lies in 38..75 x 0..33.
    expect(dog!.truth!.hit).toBe(true);
    const { found } = dog!.regions!;
    const [rx, ry, rw, rh] = found.reduce((most, one) => (one.area > most.area ? one : most)).box;
    let [both, either] = [0, 0];
    for (let py = 0; py < SIZE.height; py++)
      for (let px = 0; px < SIZE.width; px++) {
        const inRegion = px >= rx && px < rx + rw && py >= ry && py < ry + rh;
        const inBox = px >= DOG[0] && px < DOG[0] + DOG[2] && py >= DOG[1] && py < DOG[1] + DOG[3];
        if (inRegion && inBox) both++;
        if (inRegion || inBox) either++;
      }
    expect(dog!.truth!.iou).toBeCloseTo(both / either, 8);
    expect(dog!.truth!.iou).toBeGreaterThan(0.2);
    const overlay = join(folder, DIR, dog!.overlay);
    const edge = await Promise.all([0, 1, 2, 3].map((inward) => at(overlay, DOG[0] + inward, 24)));
    expect(edge).toEqual([0, 255, 255, 0].map((value) => [value, value, value]));
    const [head, row] = readFileSync(join(folder, "out/scores.csv"), "utf8").trim().split("\r\n");
    const cells = new Map(head!.split(",").map((name, i) => [name, row!.split(",")[i]]));
    expect(cells.get("hit: gradcam dog")).toBe("1");
    expect(Number(cells.get("IoU: gradcam dog"))).toBe(dog!.truth!.iou);
    expect([...cells.keys()]).not.toContain("hit: gradcam cat");
  });

  it("--truth draws on the picture of strips and grids, and in the model's view", async () => {
    const folder = await folderWithBoxes();
    await run(folder, [...TRUTH, "--strip", "--overlay-size", "input", "--size", "40x60", "--grid"]);
    const [dog] = manifestIn(folder).maps;
    // 300x200 pixels are 60x40: a fifth.
    const overlay = join(folder, DIR, dog!.overlay);
    expect(await at(overlay, DOG[0] / 5 + 1, 5)).toEqual([255, 255, 255]);
    expect(await at(overlay, DOG[0] / 5, 5)).toEqual([0, 0, 0]);
    const plain = await userFolder();
    await writePicture(join(plain, "x.png"), 5, SIZE.width, SIZE.height);
    await run(plain, [
      ...MINE,
      "--target",
      "dog,cat",
      "--strip",
      "--overlay-size",
      "input",
      "--size",
      "40x60",
      "--grid",
    ]);
    for (const file of [join(DIR, dog!.strip!), "out/grid.png"])
      expect(
        Buffer.compare(readFileSync(join(folder, file)), readFileSync(join(plain, file))),
        file,
      ).not.toBe(0);
  });

  it("--truth draws again what was drawn without the boxes, or with others, and else keeps it", async () => {
    const folder = await folderWithBoxes();
    await run(folder, [...MINE, "--target", "dog,cat"]);
    expect((await run(folder, TRUTH)).asked).toHaveLength(1);
    const dog = () => manifestIn(folder).maps.find(({ target }) => target.label === "dog")!;
    expect(dog().truth).toEqual({ hit: true });
    expect((await run(folder, TRUTH)).asked).toEqual([]);
    writeFileSync(join(folder, "boxes.csv"), "image,label,x,y,width,height\nx.png,dog,200,100,9,9\n");
    expect((await run(folder, TRUTH)).asked).toHaveLength(1);
    expect(dog()).toMatchObject({ truth: { hit: false }, rendering: { truth: [[200, 100, 9, 9]] } });
    await run(folder, [...MINE, "--target", "dog,cat"]);
    expect(manifestIn(folder).maps.some((map) => "truth" in map || "truth" in map.rendering)).toBe(false);
  });

  it("--truth says that no box is of these pictures", async () => {
    const folder = await userFolder();
    writeFileSync(join(folder, "b.csv"), NIH);
    const { code, stderr } = await run(folder, [...MINE, "--truth", "b.csv"]);
    expect(code).toBe(0);
    expect(stderr).toMatch(/^Truth +b\.csv: none of its 2 boxes is of this picture$/m);
  });

  it("--truth skips a picture of another size than its boxes, and does the others", async () => {
    const folder = await folderWithBoxes();
    mkdirSync(join(folder, "small"));
    await writePicture(join(folder, "small/x.png"));
    await writePicture(join(folder, "small/y.png"));
    const argv = ["cam", "--weights", "weights.safetensors", "--image", "small", "--truth", "boxes.csv"];
    const { code, stderr } = await run(folder, argv);
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /x\.png has 20x12 pixels, but boxes\.csv has the box 30,0,60,44: boxes are in pixels/,
    );
    expect(stderr).toMatch(/1 explained, 0 complete already, 1 not explained/);
  });

  it("--truth counts hits in the line of a picture, where there are several pictures", async () => {
    const folder = await folderWithBoxes();
    await writePicture(join(folder, "y.png"), 9, SIZE.width, SIZE.height);
    const argv = [
      "cam",
      "--weights",
      "weights.safetensors",
      "--image",
      "x.png",
      "y.png",
      "--target",
      "dog,cat",
    ];
    const { stderr } = await run(folder, [...argv, "--truth", "boxes.csv"]);
    expect(stderr).toMatch(/^Truth +boxes\.csv: 2 of 3 boxes, of 1 of 2 pictures$/m);
    expect(stderr).toMatch(/^1\/2 +x\.png .*\(1 of 1 hit\)$/m);
    expect(stderr).toMatch(/^2\/2 +y\.png [^(]*$/m);
  });

  it("--truth reads the encodings of label files, and prints which", async () => {
    const folder = await folderWithBoxes();
    // By Python: "image,label,x,y,width,height\nx.png,气胸,30,0,60,44\n".encode("gbk")
    const cells = Buffer.concat([
      Buffer.from("x.png,"),
      Buffer.from("c6f8d0d8", "hex"),
      Buffer.from(`,${DOG.join()}\n`),
    ]);
    writeFileSync(
      join(folder, "gbk.csv"),
      Buffer.concat([Buffer.from("image,label,x,y,width,height\n"), cells]),
    );
    writeFileSync(join(folder, "names.txt"), "cat\n气胸\nmouse\n");
    const argv = [...MINE, "--labels", "names.txt", "--truth", "gbk.csv"];
    const { code, stderr } = await run(folder, argv);
    expect(code, stderr).toBe(0);
    expect(stderr).toMatch(/^Note +truth gbk\.csv is read as GB18030 \(GBK\)$/m);
    expect(manifestIn(folder).maps[0]!.rendering.truth).toEqual([DOG]);
    writeFileSync(
      join(folder, "latin.csv"),
      Buffer.from("image,label,x,y,width,height\nx.png,Hündin,1,1,2,2\n", "latin1"),
    );
    const refused = await run(folder, [...MINE, "--truth", "latin.csv"]);
    expect(refused.stderr).toMatch(
      /^gradlens: truth latin\.csv: this is not text in UTF-8, UTF-16 or GB18030/m,
    );
  });

  it("--truth is refused in one line where there is no such file", async () => {
    const ran = await run(await userFolder(), [...MINE, "--truth", "nowhere.csv"]);
    expect(ran).toMatchObject({ code: 2, asked: [] });
    expect(ran.stderr.trim().split("\n")).toHaveLength(1);
    expect(ran.stderr).toContain("truth nowhere.csv");
  });
});
