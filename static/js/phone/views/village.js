// One village: its open items, its last logs whole, what works there, what comes, and its people.

import { agendaOf, today, villageOf } from "../agenda.js";
import { live } from "../live.js";
import { logOf } from "../log.js";
import { fits } from "../narrow.js";
import { fill, one, part } from "../parts.js";
import { lineOf, undatedLine } from "../tasks.js";

const LOGS = 2;

/** @type {import("../app.js").View} */
export async function village(app, root, key) {
  const facts = async () => {
    const [pack, visits] = [app.pack, await app.store.all("visits")];
    return { pack, visits, day: today({ pack, visits, now: new Date() }) };
  };
  return live(app, facts, ({ pack, visits }) => {
    const found = villageOf(pack, key);
    const open = [...root.querySelectorAll("details[open]")].map((each) => each.id);
    root.replaceChildren(found ? page(pack, visits, found) : part("village-unknown"));
    for (const id of open) document.getElementById(id)?.toggleAttribute("open", true);
  });
}

/**
 * @param {any} pack
 * @param {any[]} visits
 * @param {any} village
 */
function page(pack, visits, village) {
  const node = fill(part("village"), { name: village.name, place: village.place, commodity: village.commodity, works: village.works });
  one(node, "[data-log]", HTMLAnchorElement).href = `#/visit/new/${village.id}`;
  const online = one(node, "[data-people]", HTMLAnchorElement);
  online.href = online.getAttribute("href")?.replace("/0/", `/${village.id}/`) || "";
  one(node, "[data-works] [data-empty]", HTMLElement).hidden = Boolean(village.works);
  const agenda = agendaOf({ pack, visits, now: new Date() });
  const items = agenda.items.find((/** @type {any} */ group) => group.village.id === village.id);
  const open = items ? [...items.dated.map((/** @type {any} */ task) => lineOf(pack, task, { placed: true })), ...items.undated.map(undatedLine)] : [];
  list(node, "items", open);
  one(node, "[data-then]", HTMLElement).hidden = !open.length;
  list(node, "logs", logs(pack, village));
  list(node, "coming", coming(pack, agenda, village));
  people(node, pack, village);
  return node;
}

/**
 * @param {ParentNode} node
 * @param {string} name
 * @param {Node[]} lines
 */
function list(node, name, lines) {
  const section = one(node, `[data-part="${name}"]`, HTMLElement);
  one(section, "ul", HTMLElement).replaceChildren(...lines);
  one(section, "ul", HTMLElement).hidden = !lines.length;
  one(section, "[data-empty]", HTMLElement).hidden = lines.length > 0;
}

/**
 * @param {any} pack
 * @param {any} village
 */
function logs(pack, village) {
  const here = pack.visits.filter((/** @type {any} */ visit) => visit.village === village.id && visit.state !== "draft");
  const last = here.sort((/** @type {any} */ one, /** @type {any} */ other) => Date.parse(other.visited_at) - Date.parse(one.visited_at));
  return last.slice(0, LOGS).map((/** @type {any} */ visit, /** @type {number} */ place) => logOf(pack, visit, village.zone, place === 0));
}

/**
 * @param {any} pack
 * @param {any} agenda
 * @param {any} village
 */
function coming(pack, agenda, village) {
  const days = agenda.weeks.flatMap((/** @type {any} */ week) => week.days);
  const tasks = days.flatMap((/** @type {any} */ day) => day.tasks).filter((/** @type {any} */ task) => {
    return task.late <= 0 && (task.village === village.id || task.row.villages?.includes(village.id));
  });
  return tasks.map((/** @type {any} */ task) => lineOf(pack, task, { dated: true }));
}

/**
 * @param {ParentNode} node
 * @param {any} pack
 * @param {any} village
 */
function people(node, pack, village) {
  const here = pack.people.filter((/** @type {any} */ person) => person.village === village.id);
  fill(node, { many: here.length });
  list(node, "people", here.map(({ name, hamlet }) => fill(part("village-person"), { name, hamlet })));
  const [find, search] = [one(node, "[data-find]", HTMLElement), one(node, "[data-search]", HTMLInputElement)];
  find.hidden = here.length < 9;
  search.addEventListener("input", () => {
    const fit = fits(search.value);
    for (const line of document.querySelectorAll(".people > li")) line.toggleAttribute("hidden", !fit(line.textContent || ""));
  });
}
