/** @file The page's worker: the engine, and the files that users save. */

import { engineService } from "../web/engine/engine-service.js";
import type { Port } from "../web/engine/messages.js";
import { serve } from "../web/engine/serve.js";
import { WorkerEngine } from "../web/engine/worker-engine.js";
import { DECODERS } from "./decoders.js";
import type { ResultsRequest } from "./results.js";

const engine = new WorkerEngine(() => send({ restored: true }), DECODERS);

/** Loaded when the first file is saved. */
const results = () => import("./results.js");

const send: (event: unknown) => void = serve(
  {
    ...engineService(engine),
    results: async (request: ResultsRequest) => (await results()).makeResults(engine, request),
    zip: async (request: ResultsRequest) => {
      const { makeResults, zipped } = await results();
      return zipped(await makeResults(engine, request));
    },
  },
  globalThis as unknown as Port,
);
