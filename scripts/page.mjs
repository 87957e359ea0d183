/** `npm run page [-- --port N]`: builds the page and serves it on this machine alone, until Ctrl-C. */
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { pageServer } from "./page-server.mjs";
import { prepare } from "./start/prepare.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const { values } = parseArgs({ options: { port: { type: "string", default: "8421" } } });
const port = Number(values.port);
if (!Number.isInteger(port) || port < 0 || port > 65_535) {
  console.error(`--port ${values.port}: give a port from 0 to 65535`);
  process.exit(2);
}
await prepare(root);
const { buildPage } = await import("./build-page.mjs");
const folder = join(root, "dist-page");
await buildPage(folder);
const server = pageServer(folder);
server.on("error", (error) => {
  console.error(`port ${port} cannot be used (${error.code}): give another, as npm run page -- --port 8500`);
  process.exitCode = 1;
});
server.listen(port, "127.0.0.1", () => console.log(`http://localhost:${server.address().port}/`));
