/** @file The camera. Each frame is explained before the next one is read. No frame is stored. */

import { callNow } from "./call.js";
import { running } from "./engine.js";
import { mapOf, show } from "./explain.js";
import { discard, newKey } from "./pictures.js";
import * as store from "./store.js";
import { inTurn, messageOf } from "./current-task.js";

let isStarting = false;
let filming: HTMLVideoElement | undefined;

const stop = (): void => {
  store.live.value = false;
};

export async function startCamera(): Promise<void> {
  if (isStarting || store.live.value) return;
  isStarting = true;
  try {
    filming = await openVideo();
    if (store.viewMode.value === "grid") store.viewMode.value = "overlay";
    store.live.value = true;
    void explainFrames(filming);
  } catch (error) {
    store.notify(`${store.words.value.camera}: ${messageOf(error)}`);
  } finally {
    isStarting = false;
  }
}

const stopTracks = (stream: MediaStream): void => stream.getTracks().forEach((track) => track.stop());

async function openVideo(): Promise<HTMLVideoElement> {
  const stream = await navigator.mediaDevices.getUserMedia({
    video: { width: { ideal: 640 }, height: { ideal: 480 }, facingMode: "environment" },
  });
  const video = document.createElement("video");
  video.muted = true;
  video.playsInline = true;
  video.srcObject = stream;
  try {
    await video.play();
  } catch (error) {
    stopTracks(stream);
    throw error;
  }
  return video;
}

async function explainFrames(video: HTMLVideoElement): Promise<void> {
  try {
    while (store.live.value && filming === video)
      if ((await showFrame(await createImageBitmap(video))) === "failed") stop();
  } catch (error) {
    store.notify(messageOf(error));
    stop();
  } finally {
    stopTracks(video.srcObject as MediaStream);
  }
}

/** Explains one frame, then shows it as the current picture. */
export async function showFrame(bitmap: ImageBitmap): ReturnType<typeof inTurn> {
  const facts = await running().readFrame(bitmap);
  const before = store.pictures.value.find(({ file }) => file === null);
  let isShown = false;
  const outcome = await inTurn(store.words.value.explaining, async (signal) => {
    const shown = await mapOf(callNow(facts.id), store.target.value, signal);
    if (!store.live.value) return;
    isShown = true;
    const key = before?.key ?? newKey();
    const item = { key, name: store.words.value.camera, file: null, facts, read: {} };
    store.pictures.value = [...store.pictures.value.filter(({ file }) => file !== null), item];
    store.current.value = key;
    show(shown);
  });
  if (!isShown) discard(facts);
  else if (before !== undefined) discard(before.facts);
  return outcome;
}
