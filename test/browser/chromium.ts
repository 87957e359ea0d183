/** @file Runs a module in headless Chromium: bundles it, serves it on localhost, takes what it returns. */
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const BROWSERS = [
  process.env.CHROMIUM,
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
];
const FLAGS = [
  "--headless",
  "--no-sandbox", // root cannot have one
  "--enable-unsafe-webgpu", // its own SwiftShader counts as an adapter only then
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/**
 * What the default export of the module `bundleEntry` (a path from the project's root), an async function without
 * parameters, resolves to in a page, as JSON carries it. The page may fetch the project's files by their path from its
 * root. Rejects with the page's error, or Chromium's last words where it ends or takes longer than `timeoutMs`.
 */
export async function runInChromium(bundleEntry: string, timeoutMs = 300_000): Promise<unknown> {
  const script = await bundle(bundleEntry);
  const profile = mkdtempSync(join(tmpdir(), "gradlens-chromium-"));
  const { server, result } = serve(script);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}/`;
  const browser = spawn(findBrowser(), [...FLAGS, `--user-data-dir=${profile}`, url], {
    stdio: ["ignore", "ignore", "pipe"],
    detached: true, // a process group of its own, so that its helpers end with it
  });
  let lastWords = "";
  browser.stderr.on("data", (bytes: Buffer) => (lastWords = (lastWords + bytes.toString()).slice(-2000)));
  const ended = new Promise<void>((resolve) => browser.on("close", () => resolve()));
  const failed = ended.then(() => Promise.reject(new Error(`Chromium ended by itself:\n${lastWords}`)));
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    const error = () =>
      reject(new Error(`the page took longer than ${timeoutMs} ms; Chromium said:\n${lastWords}`));
    timer = setTimeout(error, timeoutMs);
  });
  try {
    return await Promise.race([result, failed, late]);
  } finally {
    clearTimeout(timer);
    failed.catch(() => undefined);
    if (browser.pid !== undefined && browser.exitCode === null) process.kill(-browser.pid, "SIGKILL");
    await ended;
    server.closeAllConnections();
    server.close();
    rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
  }
}

export function findBrowser(): string {
  const found = BROWSERS.find((path) => path !== undefined && existsSync(path));
  if (found === undefined)
    throw new Error("no Chromium found: apt install chromium, or set CHROMIUM to its path");
  return found;
}

/** The bundle of the core as a page would ship it: no Node built-in resolves here. */
async function bundle(entry: string): Promise<string> {
  const post = (what: string) =>
    `(value) => fetch("/${what}", { method: "POST", body: JSON.stringify(value) })`;
  const { outputFiles } = await build({
    absWorkingDir: ROOT,
    stdin: {
      contents: `import main from "./${entry}";
        main().then(${post("result")}).catch((error) => (${post("error")})(String(error?.stack ?? error)));`,
      resolveDir: ROOT,
    },
    bundle: true,
    format: "esm",
    platform: "browser",
    target: "chrome120",
    loader: { ".wgsl": "text" },
    write: false,
    logLevel: "warning",
  });
  return outputFiles[0]?.text ?? "";
}

function serve(script: string): { server: Server; result: Promise<unknown> } {
  let settle: { resolve: (value: unknown) => void; reject: (error: Error) => void };
  const result = new Promise<unknown>((resolve, reject) => (settle = { resolve, reject }));
  const server = createServer((request, response) => {
    const path = decodeURIComponent(new URL(request.url ?? "/", "http://localhost").pathname);
    if (request.method === "POST") {
      void body(request).then((value) => {
        response.end();
        if (path === "/result") settle.resolve(value);
        else settle.reject(new Error(`in the page: ${String(value)}`));
      });
    } else if (path === "/") {
      response.setHeader("content-type", "text/html");
      response.end('<!doctype html><meta charset="utf-8"><script type="module" src="/page.js"></script>');
    } else if (path === "/page.js") {
      response.setHeader("content-type", "text/javascript");
      response.end(script);
    } else {
      const file = join(ROOT, normalize(path));
      const isFile = statSync(file, { throwIfNoEntry: false })?.isFile() ?? false;
      response.statusCode = isFile ? 200 : 404;
      response.end(isFile ? readFileSync(file) : undefined);
    }
  });
  return { server, result };
}

async function body(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return JSON.parse(Buffer.concat(chunks).toString()) as unknown;
}
