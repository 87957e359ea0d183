/** @file The camera: frames become pictures one after the other, as fast as they are explained. None is stored. */

import { useEffect, useRef } from "preact/hooks";
import { showFrame } from "../state/actions.js";
import * as store from "../state/store.js";
import { Icon } from "./icons.js";

export function CameraButton() {
  const w = store.words.value;
  const stop = useRef<() => void>(undefined);
  useEffect(() => () => stop.current?.(), []);
  const toggle = async (): Promise<void> => {
    if (store.live.value) return stop.current?.();
    try {
      stop.current = await startCamera();
    } catch (error) {
      store.notify(`${w.camera}: ${(error as Error).message}`);
    }
  };
  if (!("mediaDevices" in navigator)) return null;
  return (
    <button
      type="button"
      aria-pressed={store.live.value}
      disabled={store.model.value === undefined}
      onClick={() => void toggle()}
    >
      <Icon name={store.live.value ? "stop" : "camera"} />
      <span>{store.live.value ? w.stopCamera : w.camera}</span>
    </button>
  );
}

/** @returns ends it */
async function startCamera(): Promise<() => void> {
  const stream = await navigator.mediaDevices.getUserMedia({
    video: { width: { ideal: 640 }, height: { ideal: 480 }, facingMode: "environment" },
  });
  const video = document.createElement("video");
  video.muted = true;
  video.playsInline = true;
  video.srcObject = stream;
  await video.play();
  const end = (): void => {
    store.live.value = false;
    for (const track of stream.getTracks()) track.stop();
  };
  store.live.value = true;
  if (store.viewMode.value === "grid") store.viewMode.value = "overlay";
  void (async () => {
    while (store.live.value) {
      try {
        await showFrame(await createImageBitmap(video));
      } catch (error) {
        store.notify((error as Error).message);
        end();
      }
    }
  })();
  return end;
}
