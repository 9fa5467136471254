import { part } from "../parts.js";

/** @type {import("../app.js").View} */
export async function visit(_app, root) {
  root.replaceChildren(part("visit"));
}
