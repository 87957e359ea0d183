/** Runs a Node program of ours without the lines that Dawn and graphics drivers write to stderr by themselves. */
import { spawn } from "node:child_process";
import { constants } from "node:os";
import { StringDecoder } from "node:string_decoder";

/**
 * Lines of no use to a user. They come from native code, straight to file descriptor 2, which Node cannot redirect from
 * inside a process: hence the second process.
 */
const NOISE = [
  "Warning: max", // ...DynamicUniformBuffersPerPipelineLayout artificially reduced from ... (lavapipe)
  "Warning: vkCreateInstance", // found no drivers, failed: we say it ourselves
  "    at CheckVkSuccessImpl (", // the stack trace of that
  "error: XDG_RUNTIME_DIR", // is invalid or not set in the environment (Mesa)
];
const isNoise = (line) => NOISE.some((start) => line.startsWith(start));
const mayBecomeNoise = (text) => text !== "" && NOISE.some((start) => start.startsWith(text));

/**
 * Drops noise from a stream of text, and the empty line that follows some of it. Anything that cannot become noise is
 * passed on at once, unfinished lines too, as a progress bar needs it.
 */
export function noiseFilter(pass) {
  let line = ""; // held back, or what has passed of the current line
  let held = false;
  let afterNoise = false;
  const feed = (piece, complete) => {
    const start = line === "" || held;
    line += piece;
    if (start && isNoise(line)) {
      held = true;
      afterNoise = complete;
    } else if (start && !complete && mayBecomeNoise(line)) {
      held = true;
      return;
    } else {
      const text = held ? line : piece;
      if (!(complete && line === "" && afterNoise)) pass(complete ? `${text}\n` : text);
      held = false;
      afterNoise = false;
    }
    if (complete) {
      line = "";
      held = false;
    }
  };
  return {
    write(chunk) {
      const pieces = chunk.split("\n");
      pieces.forEach((piece, i) => {
        const complete = i < pieces.length - 1;
        if (complete || piece !== "") feed(piece, complete);
      });
    },
    end() {
      if (held && !isNoise(line)) pass(line);
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
