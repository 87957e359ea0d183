/** @file Starts the page. */

import { render } from "preact";
import { start } from "./state/actions.js";
import { openFiles } from "./state/files.js";
import { rememberedLanguage, speakFirst } from "./state/language.js";
import { App } from "./view/App.js";

const wanted = rememberedLanguage();
// Rendering is a separate task: the browser lays the page out in the task that runs this module.
const show = (): unknown => setTimeout(() => render(<App />, document.getElementById("app")!));
// If the words fail to load, the page stays English.
void speakFirst(wanted).then(show, show);
const started = start();

window.addEventListener("paste", ({ clipboardData }) => {
  const files = [...(clipboardData?.files ?? [])];
  if (files.length > 0) void openFiles(files);
});

if ("serviceWorker" in navigator && isSecureContext) {
  // The service worker fetches all files, so it waits for the demo. The page works without it, but not offline.
  const keep = (): unknown =>
    navigator.serviceWorker.register(new URL("./service-worker.js", document.baseURI)).catch(() => undefined);
  void started.then(keep);
}
