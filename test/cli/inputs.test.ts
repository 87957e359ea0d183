/** @file Which pictures are meant, and where their results go. */

import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { findInputs, outputFolders } from "../../src/cli/inputs/find-pictures.js";
import { skippedWords } from "../../src/cli/inputs/picture-files.js";
import { temporaryFolder } from "./fake.js";

/** A folder with files of these names; a name that ends in / is a folder. */
function folderOf(...names: string[]): string {
  const folder = temporaryFolder();
  for (const name of names) {
    mkdirSync(join(folder, name, ".."), { recursive: true });
    if (name.endsWith("/")) mkdirSync(join(folder, name), { recursive: true });
    else writeFileSync(join(folder, name), "");
  }
  return folder;
}

const find = async (folder: string, ...patterns: string[]) =>
  (await findInputs(patterns, folder, join(folder, "out"))).inputs.map((input) => [
    input.shown,
    input.folder.join("/"),
  ]);

describe("findInputs", () => {
  it("findInputs finds a file by its name alone, whatever its suffix", async () => {
    const folder = folderOf("a/b/scan.dcm");
    expect(await find(folder, "a/b/scan.dcm")).toEqual([["a/b/scan.dcm", "scan"]]);
  });

  it("findInputs finds the pictures of a folder and its folders, without hidden folders and results", async () => {
    const folder = folderOf(
      "b.PNG",
      "a.jpeg",
      "notes.txt",
      "c/d.webp",
      "c/e.tiff",
      ".git/f.png",
      "out/g.png",
    );
    expect(await find(folder, ".")).toEqual([
      ["a.jpeg", "a"],
      ["b.PNG", "b"],
      ["c/d.webp", "c/d"],
      ["c/e.tiff", "c/e"],
    ]);
  });

  it("findInputs finds what a glob matches, each file once", async () => {
    const folder = folderOf("p/1.png", "p/2.png", "p/q/3.png", "p/x.txt", "out/4.png");
    expect(await find(folder, "p/*", "p/1.png", "**/3.png")).toEqual([
      ["p/1.png", "1"],
      ["p/2.png", "2"],
      ["p/q/3.png", "q/3"],
    ]);
  });

  it("findInputs reads a name that looks like a glob as a file where there is one", async () => {
    const folder = folderOf("scan[1].png", "scan1.png");
    expect(await find(folder, "scan[1].png")).toEqual([["scan[1].png", "scan[1]"]]);
  });

  it("findInputs finds pictures of results where they are named", async () => {
    const folder = folderOf("out/4.png");
    expect(await find(folder, "out/4.png")).toEqual([["out/4.png", "4"]]);
  });

  it.skipIf(process.platform === "win32")("findInputs follows links to files, not to folders", async () => {
    const folder = folderOf("in/a.png", "else/b.png");
    symlinkSync(join(folder, "else/b.png"), join(folder, "in/b.png"));
    symlinkSync(folder, join(folder, "in/loop"));
    expect((await find(folder, "in")).map(([shown]) => shown)).toEqual(["in/a.png", "in/b.png"]);
  });

  it("findInputs accepts stdin beside files", async () => {
    const folder = folderOf("stdin/a.png", "b.png");
    expect(await find(folder, "-", "stdin/a.png", "b.png")).toEqual([
      ["stdin/a.png", "stdin/a"],
      ["b.png", "b"],
      ["stdin", "stdin-2"],
    ]);
  });
});

describe("folders and globs", () => {
  const PNG = "\x89PNG\r\n\x1a\n";
  const fill = (folder: string, files: Record<string, string>): void => {
    for (const [name, bytes] of Object.entries(files))
      writeFileSync(join(folder, name), Buffer.from(bytes, "latin1"));
  };
  const skips = async (folder: string, pattern: string): Promise<string | undefined> =>
    skippedWords((await findInputs([pattern], folder, join(folder, "out"))).skipped);

  it("folders and globs include pictures by every usual name, and by content whatever the name", async () => {
    const folder = folderOf("in/a.jfif", "in/b.jpe", "in/c.JIF", "in/d.gif", "in/e.avif");
    fill(join(folder, "in"), {
      noending: PNG,
      "photo.bak": "\xff\xd8\xff\xe0",
      "page.bmp": "II*\0",
      "shot.heic": "\0\0\0\x1cftypavif",
    });
    const all = [
      "a.jfif",
      "b.jpe",
      "c.JIF",
      "d.gif",
      "e.avif",
      "noending",
      "page.bmp",
      "photo.bak",
      "shot.heic",
    ];
    expect((await find(folder, "in")).map(([shown]) => shown)).toEqual(all.map((name) => `in/${name}`));
    expect(await find(folder, "in/*")).toEqual(await find(folder, "in"));
    expect(await skips(folder, "in")).toBeUndefined();
  });

  it("folders and globs count the files that they skip, and say why", async () => {
    const folder = folderOf(
      "a.png",
      ".b.png",
      "out/c.png",
      "out/d.png",
      "x.txt",
      "y.csv",
      "z.md",
      "q",
      "DICOMDIR",
      ".git/e.png",
    );
    fill(folder, { "old.bmp": "BM\x36\0\0\0\0\0", "raw.nef": "II*\0" });
    expect(await skips(folder, ".")).toBe(
      "11 skipped: 5 not pictures (DICOMDIR, q, x.txt, ...), 2 results of earlier runs (c.png, d.png), 1 hidden (.b.png), 1 hidden folder (.git), 1 BMP picture (old.bmp), 1 raw picture (raw.nef); pictures of other kinds can be converted to PNG",
    );
    expect(await skips(folder, "*.{png,txt}")).toBe("1 skipped: 1 not a picture (x.txt)");
  });

  it("folders and globs without a picture say what they hold", async () => {
    const folder = folderOf("in/a.txt");
    fill(join(folder, "in"), { "b.bmp": "BM\x36\0\0\0\0\0" });
    const words = /holds no pictures \(PNG.*\): 2 skipped: .*1 BMP picture \(b\.bmp\).*; --image names/;
    await expect(find(folder, "in")).rejects.toThrow(words);
    await expect(find(folder, "in/*.bmp")).rejects.toThrow(
      /in\/\*\.bmp: no picture matches \(PNG.*1 BMP picture/,
    );
  });

  it("folders and globs do not count as skipped what another pattern includes", async () => {
    const folder = folderOf("a.png", "b.txt");
    const found = await findInputs(["b.txt", "."], folder, join(folder, "out"));
    expect(found.inputs.map(({ shown }) => shown)).toEqual(["b.txt", "a.png"]);
    expect(found.skipped).toEqual([]);
  });
});

describe("outputFolders", () => {
  const folders = (...files: string[]) =>
    outputFolders(files.map((file) => resolve("/", file))).map((parts) => parts.join("/"));

  it.each([
    [["a/b/x.png"], ["x"]],
    [
      ["a/b/x.png", "a/c/x.png"],
      ["b/x", "c/x"],
    ],
    [
      ["a/x.png", "a/b/x.png"],
      ["x", "b/x"],
    ],
    [
      ["a/X.png", "a/x.png"],
      ["X", "x-2"],
    ],
    [
      ["a/D/x.png", "a/d/x.png"],
      ["D/x", "d-2/x"],
    ],
    [
      ["x.png", "y.png"],
      ["x", "y"],
    ],
    [
      ["a/nul.png", "a/b. /x?.png"],
      ["_nul", "b/x_"],
    ],
    // Suffixes tell equal stems apart, and a picture from a folder.
    [
      ["a.png", "A.JPG", "b.png"],
      ["a-png", "A-jpg", "b"],
    ],
    [
      ["a.png", "a/a.png"],
      ["a-png", "a/a"],
    ],
    [
      ["a", "a.png", "a-png.jpg"],
      ["a", "a-png", "a-png-2"],
    ],
    // No name ends in a picture's suffix, and other endings stay.
    [
      ["x.png/1.png", "x.jpg.png", "1.2.840.10008", "scan.v2.dcm"],
      ["x-png/1", "x-jpg", "1.2.840.10008", "scan.v2"],
    ],
    [[".png"], ["_png"]],
  ])("outputFolders maps %j to %j", (files, expected) => expect(folders(...files)).toEqual(expected));

  it("outputFolders gives no folder for no picture", () => expect(outputFolders([])).toEqual([]));
});
