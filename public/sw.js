// Answers when there is no link: any page of the wallet becomes the offline card. The server fills in the build and the
// hashed files. Never kept: a page of somebody who is signed in. Never mixed: the offline page and the files of its build.
const CACHE = "kopilka-__BUILD__";
const ASSETS = __ASSETS__;
const FIXED = ["/favicon.svg", "/icon-192.png"];
const OFFLINE = "/offline";
// How long a page may take before the card is shown without it: a shopper stands at the till.
const PATIENCE = 5000;

// Language or theme have changed since the offline page was kept.
let outdated = false;

// The offline page is taken only whole: one of another build names files that are not kept here.
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
      if (name.startsWith("kopilka-") && name !== CACHE) await caches.delete(name);
    }
    await registration.navigationPreload?.enable();
    await clients.claim();
  })());
});

async function page(event) {
  const answer = Promise.resolve(event.preloadResponse).then((early) => early || fetch(event.request));
  const late = new URL(event.request.url).pathname === "/card"
    ? new Promise((_, reject) => setTimeout(reject, PATIENCE))
    : new Promise(() => {});
  try {
    const response = await Promise.race([answer, late]);
    if (response.status >= 502 && response.status <= 504) throw new Error("no server behind the gateway");
    if (outdated && response.ok) {
      outdated = false;
      event.waitUntil(keepOffline().catch(() => {}));
    }
    return response;
  } catch {
    // Where even the offline page is missing, the browser tells in its own words.
    return (await caches.match(OFFLINE)) || answer;
  }
}

addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (origin !== location.origin || /^\/(till|outbox|pos|api|health)(\/|$)/.test(pathname)) {
    if (request.method === "POST" && /^\/api\/(language|theme)$/.test(pathname)) outdated = true;
    return;
  }
  if (request.method !== "GET") return;
  if (request.mode === "navigate") {
    event.respondWith(page(event));
  } else if (ASSETS.includes(pathname) || FIXED.includes(pathname)) {
    event.respondWith(caches.match(request).then((kept) => kept || fetch(request)));
  }
});
