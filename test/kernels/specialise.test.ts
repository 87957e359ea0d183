/** @file Shader files: the marks by which variants are made, and every file as it stands on the adapter at hand. */

import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { SHADER_PARTS, SHADERS, type ShaderName } from "../../src/kernels/shaders.js";
import { specialise } from "../../src/kernels/specialise.js";
import type { Device } from "../../src/runtime/device.js";
import { openTestDevice } from "./harness.js";

const none = new Map<string, string>();

describe("specialise", () => {
  it("specialise replaces what stands between = and ; of marked lines, and nothing else", () => {
    const source = "alias Elem = f32; //@spec\nconst TILE: u32 = 4u; //@spec\nconst OTHER = 4u;";
    expect(specialise(source, { constants: { TILE: 8, Elem: "vec4f" } }, none)).toBe(
      "alias Elem = vec4f;\nconst TILE: u32 = 8u;\nconst OTHER = 4u;",
    );
  });

  it("specialise refuses constants and hooks that the file lacks", () => {
    expect(() => specialise("const A = 1u; //@spec", { constants: { B: 1 } }, none)).toThrow("no constant B");
    expect(() => specialise("", { hooks: { f: "" } }, none)).toThrow("no hook f");
  });

  it("specialise puts generated functions in place of hooks, with the parts that they use", () => {
    const source = "fn f(x: f32) -> f32 { return x; } //@hook\nfn g() {}";
    const parts = new Map([["common/part", "fn part() {}"]]);
    expect(specialise(source, { hooks: { f: "//@use common/part\nfn f() {}" } }, parts)).toBe(
      "fn part() {}\nfn f() {}\nfn g() {}",
    );
    expect(specialise(source, {}, parts)).toBe("fn f(x: f32) -> f32 { return x; }\nfn g() {}");
  });

  it("specialise includes a part once, however often it is used", () => {
    const parts = new Map([
      ["a", "//@use b\nA"],
      ["b", "B"],
    ]);
    expect(specialise("//@use a\n//@use b", {}, parts)).toBe("B\nA");
  });

  it("specialise repeats unrolled blocks, one inside the other, and drops what stands for their variables", () => {
    const source = [
      "const N: u32 = 1u; //@spec",
      "const p = 0; //@unrolled",
      "//@unroll p N",
      "let x_p = p;",
      "//@unroll q 2",
      "let y_p_q = sp[q];",
      "//@end",
      "//@end",
    ].join("\n");
    expect(
      specialise(source, { constants: { N: 2 } }, none)
        .split("\n")
        .slice(1),
    ).toEqual([
      "let x_0 = 0;",
      "let y_0_0 = sp[0];",
      "let y_0_1 = sp[1];",
      "let x_1 = 1;",
      "let y_1_0 = sp[0];",
      "let y_1_1 = sp[1];",
    ]);
  });

  it("specialise puts enable lines first", () => {
    expect(specialise("// first\n//@enable subgroups\nfn f() {}", {}, none)).toBe(
      "enable subgroups;\n// first\nfn f() {}",
    );
  });
});

describe("shader files", () => {
  let device: Device;
  beforeAll(async () => {
    device = await openTestDevice();
  });
  afterAll(() => {
    device.dispose();
    device.gpu.dispose();
  });

  it.each(Object.keys(SHADERS) as ShaderName[])("the shader %s compiles as it stands", async (name) => {
    const text = SHADERS[name];
    const code = specialise(text, {}, SHADER_PARTS);
    const needsSubgroups = text.includes("//@enable subgroups");
    const module = device.gpu.device.createShaderModule({ code });
    const { messages } = await device.gpu.wait(module.getCompilationInfo());
    const errors = messages.filter((m) => m.type === "error").map((m) => `${m.lineNum}: ${m.message}`);
    if (needsSubgroups && device.gpu.adapter.subgroupSize === 0) expect(errors.join()).toContain("subgroups");
    else expect(errors).toEqual([]);
  });
});
