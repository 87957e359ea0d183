/** @file The button that starts and stops the camera. */

import { startCamera, stopCamera } from "../state/camera.js";
import * as store from "../state/store.js";
import { Icon } from "./icons.js";

export function CameraButton() {
  const w = store.words.value;
  const isLive = store.live.value;
  if (!("mediaDevices" in navigator)) return null;
  return (
    <button
      type="button"
      aria-pressed={isLive}
      disabled={store.model.value === undefined}
      onClick={() => (isLive ? stopCamera() : void startCamera())}
    >
      <Icon name={isLive ? "stop" : "camera"} />
      <span>{isLive ? w.stopCamera : w.camera}</span>
    </button>
  );
}
