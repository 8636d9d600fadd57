// Brings a page to life after it has been painted: islands, the live region, copying and printing, the service worker.
// Pages are whole without it; whatever fails here leaves them as the server made them.
(() => {
  const { js, wasm } = document.currentScript.dataset;
  const find = (selector) => document.querySelector(selector);
  const offline = find("#offline-empty");

  // Nothing of a card stays on a device that is signed out. (The offline page can stand at any address.)
  if (!offline && (location.pathname === "/sign-in" || /[?&]signed-out/.test(location.search))) {
    indexedDB.deleteDatabase("kopilka");
  }

  const live = find(".live");
  if (live) {
    let timer;
    new MutationObserver(() => {
      clearTimeout(timer);
      if (live.textContent) timer = setTimeout(() => live.replaceChildren(), 6000);
    }).observe(live, { childList: true });
    // What the server left to say is in the page already; only a change is read aloud.
    if (live.textContent) live.textContent = live.textContent.trim();
  }

  document.addEventListener("click", ({ target }) => {
    if (target.closest("[data-print]")) print();
    const button = target.closest("[data-copy]");
    if (!button) return;
    const { copy, copied } = button.dataset;
    const select = () => getSelection().selectAllChildren(find(".digits"));
    if (navigator.clipboard) {
      navigator.clipboard.writeText(copy).then(() => { live.textContent = copied; }, select);
    } else {
      select();
    }
  });

  const islands = document.querySelectorAll("leptos-island");
  if (islands.length) {
    let started;
    const start = () => {
      if (started) return;
      started = true;
      // Leptos looks for these; pages here leave nothing to resolve.
      window.__RESOLVED_RESOURCES = window.__SERIALIZED_ERRORS = window.__INCOMPLETE_CHUNKS = [];
      import(js)
        .then(async (module) => {
          await module.default({ module_or_path: wasm });
          module.hydrate();
          for (const island of islands) module[island.dataset.component](island);
        })
        .catch((error) => console.warn(error));
    };
    // After the first paint, or at the first touch.
    for (const event of ["pointerdown", "keydown"]) addEventListener(event, start, { once: true, passive: true });
    if (window.requestIdleCallback) requestIdleCallback(start, { timeout: 1500 });
    else setTimeout(start, 200);
  }

  // Members only: a guest has nothing to show without a link.
  if (find("nav.bar") && navigator.serviceWorker) {
    addEventListener("load", () => navigator.serviceWorker.register("/sw.js").catch(() => {}));
  }
})();
