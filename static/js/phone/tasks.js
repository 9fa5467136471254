// One thing to do as a line of a list: what, where, when and how urgent, in words beside the colour.

import { clock, clockRange, longDate, shortDate } from "./dates.js";
import { villageOf } from "./agenda.js";
import { fill, one, part, say } from "./parts.js";

/** @typedef {import("./agenda.js").Task} Task */
/** @typedef {{dated?: boolean, placed?: boolean}} How dated: say the day; placed: the village stands above already */
/** @typedef {{href: string, icon: string, title: string, note: string, mark: string, tone: string, quote?: string}} Line */

/**
 * @param {Line} line
 * @returns {DocumentFragment}
 */
export function taskLine({ href, icon, title, note, mark, tone, quote = "" }) {
  const node = fill(part("task"), { title, note, mark, quote });
  one(node, "a", HTMLAnchorElement).href = href;
  one(node, ".task", HTMLElement).classList.add(`task-${tone}`);
  one(node, ".chip", HTMLElement).classList.add(`chip-${tone}`);
  draw(node, icon);
  return node;
}

/**
 * Choose the picture of a piece of the page.
 * @param {ParentNode} node
 * @param {string} icon
 */
export function draw(node, icon) {
  const use = one(node, "use", SVGUseElement);
  use.setAttribute("href", (use.getAttribute("href") || "").replace(/#.*/, `#${icon}`));
}

/**
 * @param {any} pack
 * @param {Task} task
 * @param {How} [how]
 * @returns {DocumentFragment}
 */
export function lineOf(pack, task, how = {}) {
  return taskLine(LINES[task.kind](pack, task, how));
}

/** @type {Record<import("./agenda.js").Kind, (pack: any, task: Task, how: How) => Line>} */
const LINES = {
  plan(pack, { village, at, zone, late, row }, { dated }) {
    const day = dated || late > 0 ? `${shortDate(at, zone)}, ${clock(at, zone)}` : clock(at, zone);
    const note = row.purpose ? `${day} · ${row.purpose}` : day;
    const [mark, tone] = late > 0 ? [say("not-logged"), "warn"] : [say("planned"), "info"];
    return { href: `#/visit/new/${village}`, icon: "visit", title: visitTo(pack, village), note, mark, tone };
  },
  session(pack, { at, zone, row }, { dated }) {
    const hours = clockRange(row.starts_at, row.ends_at, zone);
    const day = dated ? `${shortDate(at, zone)}, ${hours}` : hours;
    const [mark, tone] = sessionMark(row);
    return { href: `#/session/${row.id}`, icon: "people", title: row.title, note: `${day} · ${row.place || placeOf(pack, row)}`, mark, tone };
  },
  item(pack, { village, day, late, row }, { placed }) {
    const [mark, tone] = dueMark(late, day);
    const whom = [row.owner, placed ? "" : villageOf(pack, village)?.name].filter(Boolean).join(" · ");
    return { href: `#/village/${village}`, icon: "task", title: row.what, note: whom, mark, tone };
  },
  draft(pack, { id, village, at, zone }) {
    const note = say("draft-note", { date: longDate(at, zone) });
    return { href: `#/visit/${id}`, icon: "edit", title: visitTo(pack, village), note, mark: say("draft"), tone: "warn" };
  },
};

/**
 * @param {any} pack
 * @param {number | undefined} village
 */
function visitTo(pack, village) {
  const found = village && villageOf(pack, village);
  return found ? say("visit-in", { village: found.name }) : say("visit");
}

/**
 * @param {any} pack
 * @param {any} session
 */
const placeOf = (pack, session) => villageOf(pack, session.villages[0])?.name || "";

/**
 * @param {any} session
 * @returns {[string, string]}
 */
function sessionMark({ state, starts_at, ends_at, seats }) {
  if (state === "cancelled") return [say("cancelled"), "bad"];
  if (state === "closed") return [say("closed"), "good"];
  const now = Date.now();
  if (now < Date.parse(starts_at)) return [say("session"), "info"];
  const empty = seats.some((/** @type {any} */ seat) => seat.state === "expected");
  if (now > Date.parse(ends_at) && empty) return [say("sheet-empty"), "warn"];
  return [say("sheet-open"), "good"];
}

/**
 * Say how a day of promise stands to today, always with the date.
 * @param {number} late days since then
 * @param {string} day
 * @returns {[string, string]} the sentence and its tone
 */
function dueMark(late, day) {
  const date = shortDate(day);
  if (late > 0) return [say("overdue", { n: late, date }), "bad"];
  if (late === 0) return [say("due-today", { date }), "warn"];
  if (late === -1) return [say("due-tomorrow", { date }), "info"];
  return [say("due", { date }), "info"];
}

/**
 * One open action item without a day.
 * @param {any} item
 * @returns {DocumentFragment}
 */
export function undatedLine(item) {
  return taskLine({
    href: `#/village/${item.village}`, icon: "task", title: item.what, note: item.owner, mark: say("no-day"), tone: "none",
  });
}
