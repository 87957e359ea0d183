/** @file Where a measurement was taken: the adapter, its multiply-add ceiling, the commit. */

import { execFileSync } from "node:child_process";
import { openDevice } from "../src/node/open-device.js";
import type { Gpu } from "../src/runtime/gpu.js";
import { measureCeilings, type Ceilings } from "./ceiling.js";
import type { Options } from "./options.js";

export interface Setting {
  readonly gpu: Gpu;
  readonly adapter: string;
  readonly commit: string;
  readonly ceilings: Ceilings;
}

/** Opens the device and says what it is on stderr. */
export async function openSetting({ adapter: choice }: Options): Promise<Setting> {
  const gpu = await openDevice({ adapter: choice, onMessage: (line) => console.error(line) });
  const adapter = gpu.adapter.name;
  const commit = gitCommit();
  console.error(`adapter: ${adapter}, commit ${commit}`);
  const ceilings = await measureCeilings(gpu);
  const { gflops, gloads } = ceilings;
  console.error(
    `ceilings: multiply-adds ${gflops.toFixed(1)} GF/s, loads of a vec4 ${gloads.toFixed(2)} G/s`,
  );
  return { gpu, adapter, commit, ceilings };
}

function gitCommit(): string {
  try {
    return execFileSync("git", ["describe", "--always", "--dirty"], {
      encoding: "utf8",
      stdio: "pipe",
    }).trim();
  } catch {
    return "unknown";
  }
}
