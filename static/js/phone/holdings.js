// What was fetched and how big it is, in words.

import { fill, part, say } from "./parts.js";
import { freshness } from "./pack.js";
import { sizeOf } from "./when.js";

/** @typedef {import("./app.js").App} App */

/**
 * @param {App} app
 * @returns {Promise<string>} empty when nothing is kept
 */
export async function holdings({ pack, store }) {
  const bytes = (await freshness(store))?.bytes;
  if (!pack || !bytes) return "";
  const { villages, people, items, sessions } = pack;
  const counts = { villages: villages.length, people: people.length, items: items.length, sessions: sessions.length };
  return say("holds", { ...counts, size: sizeOf(bytes) });
}

/**
 * Say it above the first page, until its owner goes on.
 * @param {App} app
 */
export async function tellFetched(app) {
  const holds = await holdings(app);
  if (!holds) return;
  const notice = /** @type {HTMLElement} */ (fill(part("fetched"), { holds }).firstElementChild);
  document.querySelector("[data-view]")?.before(notice);
  window.addEventListener("hashchange", () => notice.remove(), { once: true });
}
