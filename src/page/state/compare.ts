/** @file The picture to compare with, for models without a classifier. */

import { running } from "./engine.js";
import { findAvailability, showChosen } from "./explain.js";
import { setMethod } from "./options.js";
import { discard } from "./pictures.js";
import * as store from "./store.js";
import { runToEnd } from "./current-task.js";

/** Compares the model's output with its output for this picture. An unreadable file changes nothing. */
export const compareWith = (file: File): Promise<void> =>
  runToEnd(async () => {
    store.task.value = { what: store.words.value.readingPicture };
    const before = store.other.value;
    const facts = await running().readPicture(file);
    store.other.value = { file, facts, output: await running().output(facts) };
    if (before !== undefined) discard(before.facts);
    // Methods that need a label have one now.
    if (before === undefined) setMethod("gradcam");
    await showOther();
  });

export async function compareNoMore(): Promise<void> {
  const { value: before } = store.other;
  if (before === undefined) return;
  store.other.value = undefined;
  discard(before.facts);
  setMethod("eigencam");
  await showOther();
}

async function showOther(): Promise<void> {
  store.grid.value = [];
  await findAvailability();
  await showChosen();
}
