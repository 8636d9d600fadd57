// The till without a link: any navigation of the till that fails, a posted form too, is answered by the kept page that goes
// on selling. The server fills in the build and the hashed files. Never kept: a page of somebody who is signed in.
const KIND = "kopilka-till-";
const CACHE = KIND + "__BUILD__";
const ASSETS = __ASSETS__;
const FIXED = ["/favicon.svg"];
const OFFLINE = "/till/offline";
// How long the till waits for an answer before it goes on without a link: a customer stands there.
const PATIENCE = 8000;

// Whether an answer is the server's own: each of its pages has this header, and no page of the till is a redirection. A
// network that asks for a sign-in of its own answers with its own page, or sends there.
const isOurs = ({ method, url }, { type, headers }) => {
  if (type !== "opaqueredirect") return headers.has("content-security-policy");
  return method !== "GET" || !new URL(url).pathname.startsWith("/till");
};

// The page was opened in another language or theme than the one that is kept.
addEventListener("message", ({ data }) => {
  if (data === "keep") keepOffline().catch(() => {});
});

addEventListener("fetch", (event) => {
  const { origin, pathname, search } = new URL(event.request.url);
  if (origin !== location.origin) return;
  if (event.request.mode !== "navigate") return file(event, pathname);
  // The page itself has waited for an answer already.
  const kept = search === "?lost" ? caches.match(OFFLINE) : Promise.resolve();
  event.respondWith(kept.then((kept) => kept || page(event, PATIENCE)));
});
