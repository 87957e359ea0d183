/** @file The starter: what it filters, how it ends, and options that npm took for its own. */
import { spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, describe, expect, it } from "vitest";
import { execute, programFolder, ROOT } from "./programs.js";

const { folder, remove } = programFolder();
afterAll(remove);

/** A program that scripts/start/run.mjs runs, with `body` in it. */
function started(name: string, body: string): string {
  const program = join(folder, `${name}.mjs`);
  writeFileSync(program, `import { setTimeout as sleep } from "node:timers/promises";\n${body}`);
  const starter = join(folder, `${name}-starter.mjs`);
  const run = JSON.stringify(join(ROOT, "scripts/start/run.mjs"));
  const source = `import { run } from ${run};\nprocess.exitCode = await run(${JSON.stringify(program)}, ["a", "b c"]);`;
  writeFileSync(starter, source);
  return starter;
}

describe("stderr", () => {
  it("the starter's stderr lacks the lines of Dawn and drivers, however they are cut up", async () => {
    const body = `
      const write = async (text) => { process.stderr.write(text); await sleep(30); };
      await write("Warning: maxDynamicUniformBuffersPerPipelineLayout artificially reduced from 1000000 to 16 to fit.\\n");
      await write("first\\nWarn"); await write("ing: maxFoo artificially reduced from 2 to 1\\nsec"); await write("ond\\n");
      await write("Warning: vkCreateInstance failed with VK_ERROR_INCOMPATIBLE_DRIVER\\n");
      await write("    at CheckVkSuccessImpl (/build/node-webgpu/third_party/dawn/src/x.cpp:106)\\n\\n");
      await write("Warning: the user's own\\n\\n    at ours (file:///x.js:1:1)\\nWarning: max");`;
    const { code, stderr } = await execute(process.execPath, [started("noise", body)]);
    expect(stderr).toBe(
      "first\nsecond\nWarning: the user's own\n\n    at ours (file:///x.js:1:1)\nWarning: max",
    );
    expect(code).toBe(0);
  });

  it("--import gradlens/quiet removes these lines for any program, and keeps all others", async () => {
    const program = join(folder, "own.mjs");
    const lines = ["Warning: maxFoo artificially reduced from 2 to 1", "my own"];
    writeFileSync(
      program,
      `process.stderr.write(${JSON.stringify(`${lines.join("\n")}\n`)});
       console.log(JSON.stringify(process.argv.slice(2)));
       process.exitCode = 3;`,
    );
    const argv = [program, "a", "b c"];
    const out = { code: 3, stdout: '["a","b c"]\n' };
    expect(await execute(process.execPath, ["--import", "gradlens/quiet", ...argv])).toMatchObject({
      ...out,
      stderr: "my own\n",
    });
    expect(await execute(process.execPath, argv)).toMatchObject({ ...out, stderr: `${lines.join("\n")}\n` });
  });

  it("the starter removes these lines for a program with other options of Node, which it keeps", async () => {
    const [loader, program] = ["loader.mjs", "loaded.mjs"].map((name) => join(folder, name));
    writeFileSync(loader!, "globalThis.loaded = 4;");
    writeFileSync(
      program!,
      `console.log(process.title, process.execArgv.some((word) => word.includes("quiet")));
       process.exitCode = globalThis.loaded;`,
    );
    for (const quiet of [["--import", "gradlens/quiet"], ["--import=gradlens/quiet"]]) {
      const argv = ["--import", loader!, ...quiet, "--title=mine", program!];
      const ended = await execute(process.execPath, argv);
      expect(ended).toMatchObject({ code: 4, stdout: "mine false\n", stderr: "" });
    }
  });

  it("the starter passes on an unfinished line at once", async () => {
    const starter = started("progress", `process.stderr.write("50%"); await sleep(10_000);`);
    const child = spawn(process.execPath, [starter], { stdio: ["ignore", "ignore", "pipe"] });
    const first = await new Promise<string>((resolve) =>
      child.stderr.once("data", (b: Buffer) => resolve(b.toString())),
    );
    expect(first).toBe("50%");
    child.kill("SIGTERM");
    await new Promise((resolve) => child.on("close", resolve));
  });
});

describe("a program ends", () => {
  it("a started program ends with its own code, and gets its arguments as they were typed", async () => {
    const starter = started(
      "code",
      "console.log(JSON.stringify(process.argv.slice(2))); process.exitCode = 3;",
    );
    expect(await execute(process.execPath, [starter])).toMatchObject({
      code: 3,
      stdout: '["a","b c"]\n',
      stderr: "",
    });
  });

  it("a started program ends by its own means when the starter gets a signal", async () => {
    const body = `process.on("SIGINT", () => { console.log("tidied up"); process.exit(130); });
      console.log("ready"); await sleep(10_000);`;
    const child = spawn(process.execPath, [started("signal", body)], { stdio: ["ignore", "pipe", "ignore"] });
    let stdout = "";
    child.stdout.on("data", (bytes: Buffer) => (stdout += bytes.toString()));
    while (!stdout.includes("ready")) await sleep(20);
    child.kill("SIGINT");
    const code = await new Promise((resolve) => child.on("close", resolve));
    expect({ code, stdout }).toEqual({ code: 130, stdout: "ready\ntidied up\n" });
  });

  it("a started program that a driver crashes ends with a message of ours", async () => {
    const starter = started("crash", `process.kill(process.pid, "SIGSEGV"); await sleep(10_000);`);
    const { code, stderr } = await execute(process.execPath, [starter]);
    expect(code).toBe(139);
    expect(stderr).toContain("ended by SIGSEGV");
  });
});

describe("options typed without the --", () => {
  /** As npm 10 and 11 start a script. */
  const asNpm = (config: Record<string, string>, args: string[]) =>
    execute(process.execPath, [join(ROOT, "scripts/start.mjs"), ...args], {
      env: { ...process.env, npm_lifecycle_event: "cam", npm_config_cache: "/x", ...config },
    });

  it.each([
    [{ npm_config_arch: "true" }, ["densenet121"], "npm run cam -- --arch densenet121"],
    [{ npm_config_size: "224x224" }, [], "npm run cam -- --size 224x224"],
    [
      { npm_config_aug_smooth: "true", npm_config_arch: "true" },
      ["x y"],
      "npm run cam -- --arch 'x y' --aug-smooth",
    ],
    [
      { npm_config_layer: "true" },
      ["features[-1]", "--quiet"],
      "npm run cam -- --layer 'features[-1]' --quiet",
    ],
    [
      { npm_config_arch: "true", npm_config_weights: "true" },
      ["a", "b"],
      "npm run cam -- --weights ... --arch ...   (values: a b)",
    ],
  ])("the starter reports options typed without the --: %j %j", async (config, args, command) => {
    const { code, stdout, stderr } = await asNpm(config, args);
    expect(stderr.split("\n").at(-2)?.trim()).toBe(command);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
  });

  it("options typed without the -- are not noticed where the user's npm settings hold them", async () => {
    const npmrc = join(folder, "npmrc");
    writeFileSync(npmrc, "json = true\n");
    const { code, stdout } = await asNpm({ npm_config_json: "true", npm_config_userconfig: npmrc }, [
      "methods",
    ]);
    expect(code).toBe(0);
    expect(stdout).toContain("gradcam");
  });
});
