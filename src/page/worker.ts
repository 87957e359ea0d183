/** @file The page's worker: the engine, and the files that users save. */

import { engineService } from "../web/engine/engine-service.js";
import type { Port } from "../web/engine/messages.js";
import { serve } from "../web/engine/serve.js";
import { WorkerEngine } from "../web/engine/worker-engine.js";
import { DECODERS } from "./decoders.js";
import { makeResults, zipped, type ResultsRequest } from "./results.js";

const engine = new WorkerEngine(() => send({ restored: true }), DECODERS);

const send: (event: unknown) => void = serve(
  {
    ...engineService(engine),
    results: (request: ResultsRequest) => makeResults(engine, request),
    zip: async (request: ResultsRequest) => zipped(await makeResults(engine, request)),
  },
  globalThis as unknown as Port,
);
