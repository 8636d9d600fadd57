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

  // An offer that is switched on or off changes where it stands: the page keeps its place, and the cursor its button.
  document.addEventListener("submit", async (event) => {
    const { target: form, submitter } = event;
    const ticket = form.closest(".offer");
    if (!ticket || form.loads || event.defaultPrevented) return;
    event.preventDefault();
    let answer, page;
    try {
      answer = await fetch(form.action, { method: "POST", body: new URLSearchParams(new FormData(form, submitter)) });
      page = new DOMParser().parseFromString(await answer.text(), "text/html");
    } catch {}
    // No answer, a sign-in, a fault: the browser shows it as ever.
    const { pathname, search } = new URL(answer?.url || location);
    if (!answer?.ok || pathname + search !== location.pathname + location.search) {
      if (answer?.redirected) return location.assign(answer.url);
      form.loads = true;
      form.sent = false;
      return submitter.click();
    }
    const button = page.querySelector(`.offer [name=offer][value="${CSS.escape(submitter.value)}"]`);
    // Where the page does not show it any more, the rest of its section is what there is.
    const old = button ? ticket : ticket.closest("section");
    const news = button ? button.closest(".offer") : page.querySelector(`[aria-labelledby=${old.getAttribute("aria-labelledby")}]`);
    old.replaceWith(news);
    (button || news.querySelector("a, button")).focus();
    // What the page says of all offers; their groups are those of its load.
    for (const line of document.querySelectorAll(".head p, .group h2")) {
      const said = page.querySelector(line.id ? `#${line.id}` : ".head p");
      if (said) line.textContent = said.textContent;
    }
    if (!page.querySelector("[action$=activate-all]")) find("[action$=activate-all]")?.remove();
    live.textContent = page.querySelector(".live").textContent;
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
