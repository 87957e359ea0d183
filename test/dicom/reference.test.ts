/** @file DICOM files against pydicom's pixels, rescaled and windowed by it (tools/make_dicom_reference.py). */

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { readPicture, type DicomOptions, type DicomView } from "../../src/node/index.js";

const folder = "test/data/dicom";

interface Case {
  readonly file: string;
  readonly options: DicomOptions;
  readonly shape: [height: number, width: number, channels: number];
  readonly view: DicomView;
  /** Where its values begin in expected.f32. */
  readonly at: number;
  readonly tolerance: number;
}

const cases = JSON.parse(readFileSync(join(folder, "expected.json"), "utf8")) as Case[];
const bytes = readFileSync(join(folder, "expected.f32"));
const values = new Float32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4);

describe("a DICOM file is read as pydicom reads it:", () => {
  it.each(cases)(
    "$file is read as pydicom reads it: $options",
    async ({ file, options, shape, view, at, tolerance }) => {
      const picture = await readPicture(join(folder, file), options);
      expect([picture.height, picture.width, picture.channels]).toEqual(shape);
      expect(picture.data).toBeInstanceOf(shape[2] === 1 ? Float32Array : Uint8Array);
      expect(picture.dicom).toEqual(view);
      const expected = values.subarray(at, at + picture.data.length);
      let worst = 0;
      for (const [i, value] of picture.data.entries())
        worst = Math.max(worst, Math.abs(value - expected[i]!));
      expect(worst).toBeLessThanOrEqual(tolerance);
      // Not a blank that any picture would agree with.
      expect(Math.max(...expected) - Math.min(...expected)).toBeGreaterThan(shape[2] === 1 ? 0.5 : 128);
    },
  );
});
