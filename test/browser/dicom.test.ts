/** @file readDicom of gradlens/web in headless Chromium reads what readPicture of gradlens/node reads. */

import { expect, it } from "vitest";
import { runInChromium } from "./chromium.js";

interface Result {
  readonly file: string;
  readonly worst: number;
  readonly tolerance: number;
  readonly view: unknown;
  readonly dicom: unknown;
}

it("readDicom reads DICOM files of every coding in a page", async () => {
  const page = (await runInChromium("test/browser/dicom.page.ts", 60_000)) as {
    results: Result[];
    refused: string;
    png: string;
  };
  expect(page.results.length).toBeGreaterThan(50);
  for (const { file, worst, tolerance, view, dicom } of page.results) {
    expect({ file, dicom }).toEqual({ file, dicom: view });
    expect(worst, file).toBeLessThanOrEqual(tolerance);
  }
  expect(page.refused).toMatch(
    /x\.dcm: .* JPEG 2000 pixels, for which the page gives no decoder: decoders\["jpeg-2000"\]/,
  );
  expect(page.png).toMatch(/the picture is no DICOM file$/);
});
