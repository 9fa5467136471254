// The mentor's app: opens what the phone keeps, shows the view of the address, and listens for the network.
import { openStore } from "./store.js";
import { home } from "./views/home.js";
import { queue } from "./views/queue.js";
import { session } from "./views/session.js";
import { village } from "./views/village.js";
import { visit } from "./views/visit.js";

/** @typedef {{store: import("./store.js").Store, pack: any}} App */
/** @typedef {(app: App, root: HTMLElement, ...path: string[]) => Promise<void | (() => void)>} View a view may give back what to do when it is left */

/** @type {Record<string, View>} */
const VIEWS = { "": home, queue, session, village, visit };

/** @type {void | (() => void)} */
let leave;

/** @param {App} app */
async function show(app) {
  const [name, ...path] = location.hash.replace(/^#\/?/, "").split("/").map(decodeURIComponent);
  const root = document.querySelector("[data-view]");
  if (!(root instanceof HTMLElement)) return;
  leave?.();
  leave = await (VIEWS[name] || home)(app, root, ...path);
  for (const tab of document.querySelectorAll("[data-tab]")) {
    tab.toggleAttribute("aria-current", tab.getAttribute("data-tab") === (name || "home"));
  }
}

const app = { store: await openStore(localStorage.getItem("phone.user") || "new"), pack: null };
window.addEventListener("hashchange", () => show(app));
await show(app);
if ("serviceWorker" in navigator) await navigator.serviceWorker.register("/m/worker.js");
