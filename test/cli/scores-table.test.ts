/** @file scores.csv: quoting, a row a picture and model, rows of earlier runs, Ctrl-C. */

import { mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { describe, expect, it } from "vitest";
import { csvFile, csvText, parseCsv } from "../../src/cli/text/csv.js";
import { ScoresTable } from "../../src/cli/results/scores-csv.js";
import { run, temporaryFolder, tree, userFolder, writePicture, writeWeights } from "./fake.js";

const MINE = ["cam", "--weights", "weights.safetensors", "--image"];

const table = (folder: string): string => readFileSync(join(folder, "out/scores.csv"), "utf8");

/** Numbers as numbers: a score's last digits are the picture's. */
const rowsIn = (folder: string): unknown[][] =>
  parseCsv(table(folder))!.map((row) =>
    row.map((cell) => (/^-?\d/.test(cell) && Number.isFinite(Number(cell)) ? Number(cell) : cell)),
  );

const near = (value: number): unknown => expect.closeTo(value, 3);

describe("CSV", () => {
  it.each<[rows: string[][], text: string]>([
    [[["a", "b"]], "a,b\r\n"],
    [[["a,b", 'say "no"', "two\nlines", "", " x"]], '"a,b","say ""no""","two\nlines",," x"\r\n'],
    [
      [
        ["猫", "犬"],
        ["1", ""],
      ],
      "猫,犬\r\n1,\r\n",
    ],
    [[[""], [""]], "\r\n\r\n"],
  ])("CSV quotes %j", (rows, text) => {
    expect(csvText(rows)).toBe(text);
    expect(parseCsv(text)).toEqual(rows);
  });

  it.each<[text: string, rows: string[][] | undefined]>([
    ["", []],
    [
      "\uFEFFa,b\nc,d",
      [
        ["a", "b"],
        ["c", "d"],
      ],
    ],
    ["a,\n", [["a", ""]]],
    ["a,", [["a", ""]]],
    ['"a', undefined],
    ['"a"b', undefined],
    ['a"b', undefined],
  ])("CSV is read: %j", (text, rows) => expect(parseCsv(text)).toEqual(rows));

  it("CSV has a byte order mark where spreadsheets need one, and only there", () => {
    expect(csvFile("picture,model,cat\r\n")).toBe("picture,model,cat\r\n");
    expect(csvFile("picture,model,气胸\r\n")).toBe("\uFEFFpicture,model,气胸\r\n");
  });
});

describe("the table of scores", () => {
  // The sigmoid of the tiny model's logits -1.5, 2.25 and 0.5, which a picture changes by less than 1e-4.
  const SCORES = [0.182425529, 0.904650509, 0.622459352].map(near);

  it("scores.csv has a row a picture, by its folder, and a column a label", async () => {
    const folder = await userFolder();
    mkdirSync(join(folder, "in/a"), { recursive: true });
    await writePicture(join(folder, "in/1.png"), 1);
    await writePicture(join(folder, "in/a/1.png"), 2);
    const { stderr } = await run(folder, [...MINE, "in"]);
    expect(stderr).toContain(`scores in ${join("out", "scores.csv")}`);
    expect(rowsIn(folder)).toEqual([
      ["picture", "model", "cat", "dog", "Pleural Thickening"],
      // A name of digits alone.
      [1, "weights", ...SCORES],
      ["a/1", "weights", ...SCORES],
    ]);
  });

  it("scores.csv keeps the rows of earlier runs, and is not written again where nothing changes", async () => {
    const folder = await userFolder();
    await writePicture(join(folder, "y.png"), 3);
    await run(folder, [...MINE, "x.png"]);
    await run(folder, [...MINE, "y.png"]);
    expect(rowsIn(folder).map((row) => row[0])).toEqual(["picture", "x", "y"]);
    const before = statSync(join(folder, "out/scores.csv"));
    await run(folder, [...MINE, "x.png", "y.png", "--method", "layercam"]);
    expect(statSync(join(folder, "out/scores.csv")).ino).toBe(before.ino);
    await run(folder, [...MINE, "x.png", "--activation", "none"]);
    expect(
      rowsIn(folder)
        .slice(1)
        .map((row) => row.slice(0, 3)),
    ).toEqual([
      ["x", "weights", near(-1.5)],
      ["y", "weights", SCORES[0]],
    ]);
  });

  it("scores.csv has the rows of pictures that were complete before there was a table", async () => {
    const folder = await userFolder();
    await run(folder, [...MINE, "x.png"]);
    const { rmSync } = await import("node:fs");
    rmSync(join(folder, "out/scores.csv"));
    expect((await run(folder, [...MINE, "x.png"])).asked).toEqual([]);
    expect(rowsIn(folder)).toHaveLength(2);
  });

  it("scores.csv has the labels of all models, each with its own scores", async () => {
    const folder = await userFolder();
    await writeWeights(join(folder, "b.safetensors"), 2);
    writeFileSync(join(folder, "b.safetensors.gradlens.json"), '{"labels": "b.json"}');
    writeFileSync(join(folder, "b.json"), JSON.stringify(['a "big", fat\u00a0cat', "dog", "", "鳥", "鳥"]));
    await run(folder, ["cam", "--weights", "weights.safetensors", "b.safetensors", "--image", "x.png"]);
    const [head, first, second] = rowsIn(folder);
    expect(head).toEqual([
      ...["picture", "model", "cat", "dog", "Pleural Thickening"],
      ...['a "big", fat\u00a0cat', "class 2", "鳥 (3)", "鳥 (4)"],
    ]);
    expect(first).toEqual(["x", "weights", ...SCORES, "", "", "", ""]);
    expect(second!.slice(0, 6)).toEqual(["x", "b", "", SCORES[1], "", SCORES[0]]);
    expect(second!.every((cell, i) => (cell === "") === (i === 2 || i === 4))).toBe(true);
  });

  it("scores.csv holds what was complete before Ctrl-C", async () => {
    const folder = await userFolder();
    await writePicture(join(folder, "y.png"), 3);
    const controller = new AbortController();
    const ran = await run(folder, [...MINE, "x.png", "y.png"], {
      signal: controller.signal,
      onExplain: (count) => {
        if (count === 2) controller.abort();
      },
    });
    expect(ran.code).toBe(130);
    expect(rowsIn(folder).map((row) => row[0])).toEqual(["picture", "x"]);
    expect(tree(join(folder, "out")).filter((name) => name.includes("tmp"))).toEqual([]);
  });

  it("scores.csv of someone else is not touched without --force", async () => {
    const folder = await userFolder();
    mkdirSync(join(folder, "out"));
    writeFileSync(join(folder, "out/scores.csv"), "my,own\r\n");
    const refused = await run(folder, [...MINE, "x.png"]);
    expect(refused).toMatchObject({ code: 2, asked: [], open: 0 });
    expect(refused.stderr).toMatch(
      /scores\.csv was not written by gradlens: --force replaces it, or use another path/,
    );
    expect(table(folder)).toBe("my,own\r\n");
    expect((await run(folder, [...MINE, "x.png", "--force"])).code).toBe(0);
    expect(rowsIn(folder)).toHaveLength(2);
  });

  it("scores.csv needs no more memory than its text for many pictures of many classes", async () => {
    setFlagsFromString("--expose-gc");
    const collect = runInNewContext("gc") as () => void;
    const labels = Array.from({ length: 1000 }, (_, i) => `label ${i}`);
    const folder = temporaryFolder();
    const table = ScoresTable.open(folder, false);
    collect();
    const before = process.memoryUsage().heapUsed;
    for (let picture = 0; picture < 300; picture++) {
      const scores = labels.map((_, i) => ((picture + 1) * (i + 1)) / 1e6);
      table.add([`${picture}.png`], "m", { labels: [...labels], scores, maps: [] });
    }
    collect();
    const taken = process.memoryUsage().heapUsed - before;
    await table.write();
    expect(taken).toBeLessThan(1.2 * statSync(join(folder, "scores.csv")).size);
    const rows = parseCsv(readFileSync(join(folder, "scores.csv"), "utf8"))!;
    expect(rows).toHaveLength(301);
    expect(rows[200]!.slice(0, 4)).toEqual(["199.png", "m", "0.0002", "0.0004"]);
  });
});
