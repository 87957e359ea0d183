/** @file What gradlens takes from elsewhere: packages that run scripts when they are installed, and the network, of which it opens nothing. */

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { writeSafetensors } from "../../src/checkpoint/write-safetensors.js";
import { execute, ROOT, type Ended } from "./programs.js";

interface Locked {
  readonly integrity?: string;
  readonly resolved?: string;
  readonly hasInstallScript?: boolean;
}

describe("the lock file", () => {
  const { packages } = JSON.parse(readFileSync(join(ROOT, "package-lock.json"), "utf8")) as {
    packages: Record<string, Locked>;
  };
  const others = Object.entries(packages).filter(([path]) => path !== "");

  it("the lock file lets two packages run a script when they are installed, and the docs say why", () => {
    const run = others.filter(([, { hasInstallScript }]) => hasInstallScript);
    expect(run.map(([path]) => path)).toEqual(["node_modules/esbuild", "node_modules/webgpu"]);
    const docs = readFileSync(join(ROOT, "docs/design/packages.md"), "utf8").replace(/\s+/g, " ");
    expect(docs).toMatch(/Two packages run a script when they are installed: `esbuild` .* and `webgpu` /s);
  });

  it("the lock file has the hash of every package, and no source beside the registry", () => {
    const without = others.filter(
      ([, { integrity, resolved }]) => !integrity?.startsWith("sha512-") || resolved !== undefined,
    );
    expect(without).toEqual([]);
  });
});

describe("the network", () => {
  const folder = mkdtempSync(join(tmpdir(), "gradlens-sockets-"));
  const counts = join(folder, "sockets");
  const start = join(ROOT, "scripts/start.mjs");
  const demo = join(ROOT, "weights/densenet121-scenes14.safetensors");
  beforeAll(async () => writeFileSync(join(folder, "ref.safetensors"), await madeReference()));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  /** Runs Node with all that it starts, and gives what each of these programs opened. */
  async function watched(args: readonly string[]): Promise<{ ended: Ended; opened: string[][] }> {
    rmSync(counts, { force: true });
    const preload = new URL("count-sockets.mjs", import.meta.url).href;
    const env = { ...process.env, NODE_OPTIONS: `--import ${preload}`, SOCKETS_FILE: counts };
    const ended = await execute(process.execPath, args, { cwd: folder, env });
    const lines = readFileSync(counts, "utf8").trimEnd().split("\n");
    return { ended, opened: lines.map((line) => (JSON.parse(line) as { opened: string[] }).opened) };
  }

  it.each([
    ["fetch", `fetch("http://127.0.0.1:65000").catch(() => {})`],
    ["TLS", `import("node:tls").then((tls) => tls.connect(65000, "127.0.0.1").on("error", () => {}))`],
    ["a name", `import("node:dns").then((dns) => dns.promises.lookup("localhost"))`],
    [
      "a datagram",
      `import("node:dgram").then((udp) => { const s = udp.createSocket("udp4"); s.bind(() => s.close()); })`,
    ],
    [
      "a child",
      `import("node:child_process").then((c) => c.spawnSync(process.execPath, ["-e", 'fetch("http://127.0.0.1:65000")']))`,
    ],
  ])("the check of the network notices a program that uses it: %s", async (_, source) => {
    const { opened } = await watched(["-e", source]);
    expect(opened.flat()).not.toEqual([]);
  });

  const adapter = ["--adapter", process.env["GRADLENS_ADAPTER"] ?? "auto"];
  const COMMANDS: readonly (readonly [code: number, argv: readonly string[]])[] = [
    [
      0,
      ["cam", "--weights", demo, "--image", join(ROOT, "pictures/cat-dog.png"), "--size", "64", ...adapter],
    ],
    [0, ["inspect", demo]],
    [0, ["convert", demo, "converted.safetensors"]],
    [0, ["layers", "--arch", "resnet18"]],
    [0, ["adapters"]],
    // The reference is none of this model's.
    [1, ["verify", demo, "ref.safetensors", ...adapter]],
  ];
  it.each(COMMANDS)("a command uses no network: exit code %i of %j", async (code, argv) => {
    const { ended, opened } = await watched([start, ...argv]);
    expect(ended.code, ended.stderr).toBe(code);
    // The starter and the program at least: it may have to build first.
    expect(opened.length).toBeGreaterThanOrEqual(2);
    expect(opened.flat()).toEqual([]);
  });
});

/** A reference as tools/make_ref.py writes it, of zeros. */
function madeReference(): Promise<Uint8Array> {
  const shapes = {
    input: [1, 3, 64, 64],
    logits: [1, 14],
    activations: [1, 1024, 2, 2],
    gradient: [1, 1024, 2, 2],
  };
  const tensors = Object.entries(shapes).map(([name, shape]) => {
    const byteLength = 4 * shape.reduce((size, side) => size * side, 1);
    return { name, dtype: "F32" as const, shape, byteLength, bytes: () => new Uint8Array(byteLength) };
  });
  return writeSafetensors(tensors, { layer: "features.norm5", target: "1" });
}
