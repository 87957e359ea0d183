/** @file Every kind of run killed at every change of the disk: the next run ends as if nothing had been. */

import { it, vi } from "vitest";
import { CASE_NAMES, killEverywhere } from "./killed-cases.js";

vi.mock("node:fs", async (original) => (await import("./kill.js")).watchedFs(original));
vi.mock("node:fs/promises", async (original) => (await import("./kill.js")).watchedPromises(original));
vi.mock("../../src/node/owner.js", async (original) => (await import("./kill.js")).watchedOwner(original));

it.each(CASE_NAMES)(
  "a run killed at any change of the disk is continued: %s",
  { timeout: 600_000 },
  killEverywhere,
);
