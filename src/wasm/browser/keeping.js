// What both service workers do alike; the server puts it behind each of them. Each names its CACHE, which begins with its KIND,
// the ASSETS of its build, FIXED files, the OFFLINE page, and after how long an answer is given up.

// The page is taken only whole: one of another build names files that are not kept here.
async function keepOffline() {
  const page = await fetch(OFFLINE, { cache: "no-store" });
  const html = await page.clone().text();
  if (!page.ok || page.redirected || !ASSETS.every((path) => html.includes(path))) throw new Error("another build");
  await (await caches.open(CACHE)).put(OFFLINE, page);
}

addEventListener("install", (event) => {
  skipWaiting();
  // Where the browser can, files come from what is kept without waking the worker at all; where it cannot, nothing is lost.
  const routes = { condition: { urlPattern: { pathname: "/pkg/*" } }, source: { cacheName: CACHE } };
  event.waitUntil(event.addRoutes?.(routes).catch(() => {}));
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll([...ASSETS, ...FIXED])).then(keepOffline));
});

addEventListener("activate", (event) => {
  event.waitUntil((async () => {
    for (const name of await caches.keys()) {
      if (name.startsWith(KIND) && name !== CACHE) await caches.delete(name);
    }
    await registration.navigationPreload?.enable();
    await clients.claim();
  })());
});

// The server's answer to a navigation, or the kept page where there is none in time.
async function page(event, patience) {
  const early = event.request.method === "GET" ? event.preloadResponse : undefined;
  const answer = Promise.resolve(early).then((response) => response || fetch(event.request));
  const late = new Promise((_, reject) => { if (patience) setTimeout(reject, patience); });
  try {
    const response = await Promise.race([answer, late]);
    // Where answers can be told apart, a 503 of the server itself is shown: it says when to come again.
    const known = typeof isOurs === "function";
    if (!known && response.status >= 502 && response.status <= 504) throw new Error("no server behind the gateway");
    if (known && !isOurs(event.request, response)) throw new Error("another server");
    return response;
  } catch {
    // Where even the kept page is missing, the browser tells in its own words.
    return (await caches.match(OFFLINE)) || answer;
  }
}

// A file that is kept needs no link.
function file(event, pathname) {
  if (event.request.method === "GET" && (ASSETS.includes(pathname) || FIXED.includes(pathname))) {
    event.respondWith(caches.match(event.request).then((kept) => kept || fetch(event.request)));
  }
}
