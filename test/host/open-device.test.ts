/** @file openDevice in Node, on the adapter that GRADLENS_ADAPTER chooses, and what it says where there is none. */
import { describe, expect, it } from "vitest";
import { BOUNDS_CHECKS, listAdapters, openDevice, type AdapterChoice } from "../../src/node/open-device.js";

const adapter = (process.env["GRADLENS_ADAPTER"] || "auto") as AdapterChoice;

/** WebGPU's default limits, from the specification's table (https://www.w3.org/TR/webgpu/#limits). */
const SPECIFIED = {
  maxStorageBuffersPerShaderStage: 8,
  maxUniformBufferBindingSize: 65536,
  maxStorageBufferBindingSize: 134217728,
  maxBufferSize: 268435456,
  minStorageBufferOffsetAlignment: 256,
  maxComputeWorkgroupStorageSize: 16384,
  maxComputeInvocationsPerWorkgroup: 256,
  maxComputeWorkgroupSizeZ: 64,
  maxComputeWorkgroupsPerDimension: 65535,
} as const;

describe("a device", () => {
  it("a device has its adapter's facts, features and limits", async () => {
    const gpu = await openDevice({ adapter });
    const { kind, name, boundsChecks, subgroupSize } = gpu.adapter;
    expect(name).not.toBe("");
    expect(boundsChecks).toBe(BOUNDS_CHECKS[kind]);
    // Lanes of the software drivers: 256-bit registers of floats on lavapipe, four on SwiftShader.
    const lanes = { lavapipe: [4, 8, 16], swiftshader: [4], gpu: [0, 4, 8, 16, 32, 64], software: [0, 4, 8] };
    expect(lanes[kind]).toContain(subgroupSize);
    expect(gpu.device.features.has("timestamp-query")).toBe(true);
    expect(gpu.device.limits.maxBufferSize).toBeGreaterThan(SPECIFIED.maxBufferSize);
    gpu.dispose();
  });

  it("a device has WebGPU's default limits and no features on request", async () => {
    const gpu = await openDevice({ adapter, limits: "default" });
    for (const [limit, value] of Object.entries(SPECIFIED)) {
      expect(gpu.device.limits[limit as keyof typeof SPECIFIED], limit).toBe(value);
    }
    expect([...gpu.device.features].filter((name) => name !== "core-features-and-limits")).toEqual([]);
    expect(gpu.adapter.subgroupSize).toBe(0);
    gpu.dispose();
  });

  it("a device has bounds checks on request", async () => {
    for (const boundsChecks of ["on", "off"] as const) {
      const gpu = await openDevice({ adapter, boundsChecks });
      expect(gpu.adapter.boundsChecks).toBe(boundsChecks === "on");
      gpu.dispose();
    }
  });

  it("a device is lost as destroyed after dispose, which may be called twice", async () => {
    const gpu = await openDevice({ adapter });
    gpu.dispose();
    gpu.dispose();
    expect((await gpu.device.lost).reason).toBe("destroyed");
  });
});

describe("refusals", () => {
  it("openDevice names the available adapters where none has the requested name", async () => {
    const names = (await listAdapters()).map(({ name }) => name);
    const error = await openDevice({ adapter: "gpu:nonesuch" }).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ name: "GradlensError", code: "no-adapter" });
    for (const name of names) expect(String(error)).toContain(name);
    expect(String(error)).toContain("nonesuch");
  });

  it("openDevice refuses an unknown choice", async () => {
    const choice = "cuda" as AdapterChoice;
    await expect(openDevice({ adapter: choice })).rejects.toMatchObject({ code: "bad-argument" });
  });

  it("openDevice stops when the signal is aborted", async () => {
    const signal = AbortSignal.abort();
    await expect(openDevice({ adapter, signal })).rejects.toMatchObject({ code: "aborted" });
  });
});

it("openDevice finds a listed adapter by a part of its name, however it is spelt", async () => {
  for (const { name, kind } of await listAdapters()) {
    const gpu = await openDevice({ adapter: `gpu:${name.slice(0, 6).toUpperCase()}` });
    expect(gpu.adapter.kind).toBe(kind);
    gpu.dispose();
  }
});
