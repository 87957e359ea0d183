/** @file What a user does: opens files, chooses, sets options, saves. */

import type { MethodName } from "../../cam/methods/table.js";
import { GradlensError, hasCode } from "../../errors.js";
import { DEFAULT_DEMO, DEMOS } from "../../options/demos.js";
import { checkpointReadingOf, fitOptionsOf } from "../../options/fit-options.js";
import { parseLabels } from "../../options/label-file.js";
import { decodeAnyText } from "../../text/decode.js";
import { mergeValues } from "../../options/merge-values.js";
import { readingOf } from "../../options/reading.js";
import { parseSettings } from "../../options/settings-text.js";
import { specOf, type OptionName, type OptionValues } from "../../options/table.js";
import { pictureKind, PICTURE_HEAD } from "../../picture-file/picture-kinds.js";
import { CHESTXRAY14 } from "../../models/label-sets.js";
import type { Arch } from "../../models/registry.js";
import type { ModelSettings } from "../../web/engine/worker-engine.js";
import { addressOf, valuesOf } from "./address.js";
import { running, startEngine } from "./engine.js";
import { ask, findAvailability, forgetMaps, inTurn, makeGrid, showChosen } from "./explain.js";
import * as store from "./store.js";

/** The files of the model that is loaded, to load it again with other options. */
let weights: readonly File[] = [];
let loadedWith: ModelSettings = {};
let labelNames: readonly string[] | undefined;
let nextKey = 1;

/** Opens the engine and shows the demo, explained. */
export async function start(): Promise<void> {
  store.values.value = valuesOf(location.hash);
  store.task.value = { what: store.words.value.starting };
  try {
    store.adapter.value = (await startEngine()).adapter;
  } catch (error) {
    store.task.value = undefined;
    store.noGpu.value = error instanceof Error ? error.message : String(error);
    return;
  }
  await openDemo();
}

export async function openDemo(): Promise<void> {
  const demo = DEMOS[DEFAULT_DEMO];
  const [file, picture] = [demo.weights, demo.picture].map((path) => path.split("/").at(-1)!);
  const fetched = async (name: string): Promise<File> => {
    const response = await fetch(new URL(`./demo/${name}`, document.baseURI));
    if (!response.ok) throw new Error(`${name}: the host of this page does not have it (${response.status})`);
    return new File([await response.blob()], name);
  };
  store.task.value = { what: store.words.value.loadingModel };
  try {
    const files = await Promise.all([fetched(file!), fetched(picture!)]);
    labelNames = undefined;
    await loadWeights([files[0]], true);
    await addPictures([files[1]]);
  } catch (error) {
    store.notify((error as Error).message);
  } finally {
    store.task.value = undefined;
  }
}

type Role = "weights" | "picture" | "labels" | "settings";

/** What a file is for, by its name where its content could be anything, else by its content. */
async function roleOf(file: File): Promise<Role> {
  if (/\.gradlens\.json$/i.test(file.name)) return "settings";
  if (/\.index\.json$/i.test(file.name)) return "weights";
  if (/\.(txt|json|csv|names)$/i.test(file.name)) return "labels";
  const head = new Uint8Array(await file.slice(0, PICTURE_HEAD).arrayBuffer());
  const found = pictureKind(head);
  if ("kind" in found) return "picture";
  return /^image\//.test(file.type) || /picture|document|page|video/.test(found.looksLike)
    ? "picture"
    : "weights";
}

/** Files that were dropped, pasted or chosen: weights, pictures, labels and settings in one go. */
export async function openFiles(files: readonly File[]): Promise<void> {
  if (store.adapter.value === undefined) return;
  const before = { values: store.values.value, labelNames };
  try {
    const roles = await Promise.all(files.map(roleOf));
    const of = (role: Role): File[] => files.filter((_, i) => roles[i] === role);
    const [labels] = of("labels");
    const [settings] = of("settings");
    if (of("weights").length > 0) labelNames = undefined;
    if (settings !== undefined) applySettings(parseSettings(await settings.text(), settings.name));
    if (labels !== undefined) {
      const bytes = new Uint8Array(await labels.arrayBuffer());
      labelNames = parseLabels(decodeAnyText(bytes, `labels ${labels.name}`).text, labels.name);
    }
    if (of("weights").length > 0) await loadWeights(of("weights"), false);
    else if (labels !== undefined || settings !== undefined) await loadWeights(weights, store.isDemo.value);
    Object.assign(before, { values: store.values.value, labelNames });
    if (of("picture").length > 0) await addPictures(of("picture"));
    else await showChosen();
  } catch (error) {
    store.values.value = before.values;
    labelNames = before.labelNames;
    if (!hasCode(error, "aborted")) store.notify((error as Error).message);
  } finally {
    store.task.value = undefined;
  }
}

/** The options that the command keeps beside weights; their labels are a list, a built-in one, or a file that is dropped too. */
function applySettings({ labels, ...others }: OptionValues): void {
  if (labels?.startsWith("[")) labelNames = parseLabels(labels, "of the settings");
  else if (labels?.toLowerCase() === "chestxray14") labelNames = CHESTXRAY14;
  store.values.value = { ...store.values.value, ...others };
  rememberInAddress();
}

/** @throws the reason why the files are no model; the one before stays */
async function loadWeights(files: readonly File[], demo: boolean): Promise<void> {
  store.task.value = { what: store.words.value.loadingModel };
  const values = mergeValues({}, store.values.value, "");
  const fit = fitOptionsOf(values, values.arch as Arch | undefined, labelNames);
  const settings = { reading: checkpointReadingOf(values), fit };
  const loaded = await running().loadModel(files, settings);
  if (loaded.embedding !== undefined) {
    if (weights.length > 0) await running().loadModel(weights, loadedWith);
    throw new GradlensError("unsupported", store.words.value.noClassifier(loaded.name));
  }
  [weights, loadedWith] = [files, settings];
  forgetMaps();
  store.scores.value = undefined;
  store.target.value = undefined;
  store.gridLayers.value = [];
  store.model.value = loaded;
  store.isDemo.value = demo;
  const paths = new Set(loaded.layers.map(({ path }) => path));
  if (store.layers.value?.some((path) => !paths.has(path))) keepWithout("layer");
  await findAvailability();
}

const without = (name: OptionName): OptionValues =>
  Object.fromEntries(Object.entries(store.values.value).filter(([one]) => one !== name));

function keepWithout(name: OptionName): void {
  store.values.value = without(name);
  rememberInAddress();
}

async function addPictures(files: readonly File[]): Promise<void> {
  store.task.value = { what: store.words.value.readingPicture };
  const replaced = store.pictures.value.filter(({ name }) => isDemoPicture(name) && !store.isDemo.value);
  let first: number | undefined;
  for (const file of files) {
    try {
      const { window, frame, ...reading } = readingOf(store.values.value);
      const options = { ...reading, ...(await appliesTo(file, { window, frame })) };
      const facts = await running().readPicture(file, options);
      const item = { key: nextKey++, name: file.name, file, facts };
      store.pictures.value = [...store.pictures.value, item];
      first ??= item.key;
    } catch (error) {
      store.notify((error as Error).message);
    }
  }
  if (first === undefined) return;
  for (const { key } of replaced) removePicture(key);
  await choosePicture(first);
}

const isDemoPicture = (name: string): boolean => DEMOS[DEFAULT_DEMO].picture.endsWith(`/${name}`);

/** Window and frame, where a file can have them. */
async function appliesTo(file: File, given: Pick<ReturnType<typeof readingOf>, "window" | "frame">) {
  const head = new Uint8Array(await file.slice(0, PICTURE_HEAD).arrayBuffer());
  const found = pictureKind(head);
  const isDicom = "kind" in found && found.kind === "DICOM";
  const isDeepPng = "kind" in found && found.kind === "PNG" && head[24] === 16;
  return {
    ...(given.window && (isDicom || isDeepPng) && { window: given.window }),
    ...(given.frame !== undefined && isDicom && { frame: given.frame }),
  };
}

export async function choosePicture(key: number): Promise<void> {
  store.current.value = key;
  store.shown.value = undefined;
  store.grid.value = [];
  await showChosen();
  if (store.viewMode.value === "grid") await makeGrid();
}

/** The picture before or after the current one. */
export async function stepPicture(by: 1 | -1): Promise<void> {
  const all = store.pictures.value;
  const at = all.findIndex(({ key }) => key === store.current.value);
  const next = all[at + by];
  if (next !== undefined) await choosePicture(next.key);
}

export function removePicture(key: number): void {
  const item = store.pictures.value.find((one) => one.key === key);
  if (item === undefined) return;
  void running().dropPicture(item.facts);
  store.pictures.value = store.pictures.value.filter((one) => one.key !== key);
  if (store.current.value !== key) return;
  const [next] = store.pictures.value;
  if (next !== undefined) void choosePicture(next.key);
}

export async function chooseLabel(index: number): Promise<void> {
  store.target.value = index;
  if (store.viewMode.value === "grid") store.viewMode.value = "overlay";
  await showChosen();
}

export async function chooseMethod(name: MethodName): Promise<void> {
  setValue("method", name === "gradcam" ? undefined : [name]);
  await showChosen();
}

export async function chooseLayer(path: string): Promise<void> {
  const isDefault = store.model.value?.layers.some((layer) => layer.default && layer.path === path);
  setValue("layer", isDefault ? undefined : [path]);
  await Promise.all([findAvailability(), showChosen()]);
}

/** Sets an option, or takes it back to its default. */
export function setValue<K extends OptionName>(name: K, value: OptionValues[K] | undefined): void {
  const rest = without(name);
  store.values.value = value === undefined ? rest : { ...rest, [name]: value };
  rememberInAddress();
}

const rememberInAddress = (): void => {
  const address = addressOf(store.values.value);
  history.replaceState(null, "", address === "" ? location.pathname + location.search : `#${address}`);
};

/** Sets an option and makes anew what depends on it. */
export async function applyValue(name: OptionName, value: OptionValues[OptionName]): Promise<void> {
  const before = store.values.value;
  setValue(name, value as never);
  const { group } = specOf(name);
  try {
    if (group === "Model") await loadWeights(weights, store.isDemo.value);
    if (group === "Pictures") await readAgain();
    if (group === "Maps") await findAvailability();
    if (group !== "Output") await showChosen();
  } catch (error) {
    store.values.value = before;
    rememberInAddress();
    store.notify((error as Error).message);
  } finally {
    if (store.task.value?.what === store.words.value.loadingModel) store.task.value = undefined;
  }
}

/** Reads the current picture again, with another window or frame. */
async function readAgain(): Promise<void> {
  const item = store.picture.value;
  if (item === undefined || item.file === null) return;
  const { file, key } = item;
  const facts = await running().readPicture(file, readingOf(store.values.value));
  void running().dropPicture(item.facts);
  store.pictures.value = store.pictures.value.map((one) => (one.key === key ? { ...one, facts } : one));
}

/** One frame of the camera as the current picture, explained. */
export async function showFrame(bitmap: ImageBitmap): Promise<void> {
  const before = store.pictures.value.find(({ file }) => file === null);
  const facts = await running().readFrame(bitmap, before?.facts.id);
  const item = { key: before?.key ?? nextKey++, name: store.words.value.camera, file: null, facts };
  const others = store.pictures.value.filter(({ file }) => file !== null);
  store.pictures.value = [...others, item];
  store.current.value = item.key;
  await inTurn(store.words.value.explaining, async (signal) => {
    const options = {
      methods: [store.method.value],
      layers: store.layers.value,
      targets: store.target.value ?? "top1",
    };
    const explanation = await ask(facts.id, options, signal);
    const [map] = explanation.maps;
    if (map === undefined || !store.live.value) return;
    store.scores.value = explanation;
    store.shown.value = { map, picture: facts.id, gradient: undefined, prediction: explanation };
  });
}

export async function setViewMode(mode: store.ViewMode): Promise<void> {
  store.viewMode.value = mode;
  if (mode === "grid" && store.grid.value.length === 0) await makeGrid();
}
