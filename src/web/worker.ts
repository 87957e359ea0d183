/** @file gradlens/worker: the engine in a worker, which openEngine of gradlens/web talks to. */

import { engineService } from "./engine/engine-service.js";
import { serve } from "./engine/serve.js";
import type { Port } from "./engine/messages.js";
import { WorkerEngine } from "./engine/worker-engine.js";

const send: (event: unknown) => void = serve(
  engineService(new WorkerEngine(() => send({ restored: true }))),
  globalThis as unknown as Port,
);
