// What a mentor has to do and when, from what the phone keeps; it reads no clock and writes nothing.

import { dayOf, daysAfter, daysBetween, mondayOf } from "./dates.js";

const PATIENCE = 3; // days after which a planned visit that nobody logged is late
const AHEAD = 14; // days

/**
 * @typedef {"plan" | "session" | "item" | "draft"} Kind
 * @typedef {{kind: Kind, id: string, day: string, at: string, zone: string, village: number, late: number, row: any}} Task
 *   late: days since its day; negative while it lies ahead
 * @typedef {{pack: any, visits: any[], now: Date}} Facts
 */

/**
 * Put everything that is to be done where it belongs.
 * @param {Facts} facts
 */
export function agendaOf(facts) {
  const tasks = [...plans(facts), ...sessions(facts), ...items(facts), ...drafts(facts)].sort(byTime);
  const late = tasks.filter(isLate);
  return {
    late,
    today: tasks.filter((task) => !late.includes(task) && isToday(task)),
    returned: returned(facts),
    handovers: facts.pack.handovers || [],
    weeks: weeks(tasks, today(facts)),
    items: itemsByVillage(facts, tasks),
    villages: facts.pack.villages,
  };
}

/**
 * The day that it is for a mentor: that of the first village.
 * @param {Facts} facts
 */
export const today = ({ pack, now }) => dayOf(now, pack.villages[0]?.zone);

/** @param {Task} task */
function isLate({ kind, late, row }) {
  if (kind === "plan") return late > PATIENCE;
  if (kind === "session") return late > 0 && row.state === "scheduled";
  return late > 0;
}

/** @param {Task} task a visit that was planned stays here until it is late, what has begun stays all day */
const isToday = ({ kind, late }) => late === 0 || (kind === "plan" && late > 0);

/** @param {Facts} facts */
function plans(facts) {
  const { pack, visits } = facts;
  const logged = visits.filter(({ state }) => state !== "draft").map(({ content }) => content);
  return pack.plans
    .filter((/** @type {any} */ plan) => !logged.some((content) => keeps(content, plan, zoneOf(pack, plan.village))))
    .map((/** @type {any} */ plan) => task(facts, "plan", plan, plan.village, plan.planned_at));
}

/**
 * A visit on the planned day or up to three days later is the one that was planned.
 * @param {any} content
 * @param {any} plan
 * @param {string} zone
 */
function keeps(content, plan, zone) {
  if (content.village !== plan.village || !content.visited_at) return false;
  const apart = daysBetween(dayOf(plan.planned_at, zone), dayOf(content.visited_at, zone));
  return apart >= 0 && apart <= PATIENCE;
}

/** @param {Facts} facts */
function sessions(facts) {
  return facts.pack.sessions.map((/** @type {any} */ row) => {
    return { ...task(facts, "session", row, row.villages[0], row.starts_at, row.zone) };
  });
}

/**
 * The open items that the server named, as the visits that still wait here leave them.
 * @param {{pack: any, visits: any[]}} facts
 * @returns {any[]}
 */
export function stillOpen({ pack, visits }) {
  const followed = going(visits).flatMap(({ content }) => content.followed ?? []);
  const became = new Map(followed.map((each) => [each.id, each]));
  return (pack?.items ?? []).flatMap((/** @type {any} */ item) => {
    const { outcome, due_on } = became.get(item.id) ?? {};
    if (outcome === "done" || outcome === "dropped") return [];
    return [outcome === "carried_over" && due_on ? { ...item, due_on } : item];
  });
}

/** @param {any[]} visits those that are written and have not arrived */
const going = (visits) => visits.filter(({ state }) => state === "waiting" || state === "failed");

/** @param {Facts} facts what is open once everything on this phone has arrived */
function openItems({ pack, visits }) {
  const told = new Set(pack.items.map((/** @type {any} */ item) => item.id));
  const agreed = going(visits).flatMap(({ id, content }) =>
    (content.action_items ?? []).map((/** @type {any} */ item) => ({ ...item, visit: id, village: content.village })));
  return [...stillOpen({ pack, visits }), ...agreed.filter(({ id }) => !told.has(id))];
}

/** @param {Facts} facts */
function items(facts) {
  const dated = openItems(facts).filter((/** @type {any} */ item) => item.due_on);
  return dated.map((/** @type {any} */ item) => task(facts, "item", item, item.village, item.due_on));
}

/** @param {Facts} facts drafts of this phone, and those that the server has from another one */
function drafts(facts) {
  const { pack, visits } = facts;
  const here = new Set(visits.map(({ id }) => id));
  const mine = visits.filter(({ state, taken }) => state === "draft" && taken == null);
  const there = pack.visits.filter((/** @type {any} */ visit) => {
    return visit.state === "draft" && visit.mentor.id === pack.user.id && !here.has(visit.id);
  });
  const kept = [
    ...mine.map(({ id, saved_at, content }) => ({ ...content, id, at: content.visited_at || saved_at })),
    ...there.map((/** @type {any} */ visit) => ({ ...visit, at: visit.visited_at })),
  ];
  return kept.filter(({ id }) => !isReturned(pack, id)).map((row) => task(facts, "draft", row, row.village, row.at));
}

/**
 * @param {any} pack
 * @param {string} id
 */
const isReturned = (pack, id) => pack.visits.some((/** @type {any} */ row) => row.id === id && row.state === "returned");

/** @param {Facts} facts what came back and was not sent again since */
function returned({ pack, visits }) {
  const gone = new Set(visits.filter(({ state }) => state === "waiting" || state === "failed").map(({ id }) => id));
  return pack.visits.filter((/** @type {any} */ visit) => {
    return visit.state === "returned" && visit.mentor.id === pack.user.id && !gone.has(visit.id);
  });
}

/**
 * @param {Task[]} tasks
 * @param {string} from the day that it is
 */
function weeks(tasks, from) {
  const last = daysAfter(from, AHEAD);
  const found = [];
  for (let monday = mondayOf(from); monday <= last; monday = daysAfter(monday, 7)) {
    const days = [0, 1, 2, 3, 4, 5, 6].map((many) => daysAfter(monday, many)).filter((day) => day <= last);
    found.push({ monday, days: days.map((day) => ({ day, tasks: tasks.filter((each) => each.day === day && shows(each)) })) });
  }
  return found;
}

/** @param {Task} task what has an hour stands in the week */
const shows = ({ kind }) => kind === "session" || kind === "plan";

/**
 * @param {Facts} facts
 * @param {Task[]} tasks
 */
function itemsByVillage(facts, tasks) {
  const { pack } = facts;
  const undated = openItems(facts).filter((/** @type {any} */ item) => !item.due_on);
  const groups = pack.villages.map((/** @type {any} */ village) => ({
    village,
    dated: tasks.filter((task) => task.kind === "item" && task.village === village.id),
    undated: undated.filter((/** @type {any} */ item) => item.village === village.id),
  }));
  return groups.filter((/** @type {any} */ { dated, undated }) => dated.length + undated.length);
}

/**
 * @param {Facts} facts
 * @param {Kind} kind
 * @param {any} row
 * @param {number} village
 * @param {string} at a moment, or a day
 * @param {string} [given] the zone, when it is not the village's
 * @returns {Task}
 */
function task({ pack, now }, kind, row, village, at, given) {
  const zone = given || zoneOf(pack, village);
  const day = dayOf(at, zone);
  return { kind, id: row.id, day, at, zone, village, late: daysBetween(day, dayOf(now, zone)), row };
}

/**
 * @param {any} pack
 * @param {number} village
 */
const zoneOf = (pack, village) => villageOf(pack, village)?.zone;

/**
 * @param {any} pack
 * @param {number | string} village
 */
export const villageOf = (pack, village) => pack.villages.find((/** @type {any} */ row) => String(row.id) === String(village));

/**
 * @param {Task} one
 * @param {Task} other
 */
function byTime(one, other) {
  return one.day.localeCompare(other.day) || Date.parse(one.at) - Date.parse(other.at) || String(one.id).localeCompare(String(other.id));
}
