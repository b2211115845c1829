/**
 * Lets the pages open without a network: a page that was opened is kept with what it loaded, and the verification page
 * is kept whole where it was opened once. Where there is a network, pages come from it. Requests to the API and to
 * storage never pass here: nothing personal is kept.
 */

declare const KEPT: {
  /** Changes with every build. */
  readonly name: string;
  /** What verification needs, with the parts that it loads only when asked. */
  readonly verification: readonly string[];
};

interface Lasting {
  waitUntil(work: Promise<unknown>): void;
}

/** What this file uses of a service worker's world: the project's types are those of a page. */
interface Scope {
  addEventListener(type: "activate", listener: (event: Lasting) => void): void;
  addEventListener(type: "message", listener: (event: Lasting & { data: unknown }) => void): void;
  addEventListener(
    type: "fetch",
    listener: (event: { request: Request; respondWith(answer: Promise<Response>): void }) => void,
  ): void;
  clients: { claim(): Promise<void> };
  skipWaiting(): Promise<void>;
}

const worker = globalThis as unknown as Scope;
const NAME = `pages-${KEPT.name}`;
/** Who seals receipts, by the service's own signature: public, and enough to check a seal without a network. */
const PUBLISHED = ["/.well-known/jwks.json", "/.well-known/receipt-sealers"];
/** On a slow network a kept page is shown after this time. */
const PATIENCE_MILLISECONDS = 4000;

void worker.skipWaiting();

worker.addEventListener("activate", (event) => {
  const others = caches.keys().then((names) => names.filter((name) => name.startsWith("pages-") && name !== NAME));
  event.waitUntil(
    others.then((names) => Promise.all(names.map((name) => caches.delete(name)))).then(() => worker.clients.claim()),
  );
});

/** A page says what it loaded: its own address and assets, all of which are in the browser's cache already. */
worker.addEventListener("message", (event) => {
  const { loaded, verifies } = event.data as { loaded: readonly string[]; verifies: boolean };
  const pages = [...loaded, ...(verifies ? KEPT.verification : [])].filter(
    (path) => path.startsWith("/assets/") || /^\/(ar|fr|en)\//.test(path),
  );
  const wanted = [...pages, ...(verifies ? PUBLISHED : [])];
  event.waitUntil(caches.open(NAME).then((cache) => Promise.all(wanted.map((path) => keep(cache, path)))));
});

worker.addEventListener("fetch", (event) => {
  const address = new URL(event.request.url);
  if (event.request.method !== "GET" || address.origin !== location.origin || address.pathname.startsWith("/v1/")) {
    return;
  }
  if (address.pathname.startsWith("/assets/")) {
    event.respondWith(caches.match(event.request).then((kept) => kept ?? fetch(event.request)));
  } else if (PUBLISHED.includes(address.pathname)) {
    event.respondWith(newest(event.request, address.pathname));
  } else if (event.request.mode === "navigate") {
    event.respondWith(page(event.request, address.pathname));
  }
});

async function keep(cache: Cache, path: string): Promise<void> {
  if (!(await cache.match(path))) {
    await cache.add(path).catch(() => undefined);
  }
}

/** What the service says now, or what it said when it was last asked. */
async function newest(request: Request, path: string): Promise<Response> {
  try {
    const fresh = await fetch(request);
    if (fresh.ok) {
      const copy = fresh.clone();
      await caches.open(NAME).then((cache) => cache.put(path, copy));
    }
    return fresh;
  } catch (error) {
    const kept = await caches.match(path);
    if (!kept) {
      throw error;
    }
    return kept;
  }
}

/** The page from the network, or the kept one where the network is silent or slow. */
async function page(request: Request, path: string): Promise<Response> {
  const kept = await caches.match(path);
  const fresh = fetch(request);
  if (kept) {
    const late = new Promise<Response>((resolve) => setTimeout(() => resolve(kept.clone()), PATIENCE_MILLISECONDS));
    return Promise.race([fresh.catch(() => kept), late]);
  }
  // A desk has no page of its own: its address opens the first page of the language.
  const first = /^\/(?:ar|fr|en)\/(?=[^/]+$)/.exec(path)?.[0];
  return fresh.catch(async (error: unknown) => {
    const found = first ? await caches.match(first) : undefined;
    if (!found) {
      throw error;
    }
    return found;
  });
}
