/** Runs a Node program of ours without the lines that Dawn and graphics drivers write to stderr by themselves. */
import { spawn } from "node:child_process";
import { constants } from "node:os";
import { StringDecoder } from "node:string_decoder";

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

/** Runs it to its end and leaves as it left. */
export function run(program, args, env = {}) {
  const { isTTY, columns } = process.stderr;
  // The program's own stderr is a pipe now; where a terminal is at the other end, it is told so.
  const terminal = isTTY ? ["--import", new URL("terminal.mjs", import.meta.url).href] : [];
  const child = spawn(process.execPath, [...terminal, program, ...args], {
    stdio: ["inherit", "inherit", "pipe"],
    env: { ...process.env, ...(isTTY && { GRADLENS_STDERR_COLUMNS: String(columns) }), ...env },
  });
  const filter = noiseFilter((text) => process.stderr.write(text));
  const decoder = new StringDecoder("utf8");
  child.stderr.on("data", (bytes) => filter.write(decoder.write(bytes)));
  child.stderr.on("end", () => filter.end());
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
  return new Promise((resolve) => {
    child.on("close", (code, signal) => {
      if (signal !== null && !["SIGINT", "SIGTERM", "SIGHUP", "SIGKILL"].includes(signal)) {
        process.stderr.write(
          `\ngradlens: ended by ${signal}, most likely in the graphics driver; try another --adapter\n`,
        );
      }
      resolve(code ?? 128 + constants.signals[signal]);
    });
  });
}
