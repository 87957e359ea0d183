/** @file What the page remembers and asks of its worker: late answers, kept maps, options of a shown map, labels, the address. */

import { beforeEach, expect, it, vi } from "vitest";
import type { WorkerExplainOptions, WorkerExplanation } from "../../src/web/engine/worker-engine.js";

const CLASSES = 4;

/** A worker that answers when the test says so. */
const worker = vi.hoisted(() => ({
  calls: [] as { picture: number; options: WorkerExplainOptions; answer: () => void }[],
  holds: false,
  dropped: [] as number[],
  read: [] as { name: string; options: object }[],
  loaded: [] as { readonly fit: { readonly labels?: readonly string[] } }[],
  files: [] as (readonly File[])[],
  nextId: 1,
  closed: [] as number[],
  embedding: undefined as { readonly length: number } | undefined,
  refused: [] as string[],
  language: "en",
  flat: false,
  loading: Promise.resolve(),
}));

const LAYERS = [
  { path: "stem", kind: "Conv2d", shape: [1, 8, 8, 4] },
  { path: "blocks.3", kind: "Sequential", shape: [1, 4, 4, 8] },
  { path: "head", kind: "Conv2d", shape: [1, 2, 2, 8], default: true },
];

function explanationOf({
  methods,
  layers,
  targets = "top1",
  guided,
}: WorkerExplainOptions): WorkerExplanation {
  const indexes = Array.isArray(targets) ? (targets as number[]) : [2];
  const logits = Float32Array.from({ length: CLASSES }, (_, i) => (i === 2 ? 5 : i));
  const isLayered = methods![0] !== "saliency";
  const maps = (isLayered ? (layers ?? ["head"]) : [""]).flatMap((layer) =>
    indexes.map((index) => ({
      method: methods![0]!,
      layers: isLayered ? [layer] : [],
      target: { index, label: undefined, logit: logits[index]!, score: 0.5 },
      data: new Float32Array(1),
      shape: [1, 1] as const,
      peak: [0, 0] as const,
      ...(worker.flat && { flat: `flat in ${worker.language}` }),
    })),
  );
  return {
    logits,
    scores: logits,
    targets: [],
    maps,
    ...(guided && { guided: maps.map(({ target }) => ({ target })) }),
    timings: {},
    forwardRuns: 1,
  } as unknown as WorkerExplanation;
}

const factsOf = () => {
  const id = worker.nextId++;
  return {
    id,
    width: 4,
    height: 4,
    channels: 3,
    milliseconds: 1,
    bitmap: { close: () => worker.closed.push(id) },
  };
};

const said = () => ({
  assumed: [{ what: "size", value: 1, because: `assumed in ${worker.language}` }],
  notes: [`note in ${worker.language}`],
});

vi.mock("../../src/page/state/engine.js", () => ({
  isRunning: () => true,
  sayAgain: (text: string) => Promise.resolve(text.replace(/in \w\w$/, `in ${worker.language}`)),
  switchMessages: (to: string) => {
    worker.language = to;
    return Promise.resolve();
  },
  running: () => ({
    explain: ({ id }: { id: number }, options: WorkerExplainOptions) =>
      new Promise((resolve) => {
        const answer = (): void => resolve(explanationOf(options));
        worker.calls.push({ picture: id, options, answer });
        if (!worker.holds) answer();
      }),
    availability: () =>
      Promise.resolve({ refused: worker.refused.map((method) => ({ method, reason: "" })), manyRuns: [] }),
    readPicture: (file: File, options: object) => {
      worker.read.push({ name: file.name, options });
      return Promise.resolve(factsOf());
    },
    readFrame: () => Promise.resolve(factsOf()),
    describe: () => Promise.resolve(said()),
    dropPicture: ({ id }: { id: number }) => void worker.dropped.push(id),
    loadModel: async (files: readonly File[], settings: (typeof worker.loaded)[0]) => {
      worker.files.push(files);
      worker.loaded.push(settings);
      const words = said();
      await worker.loading;
      return {
        name: files[0]!.name,
        layers: LAYERS,
        classes: CLASSES,
        labels: settings.fit.labels,
        embedding: worker.embedding,
        ...words,
      };
    },
  }),
}));

const address = { now: "" };
vi.stubGlobal("location", { pathname: "/", search: "", hash: "" });
vi.stubGlobal("history", { replaceState: (_: unknown, __: string, url: string) => (address.now = url) });

const store = await import("../../src/page/state/store.js");
const { applyValue } = await import("../../src/page/state/apply.js");
const { chooseLabel, chooseMethod, setViewMode } = await import("../../src/page/state/actions.js");
const { valuesOf } = await import("../../src/page/state/address.js");
const { showFrame } = await import("../../src/page/state/camera.js");
const { showChosen } = await import("../../src/page/state/explain.js");
const { openFiles } = await import("../../src/page/state/files.js");
const { chooseCell } = await import("../../src/page/state/grid.js");
const { filesIn } = await import("../../src/page/state/model-files.js");
const { speakFirst, toggleLanguage } = await import("../../src/page/state/language.js");
const { setValues } = await import("../../src/page/state/options.js");
const { choosePicture, removePicture, stepPicture } = await import("../../src/page/state/pictures.js");
const { command } = await import("../../src/page/state/save.js");

const PNG_HEAD = Uint8Array.from([137, 80, 78, 71, 13, 10, 26, 10, ...new Array<number>(30).fill(8)]);
const png = (name: string): File => new File([PNG_HEAD], name);
const json = (name: string, value: unknown): File => new File([JSON.stringify(value)], name);
const settled = async (): Promise<void> => {
  for (let i = 0; i < 30; i++) await Promise.resolve();
  await new Promise((resolve) => setTimeout(resolve, 0));
};

beforeEach(async () => {
  Object.assign(worker, { holds: false });
  store.adapter.value = { name: "a", kind: "gpu" } as never;
  store.live.value = false;
  store.viewMode.value = "overlay";
  store.pictures.value = [];
  store.target.value = undefined;
  setValues({});
  await openFiles([new File(["weights"], "w.pth"), png("a.png"), png("b.png")]);
  store.notices.value = [];
  for (const list of [worker.calls, worker.dropped, worker.read, worker.loaded, worker.closed])
    list.length = 0;
});

const [first, second] = [0, 1].map((i) => () => store.pictures.value[i]!) as [() => Item, () => Item];
type Item = (typeof store.pictures.value)[number];

it("the page keeps a map under the options of its request, not those of when it arrives", async () => {
  worker.holds = true;
  const asked = chooseLabel(1);
  await settled();
  setValues({ augSmooth: true });
  worker.calls.at(-1)!.answer();
  await asked;
  worker.holds = false;
  const before = worker.calls.length;
  await showChosen();
  expect(worker.calls.slice(before).map(({ options }) => options.augSmooth)).toEqual([true]);
  setValues({});
  await showChosen();
  expect(worker.calls).toHaveLength(before + 1);
});

it("the page makes no new map for batch size, memory, or an option that the method does not read", async () => {
  await chooseLabel(1);
  const before = worker.calls.length;
  await applyValue("batchSize", 2);
  await applyValue("memory", 1e9);
  await applyValue("seed", 7);
  await applyValue("window", [40, 400]);
  await showChosen();
  expect(worker.calls).toHaveLength(before);
  expect(worker.read).toEqual([]);
  await applyValue("relu", false);
  expect(worker.calls).toHaveLength(before + 1);
});

it("the page drops an answer that arrives after its request was replaced", async () => {
  worker.holds = true;
  const [one, other] = [chooseLabel(1), chooseLabel(3)];
  await settled();
  const [late, wanted] = worker.calls;
  wanted!.answer();
  await other;
  late!.answer();
  await one;
  expect(store.shown.value?.map.target.index).toBe(3);
  expect(store.task.value).toBeUndefined();
});

it("the grid steps through pictures: no scores of the one before, no grid of one that is left", async () => {
  await setViewMode("grid");
  await choosePicture(first().key);
  worker.calls.length = 0;
  worker.holds = true;
  const step = stepPicture(1);
  await settled();
  expect(store.scores.value).toBeUndefined();
  expect(store.grid.value).toEqual([]);
  const back = stepPicture(-1);
  await settled();
  for (const { answer } of worker.calls) answer();
  worker.holds = false;
  await Promise.all([step, back]);
  await settled();
  expect(new Set(store.grid.value.map(({ call }) => call.picture))).toEqual(new Set([first().facts.id]));
});

it("the page shows a cell of the grid with its layer, without another pass", async () => {
  store.gridLayers.value = ["stem", "head"];
  store.gridMethods.value = ["gradcam", "layercam", "saliency"];
  await setViewMode("grid");
  const before = worker.calls.length;
  for (const [method, layer] of [
    ["layercam", "stem"],
    ["gradcam", "head"],
    ["saliency", undefined],
  ]) {
    const cell = store.grid.value.find(({ map }) => map.method === method && map.layers[0] === layer)!;
    await chooseCell(cell);
    expect(store.shown.value?.map).toBe(cell.map);
    expect(store.method.value).toBe(method);
    if (layer !== undefined) expect(store.layers.value?.[0] ?? store.defaultLayer.value).toBe(layer);
  }
  expect(worker.calls).toHaveLength(before);
});

it("the page gives the command of the map that is shown, not of settings that do nothing there", async () => {
  await chooseMethod("scorecam");
  await applyValue("topChannels", 8);
  expect(command()).toBe(
    "gradlens cam --weights w.pth --image a.png --method scorecam --target 2 --top-channels 8",
  );
  worker.holds = true;
  void chooseMethod("layercam");
  await settled();
  expect(command()).toContain("--method scorecam");
  worker.calls.at(-1)!.answer();
  worker.holds = false;
  await settled();
  await applyValue("window", [40, 400]);
  await applyValue("alpha", 0.3);
  expect(command()).toBe(
    "gradlens cam --weights w.pth --image a.png --method layercam --target 2 --alpha 0.3",
  );
});

it("the page requests guided backprop for the guided view alone, and finds the earlier map again", async () => {
  await showChosen();
  const before = worker.calls.length;
  await setViewMode("guided");
  expect(worker.calls.slice(before).map(({ options }) => options.guided)).toEqual([true]);
  expect(command()).toContain("--guided");
  await setViewMode("overlay");
  expect(worker.calls).toHaveLength(before + 1);
  expect(command()).not.toContain("--guided");
});

it("the page keeps one map of a class-agnostic method for all labels, and guided backprop for each", async () => {
  await chooseMethod("eigencam");
  await chooseLabel(1);
  const before = worker.calls.length;
  await chooseLabel(3);
  expect(worker.calls).toHaveLength(before);
  expect(store.shown.value?.map.target.index).toBe(3);
  await setViewMode("guided");
  for (const label of [1, 3, 1]) {
    await chooseLabel(label);
    expect(store.shown.value?.map.target.index).toBe(label);
    expect(store.shown.value?.guided?.target.index).toBe(label);
  }
});

it("the page shows the embedding of a model without a classifier, by a method that needs no label", async () => {
  worker.embedding = { length: 3 };
  worker.refused = ["gradcam"];
  await openFiles([new File(["weights"], "trunk.pth")]);
  worker.embedding = undefined;
  worker.refused = [];
  const { options } = worker.calls.at(-1)!;
  expect([options.methods, options.targets]).toEqual([["eigencam"], undefined]);
  expect(store.ranking.value).toEqual([0]);
  expect(store.scores.value?.scores[0]).toBeCloseTo(Math.hypot(0, 1, 5, 3), 5);
  expect(store.labelOf(0)).toBe("embedding");
  expect(command()).toBe("gradlens cam --weights trunk.pth --image a.png --method eigencam");
});

it("the page gives each frame of the camera its own id, and frees those that are done with", async () => {
  store.live.value = true;
  const bitmap = {} as ImageBitmap;
  await showFrame(bitmap);
  const one = store.picture.value!;
  await showFrame(bitmap);
  const two = store.picture.value!;
  expect(two.key).toBe(one.key);
  expect(two.facts.id).not.toBe(one.facts.id);
  expect(store.shown.value?.call.picture).toBe(two.facts.id);
  expect([worker.dropped, worker.closed]).toEqual([[one.facts.id], [one.facts.id]]);
  worker.holds = true;
  const third = showFrame(bitmap);
  await settled();
  store.live.value = false;
  worker.calls.at(-1)!.answer();
  await third;
  expect(store.picture.value).toBe(two);
  expect(worker.dropped).toHaveLength(2);
});

it("the page frees a picture that is removed", () => {
  const { key, facts } = second();
  removePicture(key);
  expect([worker.dropped, worker.closed]).toEqual([[facts.id], [facts.id]]);
});

it("the page reads labels that settings name: a list, a built-in list, a dropped file; it refuses a missing one", async () => {
  const given = (): readonly string[] | undefined => worker.loaded.at(-1)?.fit.labels;
  await openFiles([json("w.pth.gradlens.json", { labels: "imagenet1k" })]);
  expect(given()).toHaveLength(1000);
  expect(given()![0]).toBe("tench");
  await openFiles([json("w.pth.gradlens.json", { labels: ["a", "b"] })]);
  expect(given()).toEqual(["a", "b"]);
  const list = new File(["x\ny"], "names.txt");
  await openFiles([json("w.pth.gradlens.json", { labels: "names.txt" }), list]);
  expect(given()).toEqual(["x", "y"]);
  const before = worker.loaded.length;
  await openFiles([json("w.pth.gradlens.json", { labels: "others.txt", size: 96 })]);
  expect(worker.loaded).toHaveLength(before);
  expect(store.notices.value.at(-1)?.text).toMatch(/labels others\.txt.*drop that file/);
  expect(store.values.value.size).toBeUndefined();
  await settled();
  expect(address.now).not.toContain("96");
});

it("config.json reaches the engine beside weights of the usual names, also later; else it is labels", async () => {
  const given = (): readonly string[] => worker.files.at(-1)!.map(({ name }) => name);
  const config = json("config.json", { id2label: { 0: "a", 1: "b" } });
  const preprocessor = json("preprocessor_config.json", {});
  await openFiles([config, new File(["weights"], "model.safetensors"), preprocessor]);
  expect(given()).toEqual(["model.safetensors", "config.json", "preprocessor_config.json"]);
  expect(worker.loaded.at(-1)!.fit.labels).toBeUndefined();
  await openFiles([new File(["weights"], "model.safetensors")]);
  expect(given()).toEqual(["model.safetensors"]);
  await openFiles([config]);
  await openFiles([json("config.json", {})]);
  expect(given()).toEqual(["model.safetensors", "config.json"]);
  await openFiles([new File(["weights"], "w.pth"), config]);
  expect(given()).toEqual(["w.pth"]);
  expect(worker.loaded.at(-1)!.fit.labels).toEqual(["a", "b"]);
  const before = worker.loaded.length;
  await openFiles([preprocessor]);
  expect(worker.loaded).toHaveLength(before);
  expect(store.notices.value.at(-1)?.text).toMatch(/^preprocessor_config\.json goes with weights called/);
});

/** A folder as a browser gives it: its entries in parts. */
function folder(name: string, ...names: string[]): FileSystemEntry {
  const files = names.map((one) => ({
    isDirectory: false,
    file: (done: (file: File) => void) => done(new File(["x"], one)),
  }));
  const parts = [...files.map((one) => [one]), [{ isDirectory: true }], []];
  const createReader = () => ({ readEntries: (done: (some: unknown[]) => void) => done(parts.shift()!) });
  return { isDirectory: true, name, createReader } as unknown as FileSystemEntry;
}

it.each([
  [
    ["optimizer.pt", "model.safetensors", "config.json", "training_args.bin", "README.md", "vocab.txt"],
    ["config.json", "model.safetensors"],
  ],
  [
    ["b.bin", "pytorch_model.bin.index.json", "a.bin", "trainer_state.json"],
    ["a.bin", "b.bin", "pytorch_model.bin.index.json"],
  ],
  [
    ["__0_0.distcp", ".metadata", "log.txt"],
    [".metadata", "__0_0.distcp"],
  ],
  [
    ["model.safetensors", "model.safetensors.gradlens.json", "other.gradlens.json"],
    ["model.safetensors", "model.safetensors.gradlens.json"],
  ],
  [
    ["b.png", ".DS_Store", "a.jpg"],
    ["a.jpg", "b.png"],
  ],
])("a dropped folder of %j opens %j", async (all, meant) => {
  const files = await filesIn([folder("f", ...all)]);
  expect(files.map(({ name }) => name)).toEqual(meant);
});

it("the page names a class without a name by its number", async () => {
  await openFiles([json("labels.json", ["a", "", "c", "d"])]);
  expect([0, 1].map(store.labelOf)).toEqual(["a", "class 1"]);
});

it("the page leaves an unknown method out of an address", () => {
  expect(valuesOf("#method=no-such-thing&alpha=0.4")).toEqual({ alpha: 0.4 });
  expect(valuesOf("#method=layercam").method).toEqual(["layercam"]);
});

it("the page translates a model's facts and the reasons of flat maps when the language changes", async () => {
  worker.flat = true;
  store.gridMethods.value = ["gradcam", "layercam"];
  await setViewMode("grid");
  await chooseLabel(1);
  const flat = (): unknown[] => [store.shown.value, ...store.grid.value].map((one) => one?.map.flat);
  expect(flat().length).toBeGreaterThan(2);
  for (const language of ["zh", "en"]) {
    await toggleLanguage();
    await settled();
    expect(store.model.value).toMatchObject(said());
    expect(store.model.value?.assumed[0]?.because).toBe(`assumed in ${language}`);
    expect(new Set(flat())).toEqual(new Set([`flat in ${language}`]));
  }
  // A map that was made in the language of before, and is looked at now.
  await chooseLabel(3);
  await toggleLanguage();
  await chooseLabel(1);
  expect(store.shown.value?.map.flat).toBe("flat in zh");
  await toggleLanguage();
  worker.flat = false;
});

it("the page translates notices when the language changes, the library's and its own", async () => {
  store.notify("a problem in en");
  store.notify((words) => words.cancelled, "info");
  await toggleLanguage();
  await settled();
  expect(store.notices.value.map(store.textOf)).toEqual(["a problem in zh", store.words.value.cancelled]);
  await toggleLanguage();
  await settled();
  expect(store.notices.value.map(store.textOf)).toEqual([
    "a problem in en",
    "Cancelled. The map before is still shown.",
  ]);
});

it("the worker uses the page's language when its words arrive after the engine has begun", async () => {
  await speakFirst("zh");
  expect([store.language.value, worker.language]).toEqual(["zh", "zh"]);
  await speakFirst("en");
  expect(worker.language).toBe("en");
});

it("the page shows a model's facts in the language that was chosen while it was loaded", async () => {
  let load = (): void => undefined;
  worker.loading = new Promise((resolve) => (load = resolve));
  const opening = openFiles([new File(["weights"], "late.pth")]);
  await settled();
  expect(worker.loaded).toHaveLength(1);
  await toggleLanguage();
  load();
  await opening;
  expect(store.model.value?.notes).toEqual(["note in zh"]);
  await toggleLanguage();
  await settled();
});
