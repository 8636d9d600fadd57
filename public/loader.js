// Brings a painted page to life: islands, live region, copying, printing, service worker. Pages are whole without it.
(() => {
  const { js, wasm } = document.currentScript.dataset;
  const find = (selector) => document.querySelector(selector);
  const offline = find("#offline-empty");

  // Nothing of a card stays where nobody is signed in. (The offline page can stand at any address.)
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
    // Only a change is read aloud.
    if (live.textContent) live.textContent = live.textContent.trim();
  }

  // The wait for another one-time password runs down in sight, and its end is said.
  const wait = find("#resend");
  if (wait && wait.dataset.seconds > 0) {
    const end = Date.now() + wait.dataset.seconds * 1000;
    const timer = setInterval(() => {
      const left = Math.ceil((end - Date.now()) / 1000);
      if (left > 0) {
        const clock = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`;
        wait.textContent = wait.textContent.replace(/\d+:\d+/, clock);
      } else {
        clearInterval(timer);
        wait.textContent = live.textContent = wait.dataset.now;
      }
    }, 1000);
  }

  document.addEventListener("click", ({ target }) => {
    if (target.closest("[data-print]")) print();
    const button = target.closest("[data-copy]");
    if (!button) return;
    // Without a clipboard the digits are marked, ready to be copied by hand.
    const mark = () => getSelection().selectAllChildren(find(".digits"));
    if (!navigator.clipboard) return mark();
    navigator.clipboard.writeText(button.dataset.copy).then(() => { live.textContent = button.dataset.copied; }, mark);
  });

  // A second click on a form that is on its way would throw the first one's answer away.
  document.addEventListener("submit", (event) => {
    const { target } = event;
    if (target.sent) event.preventDefault();
    target.sent = true;
    // The form may be shown again without a new page: after a download, or on the way back.
    setTimeout(() => { target.sent = false; }, 3000);
  });

  const islands = document.querySelectorAll("leptos-island");
  if (islands.length) {
    let started;
    const start = () => {
      if (started) return;
      started = true;
      // Leptos looks for these.
      window.__RESOLVED_RESOURCES = window.__SERIALIZED_ERRORS = window.__INCOMPLETE_CHUNKS = [];
      import(js)
        .then(async (module) => {
          await module.default({ module_or_path: wasm });
          module.hydrate();
          for (const island of islands) module[island.dataset.component](island);
        })
        .catch(console.warn);
    };
    // After the first paint, or at the first touch.
    for (const event of ["pointerdown", "keydown"]) addEventListener(event, start);
    if (window.requestIdleCallback) requestIdleCallback(start, { timeout: 1500 });
    else setTimeout(start, 200);
  }

  // Members only: a guest has nothing to show without a link.
  if (find("nav.bar") && navigator.serviceWorker) {
    addEventListener("load", () => navigator.serviceWorker.register("/sw.js").catch(() => {}));
  }
})();
