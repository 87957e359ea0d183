/** @file What comes from others (names, labels, settings beside downloaded weights) gives no commands and names no other places. */

import { existsSync, mkdirSync, readFileSync, renameSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { csvText, parseCsv } from "../../src/cli/text/csv.js";
import { run, userFolder, writePicture } from "./fake.js";
import { MINE } from "./made-manifest.js";
import { refused } from "./refused.js";

const SETTINGS = "weights.safetensors.gradlens.json";
const HOSTILE = ["\u001b]0;OWNED\u0007", "\u009b31m", "\u202etxt.exe", "a\u0000b", "line\u2028end", "\u007f"];
const UNSAFE = /[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/u;
/** Bold and its end, and what the progress bar moves the cursor by, where a machine is slow enough for one. */
const OURS = /\n|\u001b(?:[78]|\[(?:(?:1|22)m|\?(?:7|25)[hl]|\d*[GK]))/g;
const withoutOurs = (text: string): string => text.replace(OURS, "");

describe("nothing of others reaches the terminal as it is", () => {
  it("the terminal gets no control characters from labels, in messages and JSON", async () => {
    const folder = await userFolder();
    for (const evil of HOSTILE) {
      writeFileSync(join(folder, "names.json"), JSON.stringify([evil, `${evil}2`, "c"]));
      const argv = [...MINE, "--labels", "names.json", "--json", "--out", `o${HOSTILE.indexOf(evil)}`];
      const { code, stdout, stderr } = await run(folder, argv, { isTTY: true });
      expect(code, stderr).toBe(0);
      expect(withoutOurs(stderr)).not.toMatch(UNSAFE);
      expect(stdout.trimEnd()).not.toMatch(UNSAFE);
      expect(JSON.parse(stdout)).toMatchObject({ labels: [evil, `${evil}2`, "c"] });
    }
  });

  it("the terminal gets no control characters from names of pictures and folders, in messages, errors and their stacks", async () => {
    const folder = await userFolder();
    mkdirSync(join(folder, "d"));
    for (const [i, evil] of HOSTILE.entries()) {
      if (!evil.includes("\0")) await writePicture(join(folder, `d/${evil}${i}.png`), i);
    }
    writeFileSync(join(folder, "d/\u001b[2Jbad.png"), "not a picture");
    const argv = [
      "cam",
      "--weights",
      "weights.safetensors",
      "--image",
      "d",
      "--out",
      "o\u001b]0;x\u0007",
      "--debug",
    ];
    const onExplain = (_: number, { onProgress }: { onProgress?: (progress: object) => void }): void =>
      onProgress?.({ done: 1, total: 100, what: "runs" });
    const { stderr } = await run(folder, argv, { isTTY: true, onExplain: onExplain as never });
    expect(withoutOurs(stderr)).not.toMatch(UNSAFE);
    expect(stderr).toContain("\\x1b[2Jbad.png");
  });
});

describe("a cell of CSV is no formula", () => {
  it.each([
    ["=1+1", "'=1+1"],
    ["@SUM(A1)", "'@SUM(A1)"],
    ["+cmd|' /C calc'!A0", "'+cmd|' /C calc'!A0"],
    ["-2+3", "'-2+3"],
    [" =1", "' =1"],
    ["\uff1d1", "'\uff1d1"],
    ["-1.5e-7", "-1.5e-7"],
    ["+0.5", "+0.5"],
    ["a=b", "a=b"],
    ["a\u0000b\u001b[1m", "a\\x00b\\x1b[1m"],
  ])("a cell of CSV is no formula: %j", (text, cell) => {
    expect(parseCsv(csvText([["a", text]]))).toEqual([["a", cell]]);
    // The same again, as it is where a table is read, added to and written.
    expect(parseCsv(csvText([["a", cell]]))).toEqual([["a", cell]]);
  });

  it("scores.csv has no formulas, also after a later run", async () => {
    const folder = await userFolder();
    writeFileSync(join(folder, "names.txt"), "=HYPERLINK(1)\n-x\nc\n");
    await writePicture(join(folder, "y.png"), 1);
    const argv = [...MINE, "--labels", "names.txt"];
    await run(folder, argv);
    await run(folder, [...argv, "--image", "y.png"]);
    const [head, ...rows] = readFileSync(join(folder, "out/scores.csv"), "utf8").trimEnd().split("\r\n");
    expect(head).toBe("picture,model,'=HYPERLINK(1),'-x,c");
    expect(rows).toHaveLength(2);
  });
});

describe("a settings file beside weights", () => {
  it.each(["out", "force", "image", "weights", "remember"])(
    "a settings file beside weights may not hold %s",
    (name) =>
      refused(
        MINE,
        { code: 2, line: new RegExp(`"${name}" is not an option for a settings file`) },
        (folder) => writeFileSync(join(folder, SETTINGS), JSON.stringify({ [name]: "elsewhere" })),
      ),
  );

  it.each([
    ["above", "../secret.txt"],
    ["at an absolute path", "/etc/hostname"],
    ["behind a link", "link.txt"],
    ["in a folder behind a link", "up/secret.txt"],
    ["that is a device", "zero.txt"],
  ])("a settings file beside weights may not name a file of labels %s", async (_, labels) => {
    const folder = await userFolder();
    mkdirSync(join(folder, "models"));
    renameSync(join(folder, "weights.safetensors"), join(folder, "models/w.safetensors"));
    writeFileSync(join(folder, "secret.txt"), "one\ntwo\nthree\n");
    symlinkSync(join(folder, "secret.txt"), join(folder, "models/link.txt"));
    symlinkSync(folder, join(folder, "models/up"));
    symlinkSync("/dev/zero", join(folder, "models/zero.txt"));
    writeFileSync(join(folder, "models/w.safetensors.gradlens.json"), JSON.stringify({ labels }));
    const { code, stderr } = await run(folder, [
      "cam",
      "--weights",
      "models/w.safetensors",
      "--image",
      "x.png",
    ]);
    expect(code).toBe(2);
    expect(stderr).toContain("is not a file in the folder of the weights; name it with --labels");
    expect(existsSync(join(folder, "out"))).toBe(false);
  });

  it("a settings file with endless labels is refused", async () => {
    const folder = await userFolder();
    for (const [option, line] of [
      [["--labels", "/dev/zero"], "/dev/zero has more than 16000000 bytes"],
      [[], "weights.safetensors.gradlens.json has more than 16000000 bytes"],
    ] as const) {
      if (option.length === 0) symlinkSync("/dev/zero", join(folder, SETTINGS));
      const { code, stderr } = await run(folder, [...MINE, ...option]);
      expect(code).toBe(2);
      expect(stderr).toContain(line);
    }
  });
});
