/** @file `gradlens layers`: lists a model's modules with kinds and output shapes, for --layer. */

import type { Host } from "../terminal/host.js";
import { badArgument } from "../../errors.js";
import type { LayerLine } from "../../models/taps.js";
import { Messages } from "../terminal/messages.js";
import type { OptionValues } from "../../options/table.js";
import { archOf } from "../options/model-names.js";
import { readModelSettings } from "../options/model-settings.js";
import { DEFAULT_DEMO, DEMOS } from "../../options/demos.js";
import { checkWeights, nameWeights, openWeights } from "../inputs/weights.js";
import { say } from "../../language/say.js";

export async function runLayers(host: Host, values: OptionValues): Promise<number> {
  const messages = new Messages(host.stderr, host.env, values.quiet ?? false);
  messages.release();
  const layers = await layersOf(host, values, messages);
  if (values.json) host.stdout.write(`${JSON.stringify(layers)}\n`);
  else for (const line of layerLines(layers)) host.stdout.write(`${line}\n`);
  return 0;
}

async function layersOf(host: Host, values: OptionValues, messages: Messages): Promise<readonly LayerLine[]> {
  const engine = await host.engine();
  const named = archOf(values.arch, engine);
  if (values.weights === undefined && values.demo === undefined) {
    const arch = named ?? DEMOS[DEFAULT_DEMO].arch;
    if (values.arch === undefined)
      messages.fact(say`Model`, say`${arch} (another: --arch NAME, or --weights FILE)`);
    if (values.stateDict !== undefined) {
      throw badArgument(say`--state-dict is a place in a file: name that with --weights FILE`);
    }
    return engine.archLayers(arch, values.size, values.spelling);
  }
  const [file, second] = nameWeights(values, named, host);
  if (second !== undefined) {
    throw badArgument(say`--weights names ${file!.shown} and ${second.shown}: layers shows one model`);
  }
  const weights = await checkWeights(file!);
  const { fit, reading } = await readModelSettings(host, values, weights, engine);
  const { checkpoint, close } = await openWeights(engine, weights, reading);
  try {
    return engine.describeModel(checkpoint, fit).layers();
  } finally {
    await close();
  }
}

/** Columns: path, kind, output shape without the batch (height x width x channels), a mark. */
export function layerLines(layers: readonly LayerLine[]): string[] {
  const rows = layers
    .filter(({ path }) => path !== "")
    .map(({ path, kind, shape, default: isDefault }) => [
      path,
      kind,
      shape?.join("x") ?? "-",
      isDefault ? "(default)" : "",
    ]);
  const widths = [0, 1, 2].map((column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows.map((row) =>
    row
      .map((cell, i) => cell.padEnd(widths[i] ?? 0))
      .join("  ")
      .trimEnd(),
  );
}
