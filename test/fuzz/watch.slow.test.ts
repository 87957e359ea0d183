/** @file The fuzzer's own promises: what crashes, hangs, or takes too much is found by its number, and changed parts are whole. */

import { readdirSync, readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readPicture } from "../../src/node/read-picture.js";
import { makeProgram, programFolder } from "../host/programs.js";
import { DICOM } from "./dicom-format.js";
import { JPEG } from "./jpeg-format.js";
import type { Format, Part } from "./parts.js";
import { BOXES, GIF, PNG, PNG_ROWS, RIFF } from "./picture-formats.js";
import { TIFF } from "./tiff-format.js";
import { watch, type Summary } from "./watch.js";

/** Case 5 is a fault of the kind; the others are read. */
const SOURCE = `
import { runCases } from "./test/fuzz/run-cases.js";
const faults = {
  throws: () => { throw new TypeError("x is undefined"); },
  rejects: () => { void Promise.reject(new Error("nobody waits")); return new Promise((done) => setTimeout(done, 50)); },
  crashes: () => process.abort(),
  exits: () => process.exit(0),
  hangs: () => { for (;;); },
  hoards: () => { new Uint8Array(1.2e9).fill(1); },
};
let number = -1;
const reader = {
  prepare: () => () => ({ name: "", bytes: new Uint8Array() }),
  read: async () => { if (++number === 5 - first) await faults[kind](); return "read"; },
};
const [kind, job] = process.argv.slice(2);
const { first } = JSON.parse(job);
await runCases(reader, JSON.parse(job));
`;

describe("a case that", () => {
  const { folder, remove } = programFolder();
  let path: string;
  beforeAll(async () => void (path = await makeProgram(folder, "cases", SOURCE)));
  afterAll(remove);

  // Making much memory takes its time as well.
  const found = (kind: string): Promise<Summary> =>
    watch(
      { path, args: [kind], maxMs: kind === "hangs" ? 2000 : 60_000 },
      { seed: 1, first: 3, seconds: 6, once: false },
    );

  it.each([
    ["throws", /TypeError: x is undefined/],
    ["rejects", /nobody waits/],
    ["crashes", /SIGABRT/],
    ["exits", /ended with 0/],
    ["hangs", /takes longer than 2000 ms/],
    ["hoards", /bytes of memory were in use/],
  ])("the fuzzer finds a case that %s", async (kind, reason) => {
    const { cases, read, faults } = await found(kind);
    expect(faults).toEqual([{ number: 5, reason: expect.stringMatching(reason) as string }]);
    expect(cases).toBeGreaterThan(5);
    expect(read).toBe(cases);
  });
});

describe("a file put together of its parts is the same picture:", () => {
  const cases = (
    [
      ["PNG", PNG, /\.png$/],
      ["PNG's rows", PNG_ROWS, /\.png$/],
      ["JPEG", JPEG, /\.jpg$/],
      ["WebP", RIFF, /\.webp$/],
      ["GIF", GIF, /\.gif$/],
      ["TIFF", TIFF, /\.tif$/],
      ["AVIF", BOXES, /\.avif$/],
      ["DICOM", DICOM, /\.dcm$/],
    ] as readonly [string, Format<Part>, RegExp][]
  ).flatMap(([name, format, names]) =>
    ["pictures", "picture-kinds", "dicom"].flatMap((folder) =>
      readdirSync(`test/data/${folder}`)
        .filter((file) => names.test(file) && !file.startsWith("refused"))
        .map((file) => [name, `${folder}/${file}`, format] as const),
    ),
  );

  it.each(cases)("a file put together of its parts is the same picture: %s: %s", async (_, file, format) => {
    const bytes = new Uint8Array(readFileSync(`test/data/${file}`));
    const parts = format.split(bytes)!;
    expect(parts.length).toBeGreaterThan(0);
    expect(await readPicture(format.join(parts), { name: "x" })).toEqual(
      await readPicture(bytes, { name: "x" }),
    );
  });
});
