/** @file `gradlens cam` with methods that run the model many times: in which calls methods run, and what Ctrl-C leaves. */

import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { MethodName } from "../../src/cam/methods/table.js";
import type { Manifest } from "../../src/results/manifest.js";
import { run, tree, userFolder, type FakeOptions, type Ran } from "./fake.js";
import { DIR, manifestIn, MINE } from "./made-manifest.js";

const LONG: readonly MethodName[] = ["scorecam", "smoothgrad"];
/** A model of which some methods are long. */
const model: NonNullable<FakeOptions["model"]> = {
  manyRuns: ({ methods = [] } = {}) => methods.filter((name) => LONG.includes(name)),
};
const ALL = [...MINE, "--method", "scorecam,gradcam,smoothgrad,layercam"];

const calls = ({ asked }: Ran): unknown => asked.map(({ methods }) => methods);
const overlays = (folder: string): string[] => manifestIn(folder).maps.map(({ overlay }) => overlay);

/** Runs and is interrupted in the `count`th call. */
function interrupted(folder: string, argv: readonly string[], count: number): Promise<Ran> {
  const controller = new AbortController();
  const onExplain = (now: number): void => {
    if (now === count) controller.abort();
  };
  return run(folder, argv, { model, signal: controller.signal, onExplain });
}

describe("methods that run the model many times", () => {
  it("each method of many forward passes has its own call behind that of all others, for the same targets", async () => {
    const folder = await userFolder();
    const ran = await run(folder, [...ALL, "--target", "above:0.6", "--guided", "--json"], { model });
    expect(calls(ran)).toEqual([["gradcam", "layercam"], ["scorecam"], ["smoothgrad"]]);
    expect(ran.asked.map(({ targets }) => targets)).toEqual([["above:0.6"], [1, 2], [1, 2]]);
    const manifest = manifestIn(folder);
    expect(ran.stdout.split("\n")).toEqual([JSON.stringify(manifest), ""]);
    expect(manifest.maps.map(({ method, target }) => `${method} ${target.index}`)).toEqual(
      ["scorecam", "gradcam", "smoothgrad", "layercam"].flatMap((name) => [`${name} 1`, `${name} 2`]),
    );
    expect(manifest.guided).toHaveLength(2);
    // 8 overlays, 6 products with guided backprop and its 2 pictures, 2 gradients.
    expect(ran.stderr.match(/^Written {3}/gm)).toHaveLength(18);
    expect(ran.stderr.indexOf("layercam-dog.png")).toBeLessThan(ran.stderr.indexOf("scorecam-dog.png"));
    expect((await run(folder, [...ALL, "--target", "above:0.6", "--guided"], { model })).asked).toEqual([]);
  });

  it("methods of many forward passes are one call where they are alone, and none where no label deserves a map", async () => {
    const one = await run(await userFolder(), [...MINE, "--method", "scorecam"], { model });
    expect(calls(one)).toEqual([["scorecam"]]);
    const none = await run(await userFolder(), [...ALL, "--min-probability", "0.99"], { model });
    expect(none.code).toBe(0);
    expect(calls(none)).toEqual([["gradcam", "layercam"]]);
  });

  it("methods of many forward passes do not run for a missing picture of guided backprop", async () => {
    const folder = await userFolder();
    const argv = [...ALL, "--guided"];
    await run(folder, argv, { model });
    rmSync(join(folder, DIR, "guided-dog.png"));
    expect(calls(await run(folder, argv, { model }))).toEqual([[]]);
    expect(tree(join(folder, DIR))).toContain("guided-dog.png");
    expect(overlays(folder)).toHaveLength(4);
  });
});

describe("Ctrl-C in one of them", () => {
  const QUICK = ["gradcam-dog.png", "layercam-dog.png"];

  it("Ctrl-C in a long method keeps what was made before, and the same command makes the rest", async () => {
    const folder = await userFolder();
    const ran = await interrupted(folder, [...ALL, "--json"], 2);
    expect(ran).toMatchObject({ code: 130, stdout: "", open: 0 });
    expect(ran.stderr).toMatch(
      /\ngradlens: interrupted; 0 of 1 pictures are complete, and some methods of one more; the same command makes the rest\n$/,
    );
    expect(tree(join(folder, DIR))).toEqual([...QUICK, "manifest.json"]);
    expect(overlays(folder)).toEqual(QUICK);
    const again = await run(folder, ALL, { model });
    expect(calls(again)).toEqual([["scorecam"], ["smoothgrad"]]);
    expect(overlays(folder)).toEqual([...QUICK, "scorecam-dog.png", "smoothgrad-dog.png"]);
  });

  it("Ctrl-C with --force loses neither the earlier results nor the new ones", async () => {
    const folder = await userFolder();
    await run(folder, [...ALL, "--npy"], { model });
    const before = readFileSync(join(folder, DIR, "manifest.json"), "utf8");
    const forced = [...ALL, "--colormap", "viridis", "--force"];
    expect((await interrupted(folder, forced, 3)).code).toBe(130);
    const colors = Object.fromEntries(
      manifestIn(folder).maps.map(({ method, rendering }) => [method, rendering.colormap]),
    );
    expect(colors).toEqual({
      scorecam: "viridis",
      gradcam: "viridis",
      layercam: "viridis",
      smoothgrad: "jet",
    });
    const ran = await run(folder, forced, { model });
    expect(calls(ran)).toEqual([["gradcam", "layercam"], ["scorecam"], ["smoothgrad"]]);
    const viridis = ({ rendering }: Manifest["maps"][number]): boolean => rendering.colormap === "viridis";
    expect(manifestIn(folder).maps.every(viridis)).toBe(true);
    const named = (text: string): string[] => (JSON.parse(text) as Manifest).maps.map((map) => map.npy!);
    expect(named(readFileSync(join(folder, DIR, "manifest.json"), "utf8"))).toEqual(named(before));
  });
});
