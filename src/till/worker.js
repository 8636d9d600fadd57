// The till without a link: any navigation of the till that fails, a posted form too, is answered by the kept page that goes
// on selling. The server fills in the build and the hashed files. Never kept: a page of somebody who is signed in.
const CACHE = "kopilka-till-__BUILD__";
const ASSETS = __ASSETS__;
const FIXED = ["/favicon.svg"];
const OFFLINE = "/till/offline";
// How long the till waits for an answer before it goes on without a link: a customer stands there.
const PATIENCE = 8000;

// The page is taken only whole: one of another build names files that are not kept here.
async function keepOffline() {
  const page = await fetch(OFFLINE, { cache: "no-store" });
  const html = await page.clone().text();
  if (!page.ok || page.redirected || !ASSETS.every((path) => html.includes(path))) throw new Error("another build");
  await (await caches.open(CACHE)).put(OFFLINE, page);
}

addEventListener("install", (event) => {
  skipWaiting();
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll([...ASSETS, ...FIXED])).then(keepOffline));
});

addEventListener("activate", (event) => {
  event.waitUntil((async () => {
    for (const name of await caches.keys()) {
      if (name.startsWith("kopilka-till-") && name !== CACHE) await caches.delete(name);
    }
    await registration.navigationPreload?.enable();
    await clients.claim();
  })());
});

// The page was opened in another language or theme than the one that is kept.
addEventListener("message", ({ data }) => {
  if (data === "keep") keepOffline().catch(() => {});
});

async function page(event) {
  const early = event.request.method === "GET" ? event.preloadResponse : undefined;
  const answer = Promise.resolve(early).then((response) => response || fetch(event.request));
  const late = new Promise((_, reject) => setTimeout(reject, PATIENCE));
  try {
    const response = await Promise.race([answer, late]);
    if (response.status >= 502 && response.status <= 504) throw new Error("no server behind the gateway");
    return response;
  } catch {
    // Where even the kept page is missing, the browser tells in its own words.
    return (await caches.match(OFFLINE)) || answer;
  }
}

addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (origin !== location.origin) return;
  if (request.mode === "navigate") {
    event.respondWith(page(event));
  } else if (request.method === "GET" && (ASSETS.includes(pathname) || FIXED.includes(pathname))) {
    event.respondWith(caches.match(request).then((kept) => kept || fetch(request)));
  }
});
