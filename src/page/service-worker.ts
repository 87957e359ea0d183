/** @file Caches the page's own files for offline visits. The user's files never pass through it. */

declare const __FILES__: readonly string[];
declare const __BUILD__: string;

/** The part of a service worker's scope that this file uses. */
interface Scope {
  readonly location: Location;
  readonly caches: CacheStorage;
  skipWaiting(): Promise<void>;
  readonly clients: { claim(): Promise<void> };
  addEventListener(
    kind: "install" | "activate" | "fetch",
    listener: (event: {
      readonly request: globalThis.Request;
      waitUntil(promise: Promise<unknown>): void;
      respondWith(response: Promise<Response>): void;
    }) => void,
  ): void;
}

const scope = globalThis as unknown as Scope;
const PREFIX = "gradlens-page-";
const NAME = PREFIX + __BUILD__;
const home = new URL("./", scope.location.href);

scope.addEventListener("install", (event) => {
  const urls = ["", ...__FILES__].map((file) => new URL(file, home).href);
  const keep = async (): Promise<void> => {
    const cache = await scope.caches.open(NAME);
    await cache.addAll(urls.map((url) => new Request(url, { cache: "no-cache" })));
    await scope.skipWaiting();
  };
  event.waitUntil(keep());
});

scope.addEventListener("activate", (event) => {
  const clear = async (): Promise<void> => {
    const names = await scope.caches.keys();
    const old = names.filter((name) => name.startsWith(PREFIX) && name !== NAME);
    await Promise.all(old.map((name) => scope.caches.delete(name)));
    await scope.clients.claim();
  };
  event.waitUntil(clear());
});

scope.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET" || !request.url.startsWith(home.href)) return;
  const answer = async (): Promise<Response> => {
    const cache = await scope.caches.open(NAME);
    return (await cache.match(request, { ignoreSearch: true })) ?? fetch(request);
  };
  event.respondWith(answer());
});
