/** @file One explanation: the forward pass, the targets chosen by its output, then all maps. */

import { hasCode, unsupported } from "../errors.js";
import { say } from "../language/say.js";
import { explainPerMethod } from "./explain-per-method.js";
import { requestNodes } from "./layer-maps/layer-map-plan.js";
import { mapRequestOf } from "./layer-maps/map-request.js";
import type { ExplainerModel } from "./model.js";
import type { ForwardPass } from "./passes/forward-pass.js";
import type { ForwardPasses } from "./passes/forward-passes.js";
import { PictureMaps } from "./picture-maps.js";
import { checkDirection, chooseEmbeddingTargets, predictionOf } from "./request/embedding-targets.js";
import { resolveOptions, type ResolvedOptions } from "./request/resolve-options.js";
import { chooseTargets, type Target } from "./request/targets.js";
import type { ExplainOptions, Explanation } from "./request/types.js";
import { scoresOf } from "./scores.js";
import { keptFor } from "./whole-model-maps/plan.js";

/** @param input the normalised picture, [height, width, channels] */
export async function explain(
  passes: ForwardPasses,
  input: Float32Array,
  options: ExplainOptions,
  resolved: ResolvedOptions,
): Promise<Explanation> {
  const { model, symbolic } = passes;
  const started = performance.now();
  const { layerMethods, wholeModelMethods, guided, mapOptions } = resolved;
  const request = mapRequestOf(model, resolved, layerMethods, 1, guided);
  const { embedding } = symbolic.template;
  const keep = [
    ...requestNodes(symbolic, request).keep,
    ...keptFor(symbolic, wholeModelMethods, mapOptions),
    ...(embedding ? [embedding] : []),
  ];
  const several = resolved.methods.length + Number(guided) > 1;
  const forward = await passes.keeping(keep).catch((error: unknown) => {
    if (several && hasCode(error, "out-of-memory")) return undefined;
    throw error;
  });
  if (forward === undefined)
    return explainPerMethod(resolved, options, (some) =>
      explain(passes, input, some, resolveOptions(some, model)),
    );
  const compiled = performance.now();
  const logits = await (options.reuse
    ? passes.runOnce(forward, input, options)
    : passes.run(forward, input, options));
  const output = await outputOf(model, forward, logits);
  checkLogits(output, input);
  const ran = performance.now();
  const scores = scoresOf(output, model.activation);
  const targets = targetsOf(model, options, { logits: output, scores });
  const maps = await new PictureMaps(passes, resolved, forward, { input, logits, targets }, options).run();
  const finished = performance.now();
  return {
    logits: output,
    scores,
    targets,
    ...maps,
    timings: {
      compile: compiled - started,
      forward: ran - compiled,
      maps: finished - ran,
      total: finished - started,
    },
  };
}

/** The model's own output, where the logits are similarities with it. */
async function outputOf(
  { template: { embedding, logits: node } }: ExplainerModel,
  forward: ForwardPass,
  logits: Float32Array,
): Promise<Float32Array> {
  if (embedding === undefined || embedding === node) return logits;
  const [output] = await forward.plan.read(forward.indexOf(embedding));
  checkDirection(output!);
  return output!;
}

function targetsOf(
  { template, labels, activation }: ExplainerModel,
  options: ExplainOptions,
  { logits, scores }: Pick<Explanation, "logits" | "scores">,
): Target[] {
  return template.embedding
    ? chooseEmbeddingTargets(options, predictionOf(logits, options))
    : chooseTargets(options, { logits, scores, labels, activation });
}

/** @throws GradlensError "unsupported" where a logit is not finite */
function checkLogits(logits: Float32Array, input: Float32Array): void {
  const at = logits.findIndex((value) => !Number.isFinite(value));
  if (at < 0) return;
  const largest = input.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  throw unsupported(
    say`the model's output ${at} is ${logits[at]}: values inside it exceed the range of 32-bit floats; its input reaches ${largest.toPrecision(3)}, check mean, std and weights`,
  );
}
