/** Runs a Node program of ours without the lines that Dawn and graphics drivers write to stderr by themselves. */
import { spawn } from "node:child_process";
import { constants } from "node:os";
import { StringDecoder } from "node:string_decoder";
import { whenParentEnds } from "./children.mjs";

/**
 * Lines of no use to a user, by how they start and what they hold. They come from native code, straight to file
 * descriptor 2, which Node cannot redirect from inside a process: hence the second process.
 */
const NOISE = [
  ["Warning: max", /artificially reduced from/], // limits of lavapipe
  ["Warning: Vulkan ", / required\.$/], // what a driver lacks: we say that it is too old
  [" - While initializing adapter", /./], // likewise
  ["Warning: vkCreateInstance", /./], // no driver found: we say it ourselves
  ["Warning: Couldn't load Vulkan", /./], // no loader: likewise
  ["    at ", /\/node-webgpu\/third_party\/dawn\//], // stack traces of these
  ["error: XDG_RUNTIME_DIR", /./], // of Mesa, where there is no desktop
];
const isNoise = (line) => NOISE.some(([start, holds]) => line.startsWith(start) && holds.test(line));
const mayBecomeNoise = (text) => NOISE.some(([start]) => start.startsWith(text) || text.startsWith(start));

/**
 * Drops noise from a stream of text, and the empty line that follows some of it. Anything that cannot become noise is
 * passed on at once, unfinished lines too, as a progress bar needs it.
 */
export function noiseFilter(pass) {
  let held = ""; // the beginning of a line that may become noise
  let midLine = false; // part of the line has been passed on already
  let afterNoise = false;
  const lineEnds = (line) => {
    if (!midLine && isNoise(line)) {
      afterNoise = true;
      return;
    }
    if (midLine || line !== "" || !afterNoise) pass(`${line}\n`);
    midLine = false;
    afterNoise = false;
  };
  return {
    write(chunk) {
      const lines = (held + chunk).split("\n");
      held = "";
      const rest = lines.pop();
      lines.forEach(lineEnds);
      if (rest === "") return;
      if (!midLine && mayBecomeNoise(rest)) {
        held = rest;
      } else {
        pass(rest);
        midLine = true;
      }
    },
    end() {
      if (held !== "" && !isNoise(held)) pass(held);
    },
  };
}

/** What Node and sharp say where a package is not there as it was installed. */
const DAMAGED =
  /ERR_MODULE_NOT_FOUND|MODULE_NOT_FOUND|ERR_DLOPEN_FAILED|ERR_INVALID_PACKAGE_CONFIG|Cannot find (package|module) |Could not load the "sharp" module|invalid ELF header|file too short/;

/**
 * Runs it to its end and leaves as it left. `nodeOptions`: those of Node itself. `endsWithin`: milliseconds after a signal it is ended by force. `onDamage` is
 * called before that, where it failed because a package is damaged.
 */
export function run(program, args, env = {}, { nodeOptions = [], endsWithin, onDamage = () => {} } = {}) {
  const { isTTY, columns } = process.stderr;
  // The program's own stderr is a pipe now; where a terminal is at the other end, it is told so.
  const preloaded = ["parent.mjs", ...(isTTY ? ["terminal.mjs"] : [])];
  const imports = preloaded.flatMap((name) => ["--import", new URL(name, import.meta.url).href]);
  const child = spawn(process.execPath, [...imports, ...nodeOptions, program, ...args], {
    stdio: ["inherit", "inherit", "pipe"],
    env: {
      ...process.env,
      GRADLENS_STARTER: String(process.pid),
      ...(isTTY && { GRADLENS_STDERR_COLUMNS: String(columns) }),
      ...env,
    },
  });
  // Who reads stderr may stop reading: the results are none the worse.
  process.stderr.on("error", () => {});
  let tail = "";
  const filter = noiseFilter((text) => {
    tail = (tail + text).slice(-10_000);
    process.stderr.write(text);
  });
  const decoder = new StringDecoder("utf8");
  child.stderr.on("data", (bytes) => filter.write(decoder.write(bytes)));
  child.stderr.on("end", () => filter.end());
  const { forced, passed } = passSignals(child, endsWithin);
  return new Promise((resolve) => {
    child.on("close", (code, signal) => {
      if (forced()) {
        process.stderr.write("gradlens: interrupted\n");
        return resolve(130);
      }
      if (passed() && signal !== null && !/interrupted|已中断/.test(tail))
        process.stderr.write("gradlens: interrupted\n");
      if (signal !== null && !["SIGINT", "SIGTERM", "SIGHUP", "SIGKILL"].includes(signal)) {
        process.stderr.write(
          `\ngradlens: ended by ${signal}, most likely in the graphics driver; try another --adapter\n`,
        );
      }
      if (code === 1 && DAMAGED.test(tail)) onDamage();
      resolve(code ?? 128 + constants.signals[signal]);
    });
  });
}

/** Signals, and the end of npm above, go to the child. Gives whether one did, and whether the child had to be ended by force. */
function passSignals(child, endsWithin) {
  let forced = false;
  let passed = false;
  const pass = (signal) => {
    passed = true;
    child.kill(signal);
    if (endsWithin === undefined) return;
    setTimeout(() => (forced = child.kill("SIGKILL")), endsWithin).unref();
  };
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, pass);
  const unwatch = whenParentEnds(() => pass("SIGTERM"));
  child.on("close", unwatch);
  return { forced: () => forced, passed: () => passed };
}
