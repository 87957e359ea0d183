/** @file The page's engine: the package's client with the page's own worker. */

import { invariant } from "../../errors.js";
import { openEngine, type WebEngine } from "../../web/engine/open-engine.js";
import { saidAgain } from "../../language/say.js";
import { setLanguage, type Language } from "../../language/languages.js";
import { language, notify } from "./store.js";

let engine: WebEngine | undefined;

/** @throws GradlensError "no-adapter", "gpu" */
export async function startEngine(): Promise<WebEngine> {
  const worker = new Worker(new URL("./worker.js", document.baseURI), { type: "module", name: "gradlens" });
  const asked = language.value;
  engine = await openEngine({
    worker,
    language: asked,
    onRestored: () => notify((w) => w.restored, "info"),
  });
  await followLanguage(engine, asked);
  return engine;
}

/** The language may change while the engine opens. */
async function followLanguage(opened: WebEngine, asked: Language): Promise<void> {
  for (let said = asked; said !== language.value;) {
    said = language.value;
    await opened.setLanguage(said);
  }
}

/** Switches the library's messages, in the page and in its worker. */
export const switchMessages = (to: Language): Promise<void> => engine?.setLanguage(to) ?? setLanguage(to);

/** An earlier message in the current language. */
export const sayAgain = (text: string): Promise<string> =>
  engine?.sayAgain(text) ?? Promise.resolve(saidAgain(text));

export const isRunning = (): boolean => engine !== undefined;

/** The open engine. The page has no control that uses it earlier. */
export function running(): WebEngine {
  invariant(engine !== undefined, "the engine is not open yet");
  return engine;
}
