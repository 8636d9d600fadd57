// Brings the till's page to life: its module, printing. Pages are whole without it.
(() => {
  const { js, wasm } = document.currentScript.dataset;
  import(js)
    .then(async (module) => {
      await module.default({ module_or_path: wasm });
      module.start();
    })
    .catch(console.warn);

  // While a shopper joins on their own phone: the page turns to them when they are done, with all that was typed.
  const joining = document.querySelector("[data-joining]");
  const asking = joining && setInterval(async () => {
    const answer = await fetch(joining.dataset.joining, { cache: "no-store" }).catch(() => null);
    if (answer?.status !== 200) return;
    clearInterval(asking);
    joining.click();
  }, 2_000);

  document.addEventListener("click", ({ target }) => {
    if (target.closest("[data-print]")) print();
  });
})();
