/** @file Builds the page, serves it as a host should, and opens it in headless Chromium; keeps each request. */

import { mkdtempSync, rmSync } from "node:fs";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  chromium,
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  type Page,
} from "playwright-core";
import { buildPage } from "../../scripts/build-page.mjs";
import { pageServer } from "../../scripts/page-server.mjs";
import { findBrowser } from "./chromium.js";

/** Its own SwiftShader counts as an adapter only with the first; the camera is Chromium's test picture. */
const FLAGS = [
  "--enable-unsafe-webgpu",
  "--no-sandbox", // root cannot have one
  "--use-fake-device-for-media-stream",
  "--use-fake-ui-for-media-stream",
];

/** Under a path, as a hospital's server may have it. */
const BASE = "/tools/gradlens/";

export interface OpenedPage {
  readonly page: Page;
  readonly context: BrowserContext;
  /** Every request of the context's pages and workers. */
  readonly requests: readonly string[];
}

export class PageHost {
  readonly folder = mkdtempSync(join(tmpdir(), "gradlens-page-"));
  /** The sizes of its code in bytes, packed. */
  sizes!: Awaited<ReturnType<typeof buildPage>>;
  url = "";
  /** The paths that the server was asked for. */
  readonly asked: string[] = [];
  private server: Server | undefined;
  private browser: Browser | undefined;

  async start(): Promise<void> {
    this.sizes = await buildPage(join(this.folder, "page"));
    const options = { base: BASE, onRequest: (path: string) => this.asked.push(path) };
    const server = (this.server = pageServer(join(this.folder, "page"), options));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    this.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}${BASE}`;
    this.browser = await chromium.launch({ executablePath: findBrowser(), args: FLAGS });
  }

  /** A page in a context of its own. @param prepare runs before the page is opened */
  async open(
    options: BrowserContextOptions = {},
    prepare: (context: BrowserContext) => Promise<unknown> = () => Promise.resolve(),
  ): Promise<OpenedPage> {
    const context = await this.browser!.newContext({
      viewport: { width: 1440, height: 900 },
      acceptDownloads: true,
      locale: "en-US",
      ...options,
    });
    const requests: string[] = [];
    context.on("request", (request) => requests.push(request.url()));
    await prepare(context);
    const page = await context.newPage();
    await page.goto(this.url);
    return { page, context, requests };
  }

  async stop(): Promise<void> {
    await this.browser?.close();
    this.server?.closeAllConnections();
    this.server?.close();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
