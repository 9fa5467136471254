// A link opens the next page at its top; the way back finds the place where a page was left.

import { newKey } from "./keys.js";

/** @type {Map<string, number>} */
const places = new Map();
let here = "";

/** Take over from the browser, which puts the page back before there is anything on it. */
export function startTurning() {
  history.scrollRestoration = "manual";
  here = named();
}

/**
 * Note where the page that goes was, before another is drawn.
 * @returns {number} where the one that comes was left; 0 when it is a new one
 */
export function turn() {
  places.set(here, window.scrollY);
  here = named();
  return places.get(here) ?? 0;
}

/** @returns {string} the name of this step of the browser's history */
function named() {
  if (!history.state?.place) history.replaceState({ ...history.state, place: newKey() }, "");
  return history.state.place;
}
