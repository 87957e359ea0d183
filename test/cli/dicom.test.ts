/** @file `cam` with DICOM files: which frame and window, what is told, and nothing of a patient anywhere. */

import { copyFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { findInputs } from "../../src/cli/sources/inputs.js";
import { run, tree, userFolder, type Ran } from "./fake.js";

const data = "test/data/dicom";

/** A user's folder with a DICOM file as x.dcm. */
async function dicomFolder(file: string): Promise<string> {
  const folder = await userFolder();
  copyFileSync(join(data, file), join(folder, "x.dcm"));
  return folder;
}

const cam = (folder: string, ...more: string[]): Promise<Ran> =>
  run(folder, ["--weights", "weights.safetensors", "--image", "x.dcm", ...more]);

const dicomOf = (ran: Ran): unknown =>
  (JSON.parse(ran.stdout) as { picture: { dicom?: unknown } }).picture.dicom;

describe("cam with a DICOM file", () => {
  it("takes the file's own window and says so", async () => {
    const ran = await cam(await dicomFolder("ct.dcm"), "--json");
    expect(ran).toMatchObject({ code: 0 });
    expect(ran.stderr).toMatch(/^Window {4}40,400, from the file$/m);
    const window = { center: 40, width: 400, function: "LINEAR", from: "file" };
    expect(dicomOf(ran)).toEqual({ frame: 1, frames: 1, window });
  });

  it("takes the window and frame asked for, negative centres too", async () => {
    const folder = await dicomFolder("frames.dcm");
    const ran = await cam(folder, "--window", "-600,1500", "--frame", "2", "--json");
    expect(ran.stderr).toMatch(/^Frame {5}2 of 3 \(others: --frame N\)\nWindow {4}-600,1500, as asked for$/m);
    const window = { center: -600, width: 1500, function: "LINEAR", from: "option" };
    expect(dicomOf(ran)).toEqual({ frame: 2, frames: 3, window });
  });

  it("takes all values where the file has no window", async () => {
    const ran = await cam(await dicomFolder("padding.dcm"), "--json");
    expect(ran.stderr).toMatch(
      /^Window {4}.* LINEAR_EXACT, all values of the frame \(others: --window C,W\)$/m,
    );
  });

  it("says nothing of windows where the picture is coloured", async () => {
    const ran = await cam(await dicomFolder("rgb.dcm"), "--json");
    expect(ran.stderr).not.toMatch(/^(Window|Frame)/m);
    expect(dicomOf(ran)).toEqual({ frame: 1, frames: 1 });
  });

  it("keeps results of another window or frame apart", async () => {
    const folder = await dicomFolder("frames.dcm");
    expect((await cam(folder)).code).toBe(0);
    expect((await cam(folder, "--window", "2000,3000")).stderr).toMatch(/all is there already/);
    const window = await cam(folder, "--window", "40,400");
    expect(window.code).not.toBe(0);
    expect(window.stderr).toMatch(/holds results of another window \(2000,3000, now 40,400\): .*--force/);
    expect((await cam(folder, "--frame", "3")).stderr).toMatch(/holds results of another frame \(1, now 3\)/);
  });

  it.each([
    [["--window", "40"], /--window 40: give a centre and a width above 0, as 40,400$/m],
    [["--window", "40,0"], /--window 40,0: give a centre and a width above 0/],
    [["--frame", "0"], /--frame "0": give a whole number from 1/],
    [["--frame", "4"], /x\.dcm: this DICOM file has 3 frames: there is no frame 4$/m],
  ])("refuses %j", async (argv, message) => {
    const ran = await cam(await dicomFolder("frames.dcm"), ...argv);
    expect(ran.code).not.toBe(0);
    expect(ran.stderr.trim()).toMatch(message);
    expect(ran.stderr.trim()).not.toContain("\n");
  });

  it.each(["ct.dcm", "native-implicit.dcm", "rgb-rle.dcm", "no-preamble.dcm"])(
    "%s: nothing that its header says of a patient comes out",
    async (file) => {
      const secret = /zanzibar|4711|19010203|20190807/i;
      expect(readFileSync(join(data, file), "latin1")).toMatch(secret);
      const folder = await dicomFolder(file);
      const before = new Set(tree(folder));
      const whole = await cam(folder, "--json", "--heat", "--npy", "--debug");
      expect(whole.code).toBe(0);
      const bytes = readFileSync(join(folder, "x.dcm"));
      writeFileSync(join(folder, "x.dcm"), bytes.subarray(0, bytes.length * 0.9));
      const cut = await cam(folder, "--json", "--debug", "--out", "other");
      expect(cut.code).not.toBe(0);
      const made = tree(folder).filter((path) => !before.has(path) && !path.endsWith("/"));
      expect(made.length).toBeGreaterThan(3);
      const texts = made.map((path) => path + readFileSync(join(folder, path), "latin1"));
      for (const text of [...texts, whole.stdout, whole.stderr, cut.stdout, cut.stderr]) {
        expect(text).not.toMatch(secret);
      }
    },
  );
});

describe("a folder's DICOM files", () => {
  it("are found by their ending, or by their mark where they have none", async () => {
    const folder = await userFolder();
    const scans = join(folder, "scans");
    mkdirSync(scans);
    for (const name of ["a.dcm", "B.DICOM", "IM0001", "1.2.840.99", "c.IMA", "DICOMDIR", "c.txt"]) {
      copyFileSync(join(data, "ct.dcm"), join(scans, name));
    }
    for (const name of ["LICENSE", "1.2.3"]) writeFileSync(join(scans, name), "no picture");
    const found = await findInputs(["scans"], folder, join(folder, "out"));
    expect(found.map((input) => input.folder.at(-1))).toEqual([
      "1.2.840.99",
      "B.DICOM",
      "IM0001",
      "a.dcm",
      "c.IMA",
    ]);
    expect(await findInputs(["scans/*"], folder, join(folder, "out"))).toEqual(found);
    const ran = await run(folder, ["--weights", "weights.safetensors", "--image", "scans"]);
    expect(ran.code).toBe(0);
    expect(readdirSync(join(folder, "out"))).toEqual(
      expect.arrayContaining(found.map((input) => input.folder[0])),
    );
  });
});
