/** @file Starts the page. */

import { render } from "preact";
import { openFiles, start } from "./state/actions.js";
import { language } from "./state/store.js";
import { App } from "./view/App.js";
import { rememberedLanguage } from "./state/language.js";

language.value = rememberedLanguage();
render(<App />, document.getElementById("app")!);
void start();

window.addEventListener("paste", ({ clipboardData }) => {
  const files = [...(clipboardData?.files ?? [])];
  if (files.length > 0) void openFiles(files);
});

// An installed page opens files with it.
const queue = (window as { launchQueue?: { setConsumer(open: (launch: Launch) => void): void } }).launchQueue;
interface Launch {
  readonly files?: readonly { getFile(): Promise<File> }[];
}
queue?.setConsumer(({ files = [] }) => {
  void Promise.all(files.map((file) => file.getFile())).then(openFiles);
});

if ("serviceWorker" in navigator && isSecureContext) {
  // Offline use is an extra: a page that may not keep it works all the same.
  navigator.serviceWorker.register(new URL("./service-worker.js", document.baseURI)).catch(() => undefined);
}
