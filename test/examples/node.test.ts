/** @file The examples do what they say. They use the built package by its name, as its users do. */

import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { beforeAll, expect, it, onTestFinished } from "vitest";
import { readPdf } from "../reference/pdf.js";

const root = fileURLToPath(new URL("../..", import.meta.url));

const run = (program: string, ...args: string[]): string =>
  execFileSync(process.execPath, [join(root, program), ...args], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
  });

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "gradlens-example-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

beforeAll(() => {
  run("scripts/build.mjs");
});

it("examples/compare-methods.mjs draws each method's map, and prints how alike they are", () => {
  const folder = temporaryFolder();
  const lines = run("examples/compare-methods.mjs", join(root, "pictures/cat-dog.png"), folder).split("\n");
  const methods = ["gradcam", "gradcam++", "layercam", "hirescam", "eigencam", "randomcam"];
  expect(readdirSync(folder).sort()).toEqual(methods.map((name) => `${name}.png`).sort());
  expect(lines[0]).toMatch(/^dog 0\.9\d+, compared with gradcam:$/);
  const alike = (method: string): number =>
    Number(lines.find((line) => line.startsWith(`${method} `))?.match(/correlation +(-?[\d.]+)/)?.[1]);
  expect(alike("gradcam")).toBe(1);
  // After global average pooling both are the same sum (Draelos and Carin).
  expect(alike("hirescam")).toBe(1);
  expect(alike("randomcam")).toBeLessThan(0.9);
});

it("examples/node.mjs finds the cat and the dog of the demo picture", () => {
  const folder = temporaryFolder();
  // Of a package that one user has built others run the command.
  if (process.platform !== "win32")
    expect(statSync(join(root, "dist")).mode & 0o777).toBe(0o777 & ~process.umask());
  const stdout = run("examples/node.mjs", join(root, "pictures/cat-dog.png"), folder);
  expect(readdirSync(folder).sort()).toEqual(["cat.png", "dog.png"]);
  // Boxes of test/data/boxes.json, in a picture of 480x360: the dog is right of the middle and above, the cat left and below.
  const [dog, cat] = ["dog", "cat"].map((label) =>
    new RegExp(`^${label} 0\\.9.*?(\\d+) % .*?(\\d+) %`, "m").exec(stdout),
  );
  expect(Number(dog?.[1])).toBeGreaterThan(50);
  expect(Number(dog?.[2])).toBeLessThan(60);
  expect(Number(cat?.[1])).toBeLessThan(45);
  expect(Number(cat?.[2])).toBeGreaterThan(50);
});

it("examples/figure.mjs draws six maps with their labels", async () => {
  const file = join(temporaryFolder(), "figure.pdf");
  run("examples/figure.mjs", file);
  const { pieces, images } = await readPdf(readFileSync(file));
  const words = pieces.map(({ str }) => str).join(" ");
  for (const word of ["Input", "Grad-CAM++", "LayerCAM", "dog 0.9", "cat 0.9"]) expect(words).toContain(word);
  // The picture, six maps and the colour bar; 3 cm at 300 dpi are 354 pixels.
  expect(images.map(({ width }) => width)).toEqual([...Array<number>(7).fill(354), 256]);
});
