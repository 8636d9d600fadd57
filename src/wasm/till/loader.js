// Brings the till's page to life: its module, printing, the service worker that goes on without a link. Pages are whole
// without it.
(() => {
  const { js, wasm } = document.currentScript.dataset;
  import(js)
    .then(async (module) => {
      await module.default({ module_or_path: wasm });
      module.start();
    })
    .catch(console.warn);

  // While a shopper joins on their own phone: the page turns to them when they are done, with all that was typed. The button
  // comes and goes with the parts of the page that are exchanged; the module sends its form once.
  setInterval(async () => {
    const joining = document.querySelector("[data-joining]");
    const answer = joining && await fetch(joining.dataset.joining, { cache: "no-store" }).catch(() => null);
    if (answer?.status === 200) joining.click();
  }, 2_000);

  document.addEventListener("click", ({ target }) => {
    if (target.closest("[data-print]")) print();
  });

  const workers = navigator.serviceWorker;
  // The page that stands in without a link came from the worker.
  if (workers && !document.querySelector("#offline")) {
    addEventListener("load", async () => {
      try {
        const { lang, dataset } = document.documentElement;
        for (const scope of ["/till", "/api/till/"]) await workers.register("/till-sw.js", { scope });
        // What is kept for a time without a link looks like what the cashier has chosen.
        const look = `${lang} ${dataset.theme}`;
        if (localStorage.getItem("till-look") !== look) {
          (await workers.ready).active?.postMessage("keep");
          localStorage.setItem("till-look", look);
        }
      } catch {}
    });
  }
})();
