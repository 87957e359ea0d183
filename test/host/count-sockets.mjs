/**
 * Preloaded into every Node program of a test (`--import`): adds a line to the file that SOCKETS_FILE names, with what the
 * program opened towards a network. Node itself reports each native handle, whichever module asked for it.
 */
import { createHook } from "node:async_hooks";
import { appendFileSync } from "node:fs";

const NETWORK = /^(TCP|UDP|GETADDRINFO|GETNAMEINFO|QUERYWRAP)/;
const opened = [];
createHook({
  init(_, type) {
    if (NETWORK.test(type)) opened.push(type);
  },
}).enable();
process.on("exit", () => {
  const line = JSON.stringify({ program: process.argv.slice(1), opened });
  appendFileSync(process.env.SOCKETS_FILE, `${line}\n`);
});
