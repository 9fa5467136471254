import { part } from "../parts.js";

/** @type {import("../app.js").View} */
export async function village(_app, root) {
  root.replaceChildren(part("village"));
}
