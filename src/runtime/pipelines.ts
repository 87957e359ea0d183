/** @file Compute pipelines of a GPU device: each shader variant is compiled once for all models on it. */

import type { Step } from "../kernels/step.js";
import { SHADER_PARTS, SHADERS } from "../kernels/shaders.js";
import { specialise } from "../kernels/specialise.js";
import { GradlensError } from "../errors.js";
import type { DeviceErrors } from "./errors.js";
import type { Gpu } from "./gpu.js";
import { say } from "../language/say.js";

type Known = Map<string, Promise<GPUComputePipeline>>;

/** WebGPU frees a pipeline when JavaScript collects it, long after its model is disposed: the next model reuses it. */
const OF_DEVICES = new WeakMap<GPUDevice, Known>();

export class Pipelines {
  private readonly known: Known;

  constructor(
    private readonly gpu: Gpu,
    private readonly errors: DeviceErrors,
  ) {
    this.known = OF_DEVICES.get(gpu.device) ?? (new Map() as Known);
    OF_DEVICES.set(gpu.device, this.known);
  }

  /** Number of variants compiled so far. */
  get count(): number {
    return this.known.size;
  }

  /** The pipelines of some steps, in their order. Compiles missing ones at the same time. */
  async of(steps: readonly Step[]): Promise<GPUComputePipeline[]> {
    const promises = steps.map((step) => this.get(step));
    return this.errors.wait(Promise.all(promises));
  }

  private get(step: Step): Promise<GPUComputePipeline> {
    const key = `${step.shader}|${JSON.stringify(step.spec)}`;
    let pipeline = this.known.get(key);
    if (!pipeline) this.known.set(key, (pipeline = this.compile(step)));
    return pipeline;
  }

  private async compile(step: Step): Promise<GPUComputePipeline> {
    const code = specialise(SHADERS[step.shader], step.spec, SHADER_PARTS);
    const { device } = this.gpu;
    const module = device.createShaderModule({ label: step.shader, code });
    try {
      return await device.createComputePipelineAsync({
        label: step.shader,
        layout: "auto",
        compute: { module, entryPoint: "main" },
      });
    } catch (error) {
      const info = await module.getCompilationInfo();
      const messages = info.messages.map((m) => `${m.lineNum}:${m.linePos} ${m.message}`).join("; ");
      throw new GradlensError(
        "gpu",
        say`${step.label}: shader ${step.shader} does not compile here: ${messages || (error as Error).message}`,
      );
    }
  }
}
