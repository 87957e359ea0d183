/** @file The button that starts and stops the camera. */

import * as store from "../state/store.js";
import { part } from "../state/current-task.js";
import { Icon } from "./icons.js";

async function toggle(): Promise<void> {
  if (store.live.value) store.live.value = false;
  else await (await part(import("../state/camera.js")))?.startCamera();
}

export function CameraButton() {
  const w = store.words.value;
  const isLive = store.live.value;
  if (!("mediaDevices" in navigator)) return null;
  return (
    <button
      type="button"
      aria-pressed={isLive}
      disabled={store.model.value === undefined}
      onClick={() => void toggle()}
    >
      <Icon name={isLive ? "stop" : "camera"} />
      <span>{isLive ? w.stopCamera : w.camera}</span>
    </button>
  );
}
