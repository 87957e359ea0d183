/** @file The functions that a worker with the engine serves. */

import type { Service } from "./serve.js";
import type { WorkerEngine } from "./worker-engine.js";
import { keepMessages, saidAgain } from "../../language/say.js";
import { setLanguage } from "../../language/languages.js";

export function engineService(engine: WorkerEngine): Service {
  keepMessages();
  return {
    open: (options, context) => engine.open(options, context),
    loadModel: (files, settings) => engine.loadModel(files, settings),
    describe: () => engine.describe(),
    readPicture: (file, options) => engine.readPicture(file, options),
    readFrame: (bitmap) => engine.readFrame(bitmap),
    dropPicture: (id) => engine.dropPicture(id),
    explain: (id, options, context) => engine.explain(id, options, context),
    output: (id, context) => engine.output(id, context),
    availability: (options) => engine.availability(options),
    setLanguage: (language) => setLanguage(language),
    saidAgain,
  };
}
