import { part } from "../parts.js";

/** @type {import("../app.js").View} */
export async function session(_app, root) {
  root.replaceChildren(part("session"));
}
