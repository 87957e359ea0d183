/** Serves the page's folder as a host should: with types, with the headers of docs/PAGE.md. */
import { createReadStream, statSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join, normalize, sep } from "node:path";

const TYPES = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".wasm": "application/wasm",
  ".webmanifest": "application/manifest+json",
};

/** Nothing from elsewhere, nothing to elsewhere, no script in the document. WebAssembly is for DICOM's decoders. */
export const POLICY = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "style-src 'self'",
  "img-src 'self' blob: data:",
  "media-src 'self' blob:",
  "connect-src 'self'",
  "worker-src 'self'",
  "manifest-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

export const HEADERS = {
  "content-security-policy": POLICY,
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
  "permissions-policy": "camera=(self), microphone=(), geolocation=()",
  "cache-control": "no-cache",
};

/** @param onRequest is told each path @param base the path under which the page lies, as "/" or "/tools/gradlens/" */
export function pageServer(folder, { onRequest = () => {}, base = "/" } = {}) {
  return createServer((request, response) => {
    const { pathname } = new URL(request.url ?? "/", "http://localhost");
    onRequest(pathname);
    for (const [name, value] of Object.entries(HEADERS)) response.setHeader(name, value);
    const inside = pathname.startsWith(base) ? decodeURIComponent(pathname.slice(base.length)) : undefined;
    const file =
      inside === undefined ? undefined : normalize(join(folder, inside === "" ? "index.html" : inside));
    const found =
      file !== undefined &&
      file.startsWith(folder + sep) &&
      statSync(file, { throwIfNoEntry: false })?.isFile();
    if (!found) {
      response.writeHead(404).end();
      return;
    }
    response.setHeader("content-type", TYPES[extname(file)] ?? "application/octet-stream");
    createReadStream(file).pipe(response);
  });
}
