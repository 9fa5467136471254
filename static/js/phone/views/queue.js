import { part } from "../parts.js";

/** @type {import("../app.js").View} */
export async function queue(_app, root) {
  root.replaceChildren(part("queue"));
}
