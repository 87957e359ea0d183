/** @file `npm run bench`: medians and minima of every case of bench/model-cases.ts, and each kernel family's share of the ceiling. */

import { METHOD_NAMES } from "../src/cam/methods/table.js";
import type { Ceilings } from "./ceiling.js";
import { coldStart } from "./cold-start.js";
import { measure, type Measured } from "./measure.js";
import { BENCH_MODELS, benchPicture, modelCases, openModel } from "./model-cases.js";
import type { Options } from "./options.js";
import { openSetting, type Setting } from "./setting.js";

export async function benchCases(options: Options): Promise<void> {
  const pattern = options.only;
  const setting = await openSetting(options);
  const report = (row: Measured): void => reportCase(row, options, setting);
  for (const bench of BENCH_MODELS) {
    const names = modelCases(bench, undefined as never).map((c) => c.name);
    if (!names.some((name) => pattern.test(name))) continue;
    const model = await openModel(bench, setting.gpu);
    try {
      await model.run(benchPicture());
      const profile = await model.profile();
      const flops = profile.reduce((sum, { step }) => sum + step.flops, 0);
      const refused = model.refusals({ methods: METHOD_NAMES }).map(({ method }) => method);
      const cases = modelCases(bench, model, refused)
        .filter(({ name }) => pattern.test(name))
        .map((c) => (c.name.endsWith("/forward") ? { ...c, flops } : c));
      for (const row of await measure(cases, options.rounds)) report(row);
      reportFamilies(profile, setting.ceilings);
    } finally {
      model.dispose();
    }
  }
  setting.gpu.dispose();
  if (pattern.test("cold-start")) for (const row of coldStart(options.rounds, options.adapter)) report(row);
}

function reportCase({ name, medianMs, minMs, gflops }: Measured, { json }: Options, setting: Setting): void {
  const { adapter, commit } = setting;
  if (json) {
    const rate = gflops === undefined ? {} : { gflops };
    console.log(JSON.stringify({ case: name, medianMs, minMs, ...rate, adapter, commit }));
  } else {
    const rate = gflops === undefined ? "" : `${gflops.toFixed(1)} GF/s`;
    console.log(
      `${name.padEnd(40)} ${medianMs.toFixed(2).padStart(10)} ms  min ${minMs.toFixed(2).padStart(10)} ms  ${rate}`,
    );
  }
}

type Profile = Awaited<ReturnType<Awaited<ReturnType<typeof openModel>>["profile"]>>;

function reportFamilies(profile: Profile, { gflops, gloads }: Ceilings): void {
  const families = new Map<string, { ms: number; flops: number; loads: number; count: number }>();
  for (const { step, milliseconds } of profile) {
    const f = families.get(step.family) ?? { ms: 0, flops: 0, loads: 0, count: 0 };
    families.set(step.family, {
      ms: f.ms + milliseconds,
      flops: f.flops + step.flops,
      loads: f.loads + loadsOf(step),
      count: f.count + 1,
    });
  }
  const share = (rate: number, ceiling: number): string => `${((100 * rate) / ceiling).toFixed(0)} %`;
  for (const [family, { ms, flops, loads, count }] of families) {
    const rate = flops / ms / 1e6;
    const loaded = loads === 0 ? "" : `, ${share(loads / ms / 1e6, gloads)} of its loads`;
    console.error(
      `  ${family.padEnd(12)} ${String(count).padStart(4)} dispatches ${ms.toFixed(1).padStart(8)} ms ${rate.toFixed(1).padStart(7)} GF/s, ${share(rate, gflops)} of the multiply-add ceiling${loaded}`,
    );
  }
}

/** Loads of a vec4 in a depthwise convolution, borders included; 0 for steps of other shaders, which are not counted. */
function loadsOf({ shader, spec, uniforms }: Profile[number]["step"]): number {
  if (shader !== "depthwise") return 0;
  const { LOADS, KERNEL } = spec.constants as { LOADS: number; KERNEL: number };
  const { count, window } = uniforms as { count: number; window: { kernelHeight: number } };
  return count * window.kernelHeight * (LOADS + KERNEL);
}
