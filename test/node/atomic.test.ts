import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { writeFileAtomically } from "../../src/node/atomic.js";

let folder: string;
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), "gradlens-"))));
afterEach(() => rmSync(folder, { recursive: true }));

describe("writeFileAtomically", () => {
  it("writeFileAtomically replaces a file, and leaves nothing else", () => {
    const path = join(folder, "a.txt");
    writeFileAtomically(path, "one");
    writeFileAtomically(path, Uint8Array.of(116, 119, 111));
    expect(readFileSync(path, "utf8")).toBe("two");
    expect(readdirSync(folder)).toEqual(["a.txt"]);
  });

  it("writeFileAtomically names in one line what is in the way, keeps the earlier file and cleans up", () => {
    writeFileSync(join(folder, "file"), "kept");
    mkdirSync(join(folder, "taken/inside"), { recursive: true });
    expect(() => writeFileAtomically(join(folder, "file/a.png"), "x")).toThrow(
      /^cannot write .*a\.png: .*; use another path with --out$/,
    );
    expect(() => writeFileAtomically(join(folder, "taken"), "x")).toThrow(/cannot write .*taken: /);
    expect(() => writeFileAtomically(join(folder, "n".repeat(300)), "x")).toThrow(/the name is too long/);
    expect(readdirSync(folder).sort()).toEqual(["file", "taken"]);
    expect(readFileSync(join(folder, "file"), "utf8")).toBe("kept");
    expect(statSync(join(folder, "taken/inside")).isDirectory()).toBe(true);
  });
});
