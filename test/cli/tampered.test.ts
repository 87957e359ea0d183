/** @file A manifest.json with any of its values changed is refused, or taken for what it says. */

import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv } from "ajv";
import { expect, it } from "vitest";
import { conforms } from "../../src/results/json-schema.js";
import type { Manifest } from "../../src/results/manifest.js";
import schema from "../../src/results/manifest.schema.json" with { type: "json" };
import { DIR, MINE } from "./made-manifest.js";
import { run, userFolder } from "./fake.js";

type Path = readonly (string | number)[];

/** What may stand in the place of any value. */
const VALUES: readonly unknown[] = [null, true, -1, 1e300, "", "a/b", [], [null], {}, { x: [] }, undefined];

/** The path of every value in `value`, itself left out. */
function pathsIn(value: unknown): Path[] {
  if (typeof value !== "object" || value === null) return [];
  const entries = Object.entries(value).map(
    ([key, inner]) => [Array.isArray(value) ? Number(key) : key, inner] as const,
  );
  return entries.flatMap(([key, inner]) => [[key], ...pathsIn(inner).map((path) => [key, ...path])]);
}

/** A copy with another value at `path`, or without it where the value is undefined. */
function changed(value: unknown, [key, ...rest]: Path, other: unknown): unknown {
  if (key === undefined) return other;
  const inner = changed((value as Record<string | number, unknown>)[key], rest, other);
  if (Array.isArray(value)) return value.map((one: unknown, i) => (i === key ? inner : one));
  return { ...(value as object), [key]: inner };
}

/** Of the changes, every so many is tried with the command. */
const STEP = Number(process.env["TAMPER_STEP"] ?? 61);

const OPTIONS = ["--target", "dog,cat", "--heat", "16", "--npy", "--threshold", "0.5", "--strip", "--guided"];
const ARGV = [...MINE, "--method", "gradcam,saliency", ...OPTIONS];
const AGAIN = [
  [...ARGV, "--json", "--grid"],
  [...ARGV, "--boxes", "json,coco,csv"],
  [...MINE, "--method", "gradcam", "--target", "dog", "--heat", "16"],
];

/** A run of many options, and its manifest. */
async function finishedRun() {
  const folder = await userFolder();
  const file = join(folder, DIR, "manifest.json");
  const { code, stderr } = await run(folder, ARGV);
  expect(code, stderr).toBe(0);
  return { folder, file, manifest: JSON.parse(readFileSync(file, "utf8")) as Manifest };
}

/** Every change of a manifest. */
const changesOf = (manifest: Manifest): { readonly at: string; readonly text: string }[] =>
  pathsIn(manifest).flatMap((path) =>
    VALUES.map((value) => ({ at: path.join("."), text: JSON.stringify(changed(manifest, path, value)) })),
  );

it("a manifest with a changed value is ours exactly where the schema allows it", async () => {
  const { manifest } = await finishedRun();
  const valid = new Ajv({ strict: false }).compile(schema);
  expect(conforms(manifest, schema)).toBe(true);
  const outcomes = changesOf(manifest).map(({ at, text }) => {
    const value: unknown = JSON.parse(text);
    return { at, ours: conforms(value, schema), theirs: valid(value) };
  });
  expect(outcomes.filter(({ ours, theirs }) => ours !== theirs)).toEqual([]);
  expect(outcomes.some(({ ours }) => ours) && outcomes.some(({ ours }) => !ours)).toBe(true);
});

it("a manifest with a changed value makes no run fail for a bug of ours", async () => {
  const { folder, file, manifest } = await finishedRun();
  // All of them take minutes: STEP is prime to the number of values, so each value comes at some places.
  const some = changesOf(manifest).filter((_, i) => i % STEP === 0);
  for (const [i, { at, text }] of some.entries()) {
    writeFileSync(file, text);
    const { stderr } = await run(folder, AGAIN[i % AGAIN.length]!);
    expect(stderr, at).not.toContain("this is a bug");
  }
});

it.each<[what: string, change: (manifest: Manifest) => object]>([
  [
    "fewer logits than the model has classes",
    (all) => ({ logits: [1], scores: [1], maps: [], guided: all.guided.slice(0, 0) }),
  ],
  ["fewer scores than logits", () => ({ scores: [] })],
  [
    "a class that it has no logit of",
    ({ maps }) => ({ maps: maps.map((map) => ({ ...map, target: { ...map.target, index: 7 } })) }),
  ],
  [
    "a map whose file is a folder",
    ({ maps }) => ({ maps: maps.map((map) => ({ ...map, overlay: "folder.png" })) }),
  ],
])("a manifest with %s makes no run fail for a bug of ours", async (_, change) => {
  const { folder, file, manifest } = await finishedRun();
  mkdirSync(join(folder, DIR, "folder.png"));
  for (const argv of AGAIN) {
    writeFileSync(file, JSON.stringify({ ...manifest, ...change(manifest) }));
    expect((await run(folder, argv)).stderr).not.toContain("this is a bug");
  }
});

it("a manifest whose values are nested too deep is refused", async () => {
  const { folder, file, manifest } = await finishedRun();
  const deep = `${"[".repeat(100_000)}${"]".repeat(100_000)}`;
  const { assumed } = manifest;
  writeFileSync(
    file,
    JSON.stringify({ ...manifest, assumed: [{ ...assumed[0], value: "DEEP" }] }).replace('"DEEP"', deep),
  );
  const { code, stderr } = await run(folder, AGAIN[2]!);
  expect(stderr).toMatch(/manifest\.json was not written by gradlens/);
  expect(code).toBe(2);
});
