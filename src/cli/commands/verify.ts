/** @file `gradlens verify`: the user's own proof that gradlens computes what their PyTorch model does. */

import { badFile } from "../../checkpoint/source.js";
import { GradlensError } from "../../errors.js";
import { firstDeviation, deviations, type Computed, type Deviation } from "./deviation.js";
import type { Engine, LoadedModel } from "../engine/engine.js";
import type { Host } from "../terminal/host.js";
import { Messages } from "../terminal/messages.js";
import { readModelSettings } from "../options/model-settings.js";
import type { OptionValues } from "../../options/table.js";
import { channelsLast, readReference, type Reference } from "./reference.js";
import { adapterOf } from "../options/cam-settings.js";
import { findWeights, openWeights } from "../inputs/weights.js";
import { say } from "../../language/say.js";

/** Exit code of a model that computes something else. */
const DEVIATES = 1;

export async function runVerify(
  host: Host,
  typed: OptionValues,
  file: string,
  referenceFile: string,
): Promise<number> {
  const engine = await host.engine();
  const weights = await findWeights(file, host.cwd);
  const messages = new Messages(host.stderr, host.env, typed.quiet ?? false);
  const { fit, reading, values } = await readModelSettings(host, typed, weights, engine);
  const reference = await openReference(host, engine, referenceFile);
  const { checkpoint, close } = await openWeights(engine, weights, reading);
  try {
    const [, channels, height, width] = reference.input.shape as [number, number, number, number];
    const { arch, spelling } = fit;
    const options = { ...(arch && { arch }), ...(spelling && { spelling }), size: [height, width] as const };
    checkChannels(reference, channels, engine.describeModel(checkpoint, options).channels);
    const gpu = await engine.openGpu({
      adapter: adapterOf(values, host.env),
      boundsChecks: values.boundsChecks ?? "auto",
      onMessage: (line) => messages.now(line),
      signal: host.signal,
    });
    try {
      const loaded = await engine.loadModel(checkpoint, { ...options, gpu });
      try {
        const computed = await compute(loaded, reference, host.signal);
        const found = deviations(reference, computed);
        const verdict = firstDeviation(found, reference, computed);
        messages.fact(say`Adapter`, gpu.adapter.name);
        messages.fact(say`Model`, say`${loaded.arch} (${loaded.spelling}), input ${height}x${width}`);
        messages.release();
        if (typed.json)
          host.stdout.write(`${JSON.stringify({ deviations: found, verdict: verdict ?? null })}\n`);
        else host.stdout.write(`${report(found, verdict, reference).join("\n")}\n`);
        return verdict === undefined ? 0 : DEVIATES;
      } finally {
        loaded.dispose();
      }
    } finally {
      gpu.dispose();
    }
  } finally {
    await close();
  }
}

async function openReference(host: Host, engine: Engine, file: string): Promise<Reference> {
  const { path, shown } = await findWeights(file, host.cwd);
  const { checkpoint, close } = await engine.openCheckpoint(path, shown);
  try {
    return await readReference(checkpoint);
  } finally {
    await close();
  }
}

function checkChannels({ name }: Reference, given: number, wanted: number): void {
  if (given !== wanted)
    throw badFile(name, say`its input has ${given} channels, the model's pictures have ${wanted}`);
}

async function compute(
  model: LoadedModel,
  { layer, target, input, logits }: Reference,
  signal: AbortSignal,
): Promise<Computed> {
  const outputs = model.embedding?.length ?? model.classes;
  if (target >= outputs) {
    throw new GradlensError(
      "bad-file",
      say`the reference has ${logits.data.length} outputs, the model ${outputs}: it is of another model`,
    );
  }
  const prepared = { input: channelsLast(input).data };
  const run = await model.run(prepared, { taps: [layer], signal });
  const gradients = await model.grad(prepared, { layers: [layer], target, signal });
  return {
    activations: run.taps.get(layer)!,
    logits: { data: run.logits, shape: [1, run.logits.length] },
    gradient: gradients.get(layer)!,
  };
}

function report(
  found: readonly Deviation[],
  verdict: string | undefined,
  { layer, target, name }: Reference,
): string[] {
  const titles = {
    activations: say`activations of ${layer}`,
    logits: "logits",
    gradient: say`gradient of class ${target} at ${layer}`,
  };
  const width = Math.max(...Object.values(titles).map((title) => title.length));
  const lines = found.map(({ what, worst, limit, agrees, at, got, want }) => {
    const far = say`${titles[what].padEnd(width)}  differ by ${worst.toExponential(1)} of the largest value (limit ${limit})`;
    return agrees ? far : say`${far}: most at [${at.join(", ")}], ${short(got)} instead of ${short(want)}`;
  });
  return [
    ...lines,
    verdict === undefined
      ? say`Same: the model computes what PyTorch computed in ${name}.`
      : say`Different: ${verdict}.`,
  ];
}

const short = (value: number): string => String(Number(value.toPrecision(6)));
