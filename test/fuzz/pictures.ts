/** @file Changed pictures and DICOM files, and what must hold of each picture that is read. */

import { readdirSync, readFileSync } from "node:fs";
import type { Window } from "../../src/dicom/options.js";
import { readPicture, type ReadPicture } from "../../src/node/read-picture.js";
import { DICOM } from "./dicom-format.js";
import { JPEG } from "./jpeg-format.js";
import { bytesMutator, withOtherNumber } from "./mutate-bytes.js";
import { mutateParts, type Format, type Part } from "./parts.js";
import { BOXES, GIF, PNG, PNG_ROWS, RIFF } from "./picture-formats.js";
import { oneOf, type Random } from "./random.js";
import { check, checkRefusal, chosen, type FuzzFile, type Outcome, type Reader } from "./reader.js";
import { TIFF } from "./tiff-format.js";

/** Reading is linear in what a picture claims. */
const MAX_PIXELS = 2 ** 20;
const NAME = "x";

const mutateBytes = bytesMutator();

type Changed = (bytes: Uint8Array, other: Uint8Array, random: Random) => Uint8Array | undefined;

const partsOf =
  <P extends Part>(format: Format<P>): Changed =>
  (bytes, other, random) =>
    mutateParts(format, bytes, other, random);

const RASTERS = [PNG, PNG_ROWS, JPEG, RIFF, GIF, TIFF, BOXES].map(partsOf);

function reader(folders: readonly string[], names: RegExp, formats: readonly Changed[]): Reader {
  return {
    prepare() {
      const all = seeds(folders, names);
      return (random) => changedFile(all, formats, random);
    },
    read,
    // Decoders look at their own limit of 6 s now and then.
    maxMs: 30_000,
  };
}

const seeds = (folders: readonly string[], names: RegExp): FuzzFile[] =>
  folders.flatMap((folder) =>
    readdirSync(`test/data/${folder}`)
      .filter((name) => names.test(name))
      .map((name) => ({ name, bytes: new Uint8Array(readFileSync(`test/data/${folder}/${name}`)) })),
  );

/** Mostly in its parts. */
function changedFile(all: readonly FuzzFile[], formats: readonly Changed[], random: Random): FuzzFile {
  const { file, other } = chosen(all, random);
  const choice = random(8);
  const inParts = (): Uint8Array | undefined => {
    const fitting = formats.flatMap((change) => change(file.bytes, other.bytes, random) ?? []);
    return fitting.length === 0 ? undefined : oneOf(fitting, random);
  };
  const bytes =
    choice === 0
      ? withOtherNumber(file.bytes, random)
      : (choice > 2 && inParts()) || mutateBytes(file.bytes, random, other.bytes);
  return { name: file.name, bytes };
}

async function read({ bytes }: FuzzFile, random: Random): Promise<Outcome> {
  const frame = random(8) === 0 ? 1 + random(4) : undefined;
  const window = random(8) === 0 ? oneOf(WINDOWS, random) : undefined;
  try {
    checkPicture(
      await readPicture(bytes, {
        name: NAME,
        maxPixels: MAX_PIXELS,
        ...(frame && { frame }),
        ...(window && { window }),
      }),
    );
    return "read";
  } catch (error) {
    const message = checkRefusal(error, ["bad-picture"]);
    check(message.startsWith(NAME), `the message does not begin with the picture's name: ${message}`);
    return "refused";
  }
}

const WINDOWS: readonly Window[] = [
  { center: 40, width: 400 },
  { center: 0, width: 1e-3 },
  { center: 1e300, width: 1e300 },
];

/** Sides and samples agree, and every number is one. */
function checkPicture({ data, width, height, channels, dicom, sixteenBits }: ReadPicture): void {
  const isSide = (side: number): boolean => Number.isInteger(side) && side >= 1;
  check(isSide(width) && isSide(height), `${width}x${height} pixels`);
  check(width * height <= MAX_PIXELS, `${width}x${height} pixels are more than the limit`);
  check(
    data.length === width * height * channels,
    `${data.length} samples for ${width}x${height}x${channels}`,
  );
  if (data instanceof Float32Array)
    for (const value of data) check(value >= 0 && value <= 1, `a sample is ${value}`);
  const view: unknown = { dicom, sixteenBits };
  const isFinite = (value: unknown): boolean =>
    typeof value === "number"
      ? Number.isFinite(value)
      : typeof value !== "object" || value === null || Object.values(value).every(isFinite);
  check(isFinite(view), "a number of the picture's view is not finite");
}

export const PICTURES = reader(["pictures", "picture-kinds"], /\.(?!json)\w+$/, RASTERS);
export const DICOM_FILES = reader(["dicom"], /\.dcm$/, [partsOf(DICOM)]);
