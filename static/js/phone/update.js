// A newer edition of the app waits until its owner wants it and nothing is being written.

/** @typedef {import("./app.js").App} App */

/** @param {App} app */
export async function startUpdates(app) {
  if (!("serviceWorker" in navigator)) return;
  const worker = await navigator.serviceWorker.register("/m/worker.js").catch(() => null); // without a network
  const kept = worker ?? (await navigator.serviceWorker.getRegistration("/m/"));
  if (!kept) return;
  let controlled = Boolean(navigator.serviceWorker.controller);
  const look = () => {
    if (kept.active && kept.waiting) ready(app);
  };
  look();
  kept.addEventListener("updatefound", () => kept.installing?.addEventListener("statechange", look));
  // Another tab took the newer edition: this one goes on as it is until its owner wants the newer one too.
  navigator.serviceWorker.addEventListener("controllerchange", () => {
    if (app.updating) location.reload();
    else if (controlled) ready(app);
    controlled = true;
  });
  document.addEventListener("click", (event) => {
    if (event.target instanceof Element && event.target.closest("[data-take-over]")) void takeOver(app, kept);
  });
}

/** @param {App} app */
function ready(app) {
  app.newer = true;
  app.changed();
}

/**
 * @param {App} app
 * @param {ServiceWorkerRegistration} kept
 */
async function takeOver(app, kept) {
  app.updating = true;
  await app.store?.idle();
  if (kept.waiting) kept.waiting.postMessage("take over");
  else location.reload();
}
