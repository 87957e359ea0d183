/** @file Maps with a sign, maps on one scale, and peaks outside of what the picture shows, with a tiny model. */

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import sharp from "sharp";
import { expect, it } from "vitest";
import type { Manifest } from "../../src/results/manifest.js";
import { encodePicture } from "../../src/node/write-picture.js";
import { run, userFolder } from "./fake.js";
import { manifestIn, MINE } from "./made-manifest.js";

const mapsIn = (folder: string): Manifest["maps"] => manifestIn(folder).maps;

it("--no-relu makes signed maps, drawn blue to red with zero in the middle", async () => {
  const folder = await userFolder();
  const { asked, code } = await run(folder, [...MINE, "--no-relu", "--heat", "--alpha", "1"]);
  expect(code).toBe(0);
  expect(asked[0]).toMatchObject({ relu: false, compareScale: "own" });
  const [map] = mapsIn(folder);
  expect(map).toMatchObject({
    overlay: "gradcam-dog-signed.png",
    signed: true,
    rendering: { colormap: "bwr" },
  });
  // Only pixel (1, 0) of the 8x6 map is hot: bilinear heat at (3, 0) of the 20x12 picture is 0.9, which is drawn at 0.95.
  const file = join(folder, "out/x/weights/gradcam-dog-signed.heat.png");
  const heat = await sharp(file).extractChannel(0).raw().toBuffer();
  expect(Math.abs(heat[3]! - 0.95 * 255)).toBeLessThan(1);
  expect(Math.abs(heat.at(-1)! - 0.5 * 255)).toBeLessThan(1);
  const overlay = await sharp(join(folder, "out/x/weights", map!.overlay))
    .raw()
    .toBuffer();
  const [red, green, blue] = overlay.subarray(3 * 3);
  expect(red).toBeGreaterThan(250);
  expect(green).toBe(blue);
  expect(green).toBeLessThan(60);
  expect(overlay.subarray(-3).every((value) => value > 250)).toBe(true);
});

it("--compare-scale shared records with which targets, and is another map with others", async () => {
  const folder = await userFolder();
  const how = ["--compare-scale", "shared"];
  const first = await run(folder, [...MINE, ...how, "--target", "cat,dog"]);
  expect(first.asked[0]).toMatchObject({ compareScale: "shared", relu: true });
  expect(mapsIn(folder)).toMatchObject([
    { overlay: "gradcam-cat-shared.png", scaledWith: [0, 1] },
    { overlay: "gradcam-dog-shared.png", scaledWith: [0, 1] },
  ]);
  expect((await run(folder, [...MINE, ...how, "--target", "cat,dog"])).asked).toEqual([]);
  const other = await run(folder, [...MINE, ...how, "--target", "dog"]);
  expect(other.code).toBe(2);
  expect(other.stderr).toContain("gradcam-dog-shared.png holds another map of an earlier run");
  const forced = await run(folder, [...MINE, ...how, "--target", "dog", "--force"]);
  expect(forced.code).toBe(0);
  expect(mapsIn(folder).find(({ overlay }) => overlay === "gradcam-dog-shared.png")!.scaledWith).toEqual([1]);
});

it("the run prints that a peak lies in a border of one colour", async () => {
  const folder = await userFolder();
  const [width, height] = [20, 12];
  const data = Uint8Array.from({ length: width * height * 3 }, (_, i) => {
    const x = Math.floor(i / 3) % width;
    return x < 6 ? 0 : (i * 7919) & 255;
  });
  writeFileSync(join(folder, "x.png"), await encodePicture({ data, width, height, channels: 3 }, "png"));
  // The made-up map's peak is near the left edge.
  const { stderr } = await run(folder, MINE);
  const [{ peakNote }] = mapsIn(folder) as [Manifest["maps"][number]];
  expect(peakNote).toContain("border of one colour (6 columns at the left)");
  expect(stderr).toContain(`gradcam-dog.png: ${peakNote}`);
  const plain = await userFolder();
  await run(plain, MINE);
  expect(mapsIn(plain)[0]).not.toHaveProperty("peakNote");
});
