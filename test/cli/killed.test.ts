/** @file Runs that are killed at any change of the disk: the next run ends as if nothing had been. */

import { it, vi } from "vitest";
import { killEverywhere, type CaseName } from "./killed-cases.js";

vi.mock("node:fs", async (original) => (await import("./kill.js")).watchedFs(original));
vi.mock("node:fs/promises", async (original) => (await import("./kill.js")).watchedPromises(original));
vi.mock("../../src/node/owner.js", async (original) => (await import("./kill.js")).watchedOwner(original));

it.each<CaseName>(["drawn otherwise, then as before", "convert"])(
  "a run killed at any change of the disk is continued: %s",
  killEverywhere,
);
