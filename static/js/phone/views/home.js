// The first page: what is late, what is today, what came back, what comes, and the villages.

import { agendaOf, today, villageOf } from "../agenda.js";
import { dayOf, daysBetween, longDate, mondayOf, shortDate } from "../dates.js";
import { live, redraw } from "../live.js";
import { fill, one, part, say } from "../parts.js";
import { lineOf, taskLine, undatedLine } from "../tasks.js";

/** @typedef {import("../agenda.js").Task} Task */

/** @type {import("../app.js").View} */
export async function home(app, root) {
  const read = async () => {
    const [pack, visits] = [app.pack, await app.store.all("visits")];
    return { pack, visits, day: today({ pack, visits, now: new Date() }) };
  };
  return live(app, read, ({ pack, visits }) => redraw(root, page(pack, visits)));
}

/**
 * @param {any} pack
 * @param {any[]} visits
 */
function page(pack, visits) {
  const now = new Date();
  const node = part("home");
  fill(node, { date: longDate(now, pack.villages[0]?.zone) });
  const agenda = agendaOf({ pack, visits, now });
  const going = plannedVillage(agenda.today);
  if (going) one(node, "[data-log]", HTMLAnchorElement).href = `#/visit/new/${going}`;
  list(node, "late", agenda.late.map((task) => lineOf(pack, task, { dated: true })));
  list(node, "today", agenda.today.map((task) => lineOf(pack, task)), { stays: true });
  list(node, "returned", agenda.returned.map((/** @type {any} */ visit) => returnedLine(pack, visit)));
  list(node, "handovers", agenda.handovers.map((/** @type {any} */ row) => handoverLine(pack, row)));
  one(node, "[data-weeks]", HTMLElement).replaceChildren(...weeksOf(pack, agenda.weeks, dayOf(now, pack.villages[0]?.zone)));
  list(node, "items", agenda.items.map((/** @type {any} */ group) => itemsOf(pack, group)), { stays: true });
  list(node, "villages", agenda.villages.map((/** @type {any} */ village) => villageCard(pack, village)), { stays: true });
  return node;
}

/**
 * The village of today's plan, or of one that is still to be logged; 0 when there is none, or more than one.
 * @param {Task[]} tasks
 */
function plannedVillage(tasks) {
  const plans = tasks.filter(({ kind }) => kind === "plan");
  const now = plans.filter(({ late }) => late === 0);
  const villages = new Set((now.length ? now : plans).map(({ village }) => village));
  return villages.size === 1 ? [...villages][0] : 0;
}

/**
 * Fill one list; what has nothing to say is not there, or says so in its own words.
 * @param {ParentNode} node
 * @param {string} name
 * @param {Node[]} lines
 * @param {{stays?: boolean}} [how]
 */
function list(node, name, lines, { stays = false } = {}) {
  const section = one(node, `[data-part="${name}"]`, HTMLElement);
  section.hidden = !lines.length && !stays;
  one(section, "ul", HTMLElement).replaceChildren(...lines);
  one(section, "ul", HTMLElement).hidden = !lines.length;
  section.querySelector(".empty")?.toggleAttribute("hidden", lines.length > 0);
  fill(section, { many: lines.length });
}

/**
 * @param {any} pack
 * @param {any} visit
 */
function returnedLine(pack, visit) {
  const village = villageOf(pack, visit.village);
  return taskLine({
    href: `#/visit/${visit.id}`, icon: "return", title: say("visit-in", { village: village?.name || "" }),
    note: longDate(visit.visited_at, village?.zone), mark: say("returned"), tone: "warn", quote: visit.comment,
  });
}

/**
 * @param {any} pack
 * @param {any} row
 */
function handoverLine(pack, row) {
  return taskLine({
    href: row.url, icon: "account", title: say("handover", { village: row.name || villageOf(pack, row.village)?.name || "" }).trim(),
    note: say("handover-note"), mark: say("to-sign"), tone: "warn",
  });
}

/**
 * @param {any} pack
 * @param {{monday: string, days: {day: string, tasks: Task[]}[]}[]} weeks
 * @param {string} now
 */
function weeksOf(pack, weeks, now) {
  return weeks.map(({ monday, days }) => {
    const node = part("week");
    fill(node, { week: say(`week-${daysBetween(mondayOf(now), monday) / 7}`) });
    const coming = days.some(({ day, tasks }) => day > now && tasks.length);
    one(node, ".week", HTMLElement).classList.toggle("is-free", !coming);
    one(node, ".week-days", HTMLElement).append(...days.map(({ day, tasks }) => dayOfWeek(pack, day, tasks, now)));
    return node;
  });
}

/**
 * @param {any} pack
 * @param {string} day
 * @param {Task[]} tasks
 * @param {string} now
 */
function dayOfWeek(pack, day, tasks, now) {
  const apart = daysBetween(now, day);
  const date = shortDate(day);
  const name = apart === 0 ? say("today", { date }) : apart === 1 ? say("tomorrow", { date }) : date;
  const node = fill(part("week-day"), { day: name });
  const line = one(node, ".week-day", HTMLElement);
  line.classList.toggle("is-past", apart < 0);
  line.classList.toggle("is-today", apart === 0);
  line.classList.toggle("is-free", !tasks.length);
  one(node, "ul", HTMLElement).append(...tasks.map((task) => lineOf(pack, task)));
  one(node, "ul", HTMLElement).hidden = !tasks.length;
  one(node, "[data-free]", HTMLElement).hidden = tasks.length > 0;
  return node;
}

/**
 * @param {any} pack
 * @param {{village: any, dated: Task[], undated: any[]}} group
 */
function itemsOf(pack, { village, dated, undated }) {
  const node = fill(part("items-of-village"), { village: village.name, count: say("open-items", { n: dated.length + undated.length }) });
  one(node, "ul", HTMLElement).append(...dated.map((task) => lineOf(pack, task, { placed: true })), ...undated.map(undatedLine));
  return node;
}

/**
 * @param {any} pack
 * @param {any} village
 */
function villageCard(pack, village) {
  const people = pack.people.filter((/** @type {any} */ person) => person.village === village.id).length;
  const last = pack.visits
    .filter((/** @type {any} */ visit) => visit.village === village.id && visit.state !== "draft")
    .map((/** @type {any} */ visit) => visit.visited_at).sort().pop();
  const node = fill(part("village-card"), {
    name: village.name, place: village.place, commodity: village.commodity, people: say("people", { n: people }),
    last: last ? say("last-visit", { date: shortDate(last, village.zone) }) : say("no-visit-yet"),
  });
  one(node, "a", HTMLAnchorElement).href = `#/village/${village.id}`;
  return node;
}
