// Brings the till's page to life: its module, printing. Pages are whole without it.
(() => {
  const { js, wasm } = document.currentScript.dataset;
  import(js)
    .then(async (module) => {
      await module.default({ module_or_path: wasm });
      module.start();
    })
    .catch(console.warn);

  document.addEventListener("click", ({ target }) => {
    if (target.closest("[data-print]")) print();
  });
})();
