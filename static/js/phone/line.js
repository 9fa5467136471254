// The line on every page: when something last arrived, what waits, and what is the matter.

import { noteUnsent } from "./owner.js";
import { fill, one, part, say } from "./parts.js";
import { counts } from "./records.js";
import { momentOf } from "./when.js";
import { clock } from "./wire.js";

/** @typedef {import("./app.js").App} App */
/** @typedef {import("./records.js").Counts} Counts */

const OFF = 10 * 60_000; // ms by which a clock may be wrong before it is said

/**
 * Keep the line true, also about what other tabs do.
 * @param {App} app
 * @returns {() => Promise<void>} draw it now
 */
export function startLine(app) {
  const place = one(document, "[data-line]", HTMLElement);
  place.replaceChildren(part("line"));
  const draw = once(() => drawLine(app, place));
  for (const event of ["online", "offline"]) window.addEventListener(event, draw);
  app.addEventListener("change", draw);
  draw();
  return draw;
}

/**
 * Let only one run at a time; what is asked for meanwhile is done right after.
 * @param {() => Promise<void>} work
 * @returns {() => Promise<void>}
 */
export function once(work) {
  /** @type {Promise<void> | null} */
  let running = null;
  let again = false;
  const run = async () => {
    do {
      again = false;
      await work();
    } while (again);
  };
  return () => {
    again = true;
    running ??= run().finally(() => (running = null));
    return running;
  };
}

/**
 * @param {App} app
 * @param {HTMLElement} place
 */
async function drawLine(app, place) {
  if (!app.store) return;
  const found = await counts(app.store);
  const last = (await app.store.get("kept", "last"))?.value;
  noteUnsent(found.draft + found.waiting + found.failed);
  const mood = moodOf(app, found);
  set(place, { said: sentence(mood, found, last) });
  place.dataset.mood = mood;
  one(place, "[data-sign-in]", HTMLElement).hidden = mood !== "signin" || !navigator.onLine;
  const behind = Math.round(Math.abs(clock.behind) / 60_000);
  one(place, "[data-clock]", HTMLElement).hidden = Math.abs(clock.behind) <= OFF;
  set(place, { clock: say(clock.behind > 0 ? "clock-slow" : "clock-fast", { n: behind }) });
  one(place, "[data-full]", HTMLElement).hidden = !app.full && app.sender?.trouble !== "full";
  one(place, "[data-update]", HTMLElement).hidden = !app.newer;
}

/**
 * @param {App} app
 * @param {Counts} found
 */
function moodOf(app, found) {
  if (app.sender?.busy && found.waiting) return "sending";
  if (app.sender?.trouble === "signin") return "signin";
  if (!navigator.onLine || app.sender?.trouble === "offline") return "offline";
  if (found.failed) return "failed";
  return found.waiting ? "waiting" : "rest";
}

/**
 * @param {string} mood
 * @param {Counts} found
 * @param {number | undefined} last
 */
function sentence(mood, found, last) {
  const parts = [last ? say("last-sent", { time: momentOf(last) }) : say("never-sent")];
  if (found.waiting) parts.push(say("n-waiting", { n: found.waiting }));
  if (found.failed) parts.push(say("n-failed", { n: found.failed }));
  if (mood === "rest" && last && !found.draft) parts.push(say("all-sent"));
  const first = { sending: say("now-sending"), offline: say("no-signal") }[mood];
  return [...(first ? [first] : []), ...parts].join(" · ");
}

/**
 * Write only what is new: a reader of the screen hears each change once.
 * @param {ParentNode} place
 * @param {Record<string, string>} values
 */
function set(place, values) {
  for (const [name, text] of Object.entries(values)) {
    if (place.querySelector(`[data-fill="${name}"]`)?.textContent !== text) fill(place, { [name]: text });
  }
}
