/** @file Loads the model from its files, with the current options. */

import { signal } from "@preact/signals";
import type { Arch } from "../../models/architectures.js";
import { checkpointReadingOf, fitOptionsOf } from "../../options/fit-options.js";
import { mergeValues } from "../../options/merge-values.js";
import { running } from "./engine.js";
import { findAvailability } from "./explain.js";
import { forgetMaps } from "./map-cache.js";
import { setMethod, setValue } from "./options.js";
import { discard } from "./pictures.js";
import * as store from "./store.js";

/** The files of the loaded model, to load it again with other options. */
export const loadedFiles = signal<readonly File[]>([]);
/** The names of the classes; undefined: the file's own. The next load applies them. */
export const givenLabels = signal<readonly string[] | undefined>(undefined);
/** The default method of models without a classifier. */
const LABEL_FREE = "eigencam";

/** @throws GradlensError if the files are not a model; the loaded model stays */
export async function loadWeights(files: readonly File[], demo: boolean): Promise<void> {
  store.task.value = { what: store.words.value.loadingModel };
  const values = mergeValues({}, store.values.value, "");
  const fit = fitOptionsOf(values, values.arch as Arch | undefined, givenLabels.value);
  const said = store.language.value;
  const settings = { reading: checkpointReadingOf(values), fit };
  const loaded = await running().loadModel(files, settings);
  loadedFiles.value = files;
  forgetMaps();
  store.scores.value = undefined;
  store.target.value = undefined;
  store.gridLayers.value = [];
  store.model.value = loaded;
  store.isDemo.value = demo;
  const paths = new Set(loaded.layers.map(({ path }) => path));
  if (store.layers.value?.some((path) => !paths.has(path))) setValue("layer", undefined);
  if (store.language.value !== said) await describeAgain();
  await compareAgain(loaded.embedding !== undefined);
  await findAvailability();
  // A model without a classifier has no label to explain.
  const isRefused = store.availability.value.refused.some(({ method }) => method === store.method.value);
  if (loaded.embedding !== undefined && isRefused) setMethod(LABEL_FREE);
}

/** Computes the output for the compared picture again, by the new model. */
async function compareAgain(isEmbedding: boolean): Promise<void> {
  const { value: other } = store.other;
  if (other === undefined) return;
  store.other.value = undefined;
  if (isEmbedding) store.other.value = { ...other, output: await running().output(other.facts) };
  else discard(other.facts);
}

let asked = 0;

/** Formats the model's notes again, in the current language. */
export async function describeAgain(): Promise<void> {
  const before = store.model.value;
  const mine = ++asked;
  const words = await running().describe();
  if (before !== undefined && store.model.value === before && mine === asked)
    store.model.value = { ...before, ...words };
}

/** Loads the model's files again, with the current options and labels. */
export const reload = (): Promise<void> => loadWeights(loadedFiles.value, store.isDemo.value);
