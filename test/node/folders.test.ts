import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { makeFolders, missingFolders } from "../../src/node/folders.js";

it("makeFolders makes the missing folders of a path, and nothing where all are there", () => {
  const root = mkdtempSync(join(tmpdir(), "gradlens-"));
  try {
    const path = join(root, "a/b/c");
    expect(missingFolders(path)).toEqual([path, join(root, "a/b"), join(root, "a")]);
    makeFolders(path);
    makeFolders(path);
    expect(readdirSync(join(root, "a/b"))).toEqual(["c"]);
  } finally {
    rmSync(root, { recursive: true });
  }
});

it.runIf(existsSync("/proc/self"))("makeFolders fails where a folder cannot be made", () => {
  expect(() => makeFolders("/proc/self/none/none")).toThrow();
});
