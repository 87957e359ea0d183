/** @file `cam` with DICOM files: which frame and window, what is told, and nothing of a patient anywhere. */

import { copyFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { findInputs } from "../../src/cli/inputs/find-pictures.js";
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
  it("cam uses the DICOM file's own window and says so", async () => {
    const ran = await cam(await dicomFolder("ct.dcm"), "--json");
    expect(ran).toMatchObject({ code: 0 });
    expect(ran.stderr).toMatch(/^Window {4}40,400, from the file$/m);
    const window = { center: 40, width: 400, function: "LINEAR", from: "file" };
    expect(dicomOf(ran)).toEqual({ frame: 1, frames: 1, window });
  });

  it("cam uses the requested window and frame, negative centres too", async () => {
    const folder = await dicomFolder("frames.dcm");
    const ran = await cam(folder, "--window", "-600,1500", "--frame", "2", "--json");
    expect(ran.stderr).toMatch(/^Frame {5}2 of 3 \(others: --frame N\)\nWindow {4}-600,1500, as requested$/m);
    const window = { center: -600, width: 1500, function: "LINEAR", from: "option" };
    expect(dicomOf(ran)).toEqual({ frame: 2, frames: 3, window });
  });

  it("cam uses the whole range of values where the file has no window", async () => {
    const ran = await cam(await dicomFolder("padding.dcm"), "--json");
    expect(ran.stderr).toMatch(
      /^Window {4}.* LINEAR_EXACT, all values of the frame \(others: --window C,W\)$/m,
    );
  });

  it("cam mentions no window where the picture is coloured", async () => {
    const ran = await cam(await dicomFolder("rgb.dcm"), "--json");
    expect(ran.stderr).not.toMatch(/^(Window|Frame)/m);
    expect(dicomOf(ran)).toEqual({ frame: 1, frames: 1 });
  });

  it("cam keeps results of another window or frame apart", async () => {
    const folder = await dicomFolder("frames.dcm");
    expect((await cam(folder)).code).toBe(0);
    expect((await cam(folder, "--window", "2000,3000")).stderr).toMatch(/all is there already/);
    const window = await cam(folder, "--window", "40,400");
    expect(window.code).toBe(0);
    expect(window.stderr).toMatch(
      /^Beside .*holds results of another window \(2000,3000, now 40,400\); .*-2 \(--force replaces\)$/m,
    );
    expect((await cam(folder, "--frame", "3")).stderr).toMatch(
      /holds results of another frame \(1, now 3\); .*-3 \(--force/,
    );
  });

  it.each([
    [["--window", "40"], /--window 40: give a centre and a width above 0, as 40,400$/m],
    [["--window", "40,0"], /--window 40,0: give a centre and a width above 0/],
    [["--frame", "0"], /--frame "0": give a whole number from 1/],
    [["--frame", "4"], /x\.dcm: this DICOM file has 3 frames: there is no frame 4$/m],
  ])("cam refuses %j", async (argv, message) => {
    const ran = await cam(await dicomFolder("frames.dcm"), ...argv);
    expect(ran.code).not.toBe(0);
    expect(ran.stderr.trim()).toMatch(message);
    expect(ran.stderr.trim()).not.toContain("\n");
  });

  it.each(["ct.dcm", "native-implicit.dcm", "rgb-rle.dcm", "no-preamble.dcm"])(
    "cam with %s: nothing that its header says of a patient comes out",
    async (file) => {
      const bytes = file === "ct.dcm" ? identified(file) : readFileSync(join(data, file));
      expect(bytes.toString("latin1")).toMatch(SECRET);
      const folder = await userFolder();
      const camOf = (content: Buffer, ...more: string[]): Promise<Ran> => {
        writeFileSync(join(folder, "x.dcm"), content);
        return cam(folder, "--json", "--debug", ...more);
      };
      const before = new Set([...tree(folder), "x.dcm"]);
      const whole = await camOf(bytes, ...ALL_OUTPUTS);
      expect(whole).toMatchObject({ code: 0 });
      const broken = [
        bytes.subarray(0, bytes.length * 0.9),
        bytes.subarray(0, 500),
        // A name where the file says what its pixels are.
        Buffer.from(bytes.toString("latin1").replace(/MONOCHROME2 |RGB /, named), "latin1"),
      ];
      const refused: Ran[] = [];
      for (const content of broken) refused.push(await camOf(content, "--out", "other"));
      for (const { code } of refused) expect(code).not.toBe(0);
      const made = tree(folder).filter((path) => !before.has(path) && !path.endsWith("/"));
      for (const name of ["scores.csv", "grid.png", "manifest.json", "coco", "strip"]) {
        expect(made.join()).toContain(name);
      }
      const texts = made.map((path) => path + readFileSync(join(folder, path), "latin1"));
      for (const text of [...texts, ...[whole, ...refused].flatMap((ran) => [ran.stdout, ran.stderr])]) {
        // A hash may hold any digits.
        expect(text.replace(/"[0-9a-f]{64}"/g, "")).not.toMatch(SECRET);
      }
    },
  );
});

const SECRET = /zanzibar|4711|19010203|20190807/i;

const named = (text: string): string => "4711 Zanzibar".slice(0, text.length);

/** Whatever `cam` can write. */
const ALL_OUTPUTS =
  "--heat --npy --strip --grid --threshold 0.5 --boxes json,coco,csv --name {method}-{image}.png".split(" ");

/** The file with all that tells whose it is: names, identifiers and dates of the patient, study, series and clinic. */
function identified(file: string): Buffer {
  const bytes = readFileSync(join(data, file));
  const group = 144 + bytes.readUInt32LE(140);
  const elements: [group: number, element: number, vr: string, value: string][] = [
    [0x08, 0x18, "UI", "1.2.840.4711.1"],
    [0x08, 0x23, "DA", "20190807"],
    [0x08, 0x50, "SH", "A4711 "],
    [0x08, 0x90, "PN", "Zanzibar^Referring"],
    [0x08, 0x1030, "LO", "Zanzibar knee "],
    [0x08, 0x1050, "PN", "Zanzibar^Performing "],
    [0x10, 0x1040, "LO", "Zanzibar Road "],
    [0x18, 0x1000, "LO", "scanner 4711"],
    [0x20, 0x0d, "UI", "1.2.840.4711.2"],
    [0x20, 0x0e, "UI", "1.2.840.4711.3"],
    [0x20, 0x10, "SH", "4711"],
  ];
  const more = elements.map(([high, low, vr, value]) => {
    const head = Buffer.alloc(8);
    head.writeUInt16LE(high, 0);
    head.writeUInt16LE(low, 2);
    head.write(vr, 4);
    head.writeUInt16LE(value.length, 6);
    return Buffer.concat([head, Buffer.from(value)]);
  });
  return Buffer.concat([bytes.subarray(0, group), ...more, bytes.subarray(group)]);
}

describe("a folder's DICOM files", () => {
  it("cam finds a folder's DICOM files by their ending, or by their mark whatever their name", async () => {
    const folder = await userFolder();
    const scans = join(folder, "scans");
    mkdirSync(scans);
    for (const name of ["a.dcm", "B.DICOM", "IM0001", "1.2.840.99", "c.IMA", "DICOMDIR", "c.txt"]) {
      copyFileSync(join(data, "ct.dcm"), join(scans, name));
    }
    for (const name of ["LICENSE", "1.2.3"]) writeFileSync(join(scans, name), "no picture");
    const { inputs: found } = await findInputs(["scans"], folder, join(folder, "out"));
    expect(found.map((input) => input.folder.at(-1))).toEqual([
      "1.2.840.99",
      "B",
      "IM0001",
      "a",
      "c.IMA",
      "c.txt",
    ]);
    expect((await findInputs(["scans/*"], folder, join(folder, "out"))).inputs).toEqual(found);
    const ran = await run(folder, ["--weights", "weights.safetensors", "--image", "scans"]);
    expect(ran.code).toBe(0);
    expect(readdirSync(join(folder, "out"))).toEqual(
      expect.arrayContaining(found.map((input) => input.folder[0])),
    );
  });
});
