/** @file What a user is told about getting a better adapter. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { adapterAdvice, hasRefusedLavapipe, lavapipeInstall } from "../../src/node/adapter/advice.js";
import { adapterKind } from "../../src/runtime/adapter.js";
import type { AdapterKind } from "../../src/runtime/gpu.js";

it.each([
  [{ ID: "debian", VERSION_CODENAME: "bookworm" }, "apt install -t bookworm-backports mesa-vulkan-drivers"],
  [{ ID: "debian", VERSION_CODENAME: "trixie" }, "apt install mesa-vulkan-drivers"],
  [{ ID: "linuxmint", ID_LIKE: "ubuntu debian" }, "apt install mesa-vulkan-drivers"],
  [{ ID: "rocky", ID_LIKE: "rhel centos fedora" }, "dnf install mesa-vulkan-drivers"],
  [{ ID: "nixos" }, "install Mesa's Vulkan drivers (lavapipe), 24 or later"],
  [{}, "install Mesa's Vulkan drivers (lavapipe), 24 or later"],
])("the advice names the software driver's package on %j", (osRelease, start) => {
  expect(lavapipeInstall(osRelease).startsWith(start)).toBe(true);
});

it("the advice is given for software adapters only", () => {
  const advice = (kind: AdapterKind) =>
    adapterAdvice({ kind, name: "", vendor: "", architecture: "", subgroupSize: 0, boundsChecks: true });
  expect(advice("gpu")).toBeUndefined();
  for (const kind of ["lavapipe", "swiftshader", "software"] as const) expect(advice(kind)).toMatch(/GPU/);
  expect(advice("swiftshader")).not.toBe(advice("lavapipe"));
});

it("the advice recognises a lavapipe that is installed but not usable by its driver file", () => {
  const folder = mkdtempSync(join(tmpdir(), "gradlens-advice-"));
  mkdirSync(join(folder, "icd.d"));
  writeFileSync(join(folder, "icd.d", "radeon_icd.x86_64.json"), "{}");
  expect(hasRefusedLavapipe([join(folder, "icd.d"), join(folder, "missing")])).toBe(false);
  writeFileSync(join(folder, "icd.d", "lvp_icd.x86_64.json"), "{}");
  expect(hasRefusedLavapipe([join(folder, "icd.d")])).toBe(true);
  rmSync(folder, { recursive: true });
});

it.each([
  ["llvmpipe (LLVM 15.0.6, 256 bits)", "lavapipe"],
  ["SwiftShader Device (Subzero)", "swiftshader"],
  ["Microsoft Basic Render Driver", "software"],
  ["NVIDIA H100 80GB HBM3", "gpu"],
  ["AMD Radeon RX 6800 (RADV NAVI21)", "gpu"],
  ["Apple M2", "gpu"],
])("the adapter %s is of the kind %s", (name, kind) => {
  expect(adapterKind(name)).toBe(kind);
});
