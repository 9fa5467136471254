// The records of the phone and of the server as lines of the queue; a session's marks of one state are one line.

import { say } from "./parts.js";
import { counts } from "./records.js";
import { momentOf } from "./when.js";

/** @typedef {import("./app.js").App} App */
/** @typedef {import("./store.js").Row} Row */
/** @typedef {{shelf: "visits" | "acts", ids: string[], row: Row | null, title: string, facts: string, why: string, word: string, link: string, at: string}} Line */
/** @typedef {{failed: Line[], waiting: Line[], draft: Line[], sent: Line[]}} Shelves */

const OUTCOMES = ["overtaken", "taken", "dismissed"]; // of a mark that the sheet has not simply taken
const RECENT = 30 * 86_400_000; // ms

/**
 * @param {App} app
 * @returns {Promise<{shelves: Shelves, counts: Record<string, number>}>}
 */
export async function linesOf(app) {
  /** @type {Shelves} */
  const shelves = { failed: [], waiting: [], draft: [], sent: [] };
  const visits = await app.store.all("visits");
  for (const row of visits) shelves[shelfOf(row)].push(visitLine(app, row));
  const known = new Set(visits.map((row) => row.id));
  for (const seen of arrivedBefore(app, known)) shelves.sent.push(seen);
  for (const rows of grouped(await app.store.all("acts"))) shelves[shelfOf(rows[0])].push(actsLine(app, rows));
  for (const lines of Object.values(shelves)) lines.sort((one, other) => (one.at < other.at ? 1 : -1));
  const found = await counts(app.store);
  return { shelves, counts: { ...found, sent: found.sent + found.review + arrivedBefore(app, known).length } };
}

/**
 * @param {Row} row
 * @returns {keyof Shelves}
 */
const shelfOf = (row) => (row.state === "review" ? "sent" : row.state);

/**
 * @param {App} app
 * @param {Row} row
 * @returns {Line}
 */
function visitLine(app, row) {
  const sent = row.photos.filter((/** @type {Row} */ photo) => photo.sent).length;
  const n = row.photos.length;
  const photos = n ? say(row.state === "draft" ? "visit-photos" : "photos", { sent, n }) : "";
  const at = row.content.visited_at || row.saved_at;
  return {
    ...{ shelf: "visits", ids: [row.id], row, at, link: `#/visit/${row.id}/${row.step || 1}` },
    title: villageName(app, row.content.village) || say("no-village"),
    facts: [momentOf(at), photos].filter(Boolean).join(" · "),
    why: row.state === "failed" ? row.detail : "",
    word: row.state === "sent" || row.state === "review" ? outcome(app, row) : "",
  };
}

/**
 * Say what has become of a visit on the other side.
 * @param {App} app
 * @param {Row} row
 */
function outcome(app, row) {
  const held = app.pack?.held.find((/** @type {Row} */ each) => each.id === row.id);
  const seen = app.pack?.visits.find((/** @type {Row} */ each) => each.id === row.id);
  if (held?.comment) return held.comment;
  if (row.state === "review" && (!held || held.state === "waiting")) return row.detail || say("word-review");
  return seen ? stateOf(seen) : "";
}

/** @param {Row} seen */
const stateOf = (seen) => (seen.state === "draft" ? "" : say(`word-${seen.state}`, { comment: seen.comment }));

/**
 * List my visits that the server has and this phone no longer keeps.
 * @param {App} app
 * @param {Set<string>} known
 * @returns {Line[]}
 */
function arrivedBefore(app, known) {
  const mine = (app.pack?.visits ?? []).filter(
    (/** @type {Row} */ each) =>
      each.mentor.id === app.pack.user.id && each.state !== "draft" && !known.has(each.id) &&
      Date.now() - Date.parse(each.visited_at) < RECENT,
  );
  return mine.map((/** @type {Row} */ each) => ({
    ...{ shelf: "visits", ids: [each.id], row: null, at: each.visited_at, link: `#/village/${each.village}` },
    title: villageName(app, each.village),
    facts: momentOf(each.visited_at),
    ...{ why: "", word: stateOf(each) },
  }));
}

/**
 * @param {App} app
 * @param {number} id
 * @returns {string}
 */
function villageName(app, id) {
  return app.pack?.villages.find((/** @type {Row} */ each) => each.id === id)?.name ?? "";
}

/**
 * Put acts of one session, state and reason together.
 * @param {Row[]} acts
 * @returns {Row[][]}
 */
function grouped(acts) {
  /** @type {Map<string, Row[]>} */
  const groups = new Map();
  for (const row of acts) {
    const said = row.state === "failed" || row.reason === "dismissed" ? row.detail : "";
    const key = [row.state, row.act.session, OUTCOMES.includes(row.reason) ? row.reason : "", said].join("|");
    groups.set(key, [...(groups.get(key) ?? []), row]);
  }
  return [...groups.values()];
}

/**
 * @param {App} app
 * @param {Row[]} rows
 * @returns {Line}
 */
function actsLine(app, rows) {
  const [row] = rows;
  const session = app.pack?.sessions.find((/** @type {Row} */ each) => each.id === row.act.session);
  const at = rows.map((each) => each.act.made_at).sort().at(-1);
  return {
    ...{ shelf: "acts", ids: rows.map((each) => each.id), row, at, link: session ? `#/session/${session.id}` : "" },
    title: say("attendance", { title: session?.title ?? `#${row.act.session}` }),
    facts: [say("n-marks", { n: rows.length }), momentOf(at)].join(" · "),
    why: row.state === "failed" ? row.detail : "",
    word: actsWord(row),
  };
}

/** @param {Row} row */
function actsWord({ state, reason, detail }) {
  if (state === "review") return detail || say("word-review");
  return state === "sent" && OUTCOMES.includes(reason) ? say(`word-${reason}`, { comment: detail }) : "";
}
