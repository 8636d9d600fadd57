// Answers when there is no link: any page of the wallet becomes the offline card. The server fills in the build and the
// hashed files. Never kept: a page of somebody who is signed in. Never mixed: the offline page and the files of its build.
const KIND = "kopilka-wallet-";
const CACHE = KIND + "__BUILD__";
const ASSETS = __ASSETS__;
const FIXED = ["/favicon.svg", "/icon-192.png"];
const OFFLINE = "/offline";
// How long the card may take before it is shown without a link: a shopper stands at the till.
const PATIENCE = 5000;

// Language or theme have changed since the offline page was kept.
let outdated = false;

addEventListener("fetch", (event) => {
  const { method, mode, url } = event.request;
  const { origin, pathname } = new URL(url);
  if (origin !== location.origin || /^\/(till|outbox|pos|api|health)(\/|$)/.test(pathname)) {
    if (method === "POST" && /^\/api\/(language|theme)$/.test(pathname)) outdated = true;
    return;
  }
  if (method !== "GET") return;
  if (mode !== "navigate") return file(event, pathname);
  event.respondWith(page(event, pathname === "/card" && PATIENCE).then((response) => {
    if (outdated) event.waitUntil(keepOffline().then(() => { outdated = false; }, () => {}));
    return response;
  }));
});
