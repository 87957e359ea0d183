/** @file Marks of processes, and what is removed by them. */
import { mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { newMark, ownerState, removeUnfinished, unfinishedName } from "../../src/node/owner.js";
import { deadMark } from "./dead-mark.js";

const elsewhere = "00000000-1-1-00000000";

it("marks distinguish processes that run from those that do not", () => {
  expect(ownerState(newMark())).toBe("alive");
  expect(ownerState(deadMark())).toBe("dead");
  expect(ownerState(newMark().replace(/-\d+-/, "-4194999-"))).toBe("dead");
  expect(ownerState(elsewhere)).toBe("elsewhere");
  expect(ownerState("no mark")).toBeUndefined();
  expect(newMark()).not.toBe(newMark());
});

it("the clean-up removes what ended processes left, and nothing else", () => {
  const folder = mkdtempSync(join(tmpdir(), "gradlens-owner-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const old = `.gradlens-${elsewhere.replace("0000", "1111")}`;
  const kept = [
    unfinishedName(),
    unfinishedName(".tmp"),
    `.gradlens-${elsewhere}`,
    ".gradlens-notes",
    "x.png",
  ];
  for (const name of [...kept, old, `.gradlens-${deadMark()}`, `.gradlens-${deadMark()}.tmp`]) {
    if (name.endsWith(".tmp")) writeFileSync(join(folder, name), "half");
    else mkdirSync(join(folder, name, "inside"), { recursive: true });
  }
  utimesSync(join(folder, old), 0, 0);
  removeUnfinished(folder);
  expect(readdirSync(folder).sort()).toEqual([...kept].sort());
  removeUnfinished(join(folder, "not there"));
});
