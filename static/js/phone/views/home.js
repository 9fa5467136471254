import { part } from "../parts.js";

/** @type {import("../app.js").View} */
export async function home(_app, root) {
  root.replaceChildren(part("home"));
}
