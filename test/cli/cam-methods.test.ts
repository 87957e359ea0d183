/** @file `gradlens cam` by method, with a tiny model: what changes a map, groups, refusals, labels that deserve a map. */

import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { METHOD_NAMES, METHODS, type MethodName } from "../../src/cam/methods/table.js";
import { GradlensError, SeveralErrors } from "../../src/errors.js";
import { run, tree, userFolder, writePicture, writeWeights, type FakeOptions } from "./fake.js";
import { DIR, manifestIn, MINE } from "./made-manifest.js";

describe("options of some methods only", () => {
  const SOME = ["--method", "gradcam,scorecam,ablationcam,randomcam"];
  const overlays = (folder: string): string[] => manifestIn(folder).maps.map((map) => map.overlay);

  it("an option of some methods reaches the library, the records of those methods, and a message", async () => {
    const folder = await userFolder();
    const how = ["--top-channels", "2", "--score", "probability", "--seed", "7", "--memory", "500M"];
    const { asked, stderr, code } = await run(folder, [...MINE, ...SOME, ...how]);
    expect(code).toBe(0);
    expect(asked[0]).toMatchObject({ topChannels: 2, score: "probability", seed: 7, memory: 500_000_000 });
    const [gradcam, scorecam, ablationcam, randomcam] = manifestIn(folder).maps;
    for (const key of ["seed", "score", "topChannels"]) expect(gradcam).not.toHaveProperty(key);
    expect(scorecam).toMatchObject({
      overlay: "scorecam-dog-top2-sigmoid.png",
      score: "sigmoid",
      topChannels: 2,
      // One pixel of each of the three channels is hot.
      channels: [{ scored: 2, of: 3, variance: expect.closeTo(2 / 3, 3) as number }],
    });
    expect(scorecam).not.toHaveProperty("seed");
    expect(ablationcam).toMatchObject({ overlay: "ablationcam-dog-sigmoid.png", score: "sigmoid" });
    expect(ablationcam).not.toHaveProperty("topChannels");
    expect(randomcam).toMatchObject({ overlay: "randomcam-dog-seed7.png", seed: 7 });
    expect(stderr).toContain(
      "scorecam: 2 of 3 channels of features.norm5, which hold 66.7 % of its variance",
    );
  });

  it("--rollout-heads changes how rollout reads attention, for rollout alone", async () => {
    const folder = await userFolder();
    const methods = ["--method", "gradcam,rollout,legrad"];
    const how = ["--rollout-heads", "max", "--discard-ratio", "0.9"];
    const { asked } = await run(folder, [...MINE, ...methods, ...how]);
    expect(asked[0]).toMatchObject({ rolloutHeads: "max", discardRatio: 0.9 });
    const [gradcam, rollout, legrad] = manifestIn(folder).maps;
    expect(rollout).toMatchObject({
      overlay: "rollout-dog-max-discard0.9.png",
      layers: [],
      rolloutHeads: "max",
      discardRatio: 0.9,
    });
    for (const other of [gradcam, legrad]) {
      expect(other).not.toHaveProperty("rolloutHeads");
      expect(other).not.toHaveProperty("discardRatio");
    }
    const again = await run(folder, [...MINE, ...methods, "--rollout-heads", "max"]);
    expect(again.asked.map((options) => options.methods)).toEqual([["rollout"]]);
    expect(overlays(folder)).toContain("rollout-dog-max.png");
  });

  it("an option is reported if no chosen method reads it, typed or in a settings file", async () => {
    const folder = await userFolder();
    const notes = async (...how: string[]): Promise<string[]> =>
      (await run(folder, [...MINE, "--force", ...how])).stderr
        .split("\n")
        .filter((line) => line.includes("has no effect"));
    const seed = "it is an option of smoothgradcam++, randomcam, smoothgrad";
    const heads = "Note      --rollout-heads has no effect here: it is an option of rollout";
    expect(await notes("--rollout-heads", "max", "--seed", "0")).toEqual([
      heads,
      `Note      --seed has no effect here: ${seed}`,
    ]);
    expect(await notes("--rollout-heads", "max", "--method", "gradcam,rollout")).toEqual([]);
    expect(await notes("--eigen-smooth", "--no-relu", "--compare-scale", "shared")).toEqual([]);
    expect(await notes("--rollout-heads", "max", "--quiet")).toEqual([]);
    expect(await notes("--seed", "1", "--top-channels", "2", "--method", "all")).toEqual([]);
    writeFileSync(join(folder, "weights.safetensors.gradlens.json"), '{"rollout-heads": "max"}');
    expect(await notes()).toEqual([heads]);
    expect(await notes("--method", "rollout")).toEqual([]);
  });

  it("another value makes another map beside the earlier one, only of the methods that it changes", async () => {
    const folder = await userFolder();
    await run(folder, [...MINE, ...SOME]);
    const plain = ["gradcam-dog.png", "scorecam-dog.png", "ablationcam-dog.png", "randomcam-dog.png"];
    expect(overlays(folder)).toEqual(plain);
    const asks = async (...how: string[]): Promise<unknown> =>
      (await run(folder, [...MINE, ...SOME, ...how])).asked.map((options) => options.methods);
    expect(await asks("--seed", "0", "--score", "logit")).toEqual([]);
    expect(await asks("--seed", "1")).toEqual([["randomcam"]]);
    expect(await asks("--score", "probability")).toEqual([["ablationcam"], ["scorecam"]]);
    expect(await asks("--top-channels", "2")).toEqual([["scorecam"]]);
    expect(await asks("--top-channels", "2", "--memory", "1GiB", "--batch-size", "2")).toEqual([]);
    const more = ["randomcam-dog-seed1.png", "scorecam-dog-sigmoid.png", "ablationcam-dog-sigmoid.png"];
    expect(overlays(folder)).toEqual([...plain, ...more, "scorecam-dog-top2.png"]);
  });

  it("--score probability is recorded as logit for a model without an activation", async () => {
    const folder = await userFolder();
    const { code } = await run(folder, [
      ...MINE,
      ...["--method", "scorecam", "--activation", "none", "--score", "probability"],
    ]);
    expect(code).toBe(0);
    expect(manifestIn(folder).maps[0]).toMatchObject({ overlay: "scorecam-dog.png", score: "logit" });
  });
});

describe("the choice of methods", () => {
  const PGC = [
    ...(["gradcam", "hirescam", "scorecam", "gradcam++", "ablationcam", "xgradcam", "eigencam"] as const),
    ...(["eigengradcam", "layercam", "fullgrad", "fem", "elementwise", "kpcacam", "shapleycam"] as const),
    "finercam" as const,
  ];
  /** A model that has no map of some methods. */
  const without = (...methods: MethodName[]): FakeOptions => ({
    model: {
      refusals: ({ methods: asked = [] } = {}) => {
        const refused = asked.filter((method) => methods.includes(method));
        if (refused.length === asked.length) throw new GradlensError("unsupported", "no head; take gradcam");
        return refused.map((method) => ({ method, reason: "no head; take gradcam" }));
      },
    },
  });

  it.each<[named: string, methods: readonly MethodName[]]>([
    ["all", METHOD_NAMES],
    ["ALL,gradcam", METHOD_NAMES],
    ["gradient", METHOD_NAMES.filter((name) => METHODS[name].group === "gradient")],
    [
      "layercam,no_gradient",
      ["layercam", ...METHOD_NAMES.filter((name) => METHODS[name].group === "no-gradient")],
    ],
  ])("--methods accepts a group: %s", async (named, methods) => {
    const folder = await userFolder();
    const { asked } = await run(folder, [...MINE, "--method", named]);
    expect(asked.flatMap((options) => options.methods).sort()).toEqual([...methods].sort());
    expect(manifestIn(folder)).toMatchObject({ refused: [] });
  });

  // The keys of `methods` in pytorch-grad-cam 1.5.7's cam.py, its exported classes, and torch-cam 0.5's, where they are here.
  it.each<[names: string, methods: readonly MethodName[]]>([
    [
      "gradcam,hirescam,scorecam,gradcam++,ablationcam,xgradcam,eigencam,eigengradcam,layercam,fullgrad,fem,gradcamelementwise,kpcacam,shapleycam,finercam",
      PGC,
    ],
    [
      "GradCAM,HiResCAM,ScoreCAM,GradCAMPlusPlus,AblationCAM,XGradCAM,EigenCAM,EigenGradCAM,LayerCAM,FullGrad,FEM,GradCAMElementWise,KPCA_CAM,ShapleyCAM,FinerCAM",
      PGC,
    ],
    ["RandomCAM,SegEigenCAM,GuidedBackpropReLUModel", ["randomcam", "segeigencam", "guided"]],
    ["CAM,GradCAMpp,SmoothGradCAMpp,LeGrad", ["cam", "gradcam++", "smoothgradcam++", "legrad"]],
    ["Integrated gradients,attention-rollout,smooth_grad", ["integrated", "rollout", "smoothgrad"]],
  ])("--methods accepts the names of other packages: %s", async (names, methods) => {
    const { asked } = await run(await userFolder(), [...MINE, "--method", names]);
    expect(asked.flatMap((options) => options.methods).sort()).toEqual([...methods].sort());
  });

  it("methods of the input have one map a target without a layer's name, and their gradient as a picture", async () => {
    const folder = await userFolder();
    const more = ["--method", "saliency,fullgrad,gradcam", "--target", "cat", "--input-heat", "signed"];
    const each = ["--layers-each", "--layer", "features.denseblock3", "--layer", "features.norm5"];
    const { asked, stderr } = await run(folder, [...MINE, ...more, ...each]);
    expect(asked[0]).toMatchObject({ inputHeat: "signed" });
    expect(
      manifestIn(folder).maps.map(({ method, layers, overlay, gradient, signed }) => [
        method,
        layers,
        overlay,
        gradient,
        signed,
      ]),
    ).toEqual([
      ["saliency", [], "saliency-cat-signed.png", "saliency-cat-signed.gradient.png", true],
      ["fullgrad", [], "fullgrad-cat.png", undefined, undefined],
      ["gradcam", ["features.denseblock3"], "gradcam-cat-features.denseblock3.png", undefined, undefined],
      ["gradcam", ["features.norm5"], "gradcam-cat-features.norm5.png", undefined, undefined],
    ]);
    const colormaps = manifestIn(folder).maps.map((map) => map.rendering.colormap);
    expect(colormaps).toEqual(["bwr", "jet", "jet", "jet"]);
    expect(tree(join(folder, DIR))).toContain("saliency-cat-signed.gradient.png");
    expect(stderr).not.toContain("undefined");
    // All of it is there now: absolute heat is another map.
    expect((await run(folder, [...MINE, ...more, ...each])).asked).toEqual([]);
    const { asked: again } = await run(folder, [
      ...MINE,
      "--method",
      "saliency",
      "--target",
      "cat",
      "--name",
      "{method}-{layer}.png",
    ]);
    expect(again).toHaveLength(1);
    expect(manifestIn(folder).maps.at(-1)!.overlay).toBe("saliency-model.png");
  });

  it("guided maps and --guided pictures keep different file names, in one run or in two", async () => {
    const folder = await userFolder();
    const guided = ["--method", "guided", "--target", "cat"];
    await run(folder, [...MINE, ...guided]);
    const { code } = await run(folder, [...MINE, ...guided, "--guided"]);
    expect(code).toBe(0);
    const manifest = manifestIn(folder);
    expect(manifest.maps.map((map) => map.overlay)).toEqual(["guided-heat-cat.png"]);
    expect(manifest.guided.map(({ picture }) => picture)).toEqual(["guided-cat.png"]);
  });

  it("--guided makes no product with a map that is a gradient itself", async () => {
    const folder = await userFolder();
    const { code } = await run(folder, [...MINE, "--method", "saliency,gradcam", "--guided"]);
    expect(code).toBe(0);
    const [saliency, gradcam] = manifestIn(folder).maps;
    expect(saliency).not.toHaveProperty("guided");
    expect(gradcam).toMatchObject({ guided: "gradcam-dog.guided.png" });
  });

  it("--guided is refused for a model without ReLUs, once, and the maps are made", async () => {
    const folder = await userFolder();
    const reason = "guided backprop changes ReLUs, and this has none; take gradcam instead";
    const model = { refusals: () => [{ method: "guided", reason } as const] };
    for (const expected of [1, 0]) {
      const { code, stderr, asked } = await run(folder, [...MINE, "--guided"], { model });
      expect(code).toBe(0);
      expect(stderr.split(reason)).toHaveLength(2);
      expect(asked).toHaveLength(expected);
    }
    const manifest = manifestIn(folder);
    expect(manifest.maps.map((map) => map.guided)).toEqual([undefined]);
    expect(manifest).toMatchObject({ guided: [], refused: [{ method: "guided", reason }] });
  });

  it("each method belongs to the group of what it needs", () => {
    const groups = (["gradcam++", "fullgrad", "scorecam", "eigencam", "saliency"] as const).map(
      (name) => METHODS[name].group,
    );
    expect(groups).toEqual(["gradient", "gradient", "no-gradient", "no-gradient", "input"]);
  });

  it("a name pattern for a group of methods needs {method}", async () => {
    const { code, stderr } = await run(await userFolder(), [
      ...MINE,
      "--method",
      "all",
      "--name",
      "{label}.png",
    ]);
    expect(code).toBe(2);
    expect(stderr).toContain("put {method} into it");
  });

  it("refused methods are printed and recorded, and the others run", async () => {
    const folder = await userFolder();
    const { code, asked, stderr } = await run(folder, [...MINE, "--method", "cam,gradcam"], without("cam"));
    expect(code).toBe(0);
    expect(asked.map((options) => options.methods)).toEqual([["gradcam"]]);
    expect(stderr.match(/^Refused.*/gm)).toEqual(["Refused   cam: no head; take gradcam"]);
    const refused = [{ method: "cam", layers: ["features.norm5"], reason: "no head; take gradcam" }];
    expect(manifestIn(folder)).toMatchObject({ refused, maps: [{ method: "gradcam" }] });
  });

  it("refused methods do not keep a later run from skipping, and stay recorded", async () => {
    const folder = await userFolder();
    const argv = [...MINE, "--method", "cam,gradcam"];
    await run(folder, MINE);
    expect(manifestIn(folder).refused).toEqual([]);
    expect(await run(folder, argv, without("cam"))).toMatchObject({ code: 0, asked: [] });
    expect(manifestIn(folder).refused).toMatchObject([{ method: "cam" }]);
    const text = readFileSync(join(folder, DIR, "manifest.json"), "utf8");
    const again = await run(folder, argv, without("cam"));
    expect(again).toMatchObject({ code: 0, asked: [] });
    expect(again.stderr).toContain("Refused   cam: no head");
    expect(again.stderr).toContain("all is there already");
    expect(readFileSync(join(folder, DIR, "manifest.json"), "utf8")).toBe(text);
    await run(folder, [...MINE, "--method", "layercam"]);
    expect(manifestIn(folder)).toMatchObject({ refused: [{ method: "cam" }], maps: [{}, {}] });
    // A later version that has it.
    await run(folder, argv);
    expect(manifestIn(folder)).toMatchObject({ refused: [], maps: [{}, {}, { method: "cam" }] });
  });

  it("methods that turn out to need too much memory are printed once and recorded, and the others run", async () => {
    const folder = await userFolder();
    await writePicture(join(folder, "y.png"), 9);
    const some = (methods: string): string[] => [...MINE, "--image", "y.png", "--method", methods];
    const tooMuch = ["ablationcam", "scorecam", "smoothgrad"] as const;
    const long: readonly MethodName[] = ["scorecam", "smoothgrad"];
    const fake: FakeOptions = {
      tooMuch,
      model: { manyRuns: ({ methods = [] } = {}) => methods.filter((name) => long.includes(name)) },
    };
    const all = some("gradcam,ablationcam,scorecam,smoothgrad");
    const reason = "1 KiB is too little";
    const check = (made: readonly string[]): void => {
      for (const dir of [DIR, DIR.replace("x.png", "y.png")]) {
        const { maps, refused } = manifestIn(folder, dir);
        expect(maps.map(({ method }) => method)).toEqual(made);
        expect(refused).toMatchObject(tooMuch.map((method) => ({ method, reason })));
      }
    };
    const first = await run(folder, all, fake);
    expect(first.code).toBe(0);
    const lines = tooMuch.map((method) => `Refused   ${method}: ${reason}`);
    expect(first.stderr.match(/^Refused.*/gm)).toEqual(lines);
    expect(first.asked.map(({ methods }) => methods)).toEqual([
      ["gradcam", "ablationcam"],
      ["scorecam"],
      ["smoothgrad"],
      ["gradcam"],
    ]);
    check(["gradcam"]);
    // All the rest is there already.
    const again = await run(folder, all, fake);
    expect(again).toMatchObject({ code: 0 });
    expect(again.asked.map(({ methods }) => methods)).toEqual([...tooMuch.map((name) => [name]), []]);
    expect(again.stderr.match(/^Refused.*/gm)).toEqual(lines);
    check(["gradcam"]);
    await run(folder, some("layercam,scorecam"), fake);
    check(["gradcam", "layercam"]);
    const none = await run(folder, [...some("scorecam,smoothgrad"), "--force"], fake);
    expect(none.code).toBe(1);
    for (const name of long) expect(none.stderr).toContain(`gradlens: ${name}: ${reason}\n`);
    check(["gradcam", "layercam"]);
  });

  it("a run whose methods are all refused ends with the reason", async () => {
    const folder = await userFolder();
    const ran = await run(folder, [...MINE, "--method", "cam"], without("cam"));
    expect(ran).toMatchObject({ code: 2, stderr: "gradlens: no head; take gradcam\n", asked: [], open: 0 });
    expect(existsSync(join(folder, "out"))).toBe(false);
  });

  it("a run whose methods are all refused prints each reason, with the model's name where there are several", async () => {
    const folder = await userFolder();
    await writeWeights(join(folder, "b.safetensors"), 2);
    const refusals = (): never => {
      const parts = ["cam: no head", "rollout: no attention"];
      throw new SeveralErrors(parts.map((text) => new GradlensError("unsupported", text)));
    };
    const ran = await run(folder, [...MINE, "--method", "cam,rollout"], { model: { refusals } });
    const lines = "gradlens: cam: no head\ngradlens: rollout: no attention\n";
    expect(ran).toMatchObject({ code: 2, stderr: lines, open: 0 });
    const both = ["--weights", "weights.safetensors", "b.safetensors", "--image", "x.png"];
    const two = await run(folder, ["cam", ...both, "--method", "cam,rollout"], { model: { refusals } });
    expect(two.code).toBe(2);
    expect(two.stderr.match(/^gradlens: .*/gm)).toEqual(
      ["weights.safetensors", "b.safetensors"].flatMap((file) => [
        `gradlens: ${file}: cam: no head`,
        `gradlens: ${file}: rollout: no attention`,
      ]),
    );
  });
});

describe("labels that deserve a map", () => {
  it.each<[how: string[], labels: string[]]>([
    [
      ["--top", "2"],
      ["dog", "Pleural Thickening"],
    ],
    [["--top", "1", "--target", "cat,2", "--name", "map.png"], ["Pleural Thickening"]],
    [
      ["--min-probability", "0.6"],
      ["dog", "Pleural Thickening"],
    ],
    [["--min-probability", "0.1", "--target", "cat"], ["cat"]],
  ])("the run explains the labels that its options select: %j", async (how, labels) => {
    const folder = await userFolder();
    expect((await run(folder, [...MINE, ...how])).code).toBe(0);
    expect(manifestIn(folder).maps.map(({ target }) => target.label)).toEqual(labels);
    expect((await run(folder, [...MINE, ...how])).asked).toEqual([]);
  });

  it("a run that selects no label says so and succeeds", async () => {
    const folder = await userFolder();
    const argv = [...MINE, "--min-probability", "0.99"];
    for (const asked of [1, 0]) {
      const ran = await run(folder, argv);
      expect(ran).toMatchObject({ code: 0 });
      expect(ran.asked).toHaveLength(asked);
      expect(ran.stderr).toMatch(/^No maps +no label has a score of 0.99 or more$/m);
      expect(manifestIn(folder).maps).toEqual([]);
    }
    await run(folder, MINE);
    const { stderr } = await run(folder, [...argv, "--target", "cat,dog"]);
    expect(stderr).toMatch(/^No maps +no target has a score of 0.99 or more$/m);
    expect(stderr).not.toContain("Complete");
  });

  it("a file of labels may stand beside the weights, and several labels need {label} in a pattern", async () => {
    const folder = await userFolder();
    await run(folder, [...MINE, "--min-probability", "0.6", "--top", "1", "--remember"]);
    const kept = readFileSync(join(folder, "weights.safetensors.gradlens.json"), "utf8");
    expect(JSON.parse(kept)).toMatchObject({ top: 1, "min-probability": 0.6 });
    const { asked } = await run(folder, [...MINE, "--force"]);
    expect(asked[0]).toMatchObject({ top: 1, minProbability: 0.6 });
    const refused = await run(folder, [...MINE, "--top", "2", "--name", "{method}.png"]);
    expect(refused).toMatchObject({ code: 2 });
    expect(refused.stderr).toContain("put {label} into it");
  });
});
