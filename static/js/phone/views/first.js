// Before anything is kept: fetch the pack and show what it is and how big, or say why it cannot be had.

import { notedUnsent } from "../owner.js";
import { fill, one, part, say } from "../parts.js";
import { sizeOf } from "../when.js";

/** @typedef {import("../app.js").App} App */

/**
 * @param {App} app
 * @param {HTMLElement} root
 */
export async function first(app, root) {
  root.replaceChildren(part("first"));
  explain(app, root);
  const arriving = (/** @type {Event} */ event) => follow(root, /** @type {CustomEvent} */ (event).detail);
  app.addEventListener("arriving", arriving);
  one(root, "[data-again]", HTMLElement).addEventListener("click", () => ask(app, root));
  if (app.hidden !== "revoked") void ask(app, root);
  else tell(root, "revoked");
  return () => app.removeEventListener("arriving", arriving);
}

/**
 * @param {App} app
 * @param {HTMLElement} root
 */
function explain(app, root) {
  const n = notedUnsent();
  const word = { "": "", revoked: "", strange: "why-strange", cleared: n ? "why-lost" : "why-cleared" }[app.hidden];
  one(root, "[data-why]", HTMLElement).hidden = !word;
  if (word) fill(root, { why: say(word, { n }) });
}

/**
 * @param {App} app
 * @param {HTMLElement} root
 */
async function ask(app, root) {
  tell(root, "");
  tell(root, await app.meet(true));
}

/**
 * @param {HTMLElement} root
 * @param {string} news
 */
function tell(root, news) {
  const known = ["none", "busy", "signin", "revoked"].includes(news);
  fill(root, { state: say(known ? `first-${news}` : "asking") });
  for (const [name, shown] of Object.entries({
    "[data-sign-in]": news === "signin",
    "[data-again]": news === "none" || news === "busy",
  })) {
    const place = root.querySelector(name);
    if (place instanceof HTMLElement) place.hidden = !shown;
  }
}

/**
 * @param {HTMLElement} root
 * @param {{bytes: number, holds: Record<string, number>}} told
 */
function follow(root, { bytes, holds }) {
  const bar = root.querySelector("[data-arriving]");
  if (!(bar instanceof HTMLProgressElement) || !holds.bytes) return;
  bar.hidden = false;
  bar.max = holds.bytes;
  bar.value = Math.min(bytes, holds.bytes);
  fill(root, { state: say("holds", { ...holds, size: sizeOf(holds.bytes) }) });
}
