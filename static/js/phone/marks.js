// Attendance on the phone: what stands on each line of a sheet, what a tap makes of it, and every tap kept as an act.

import { newKey } from "./keys.js";
import { queueAct, SCHEMA } from "./records.js";

/** @typedef {import("./store.js").Row} Row */
/** @typedef {import("./store.js").Store} Store */
/** @typedef {"" | "present" | "late" | "leave" | "sick" | "absent"} Mark */
/** @typedef {"" | "kept" | "waiting" | "overtaken" | "held" | "refused"} Stand what became of the mark; empty: nothing was marked */
/**
 * @typedef {{key: string, enrollment: number | null, person: any, name: string, mark: Mark, minutes: number, version: number,
 *   stand: Stand, why: string, bare: boolean, fresh: string, walkIn: boolean}} Line
 *   bare: a tap may bring it back to nothing; fresh: the act that was never sent
 */

/** @type {Mark[]} */
const ROUND = ["present", "leave", "sick", "absent"]; // one tap after the other
const CAME = ["present", "late"];

/** @param {any} session */
export const lengthOf = ({ starts_at, ends_at }) => Math.round((Date.parse(ends_at) - Date.parse(starts_at)) / 60_000);

/** @param {Line} line */
export const came = ({ mark }) => CAME.includes(mark);

/**
 * @param {Mark} mark
 * @param {boolean} bare
 * @returns {Mark}
 */
export function nextMark(mark, bare) {
  if (mark === "late") return "leave";
  return ROUND[ROUND.indexOf(mark) + 1] || (bare && mark ? "" : ROUND[0]);
}

/** @param {any} seat @returns {Mark} */
function markOf({ state, excuse }) {
  if (state === "excused") return excuse || "leave";
  return state === "expected" ? "" : state;
}

/**
 * @param {Mark} mark
 * @param {number} minutes attended by who came late
 */
function wordsOf(mark, minutes) {
  if (mark === "leave" || mark === "sick") return { state: "excused", excuse: mark };
  return mark === "late" ? { state: mark, minutes } : { state: mark };
}

/**
 * Lay what this phone marked over what the server last knew.
 * @param {any} session
 * @param {Row[]} rows acts of the phone
 * @param {any[]} people
 * @returns {Line[]} in the order of the sheet; who came unasked stands at the end
 */
export function linesOf(session, rows, people) {
  const lines = new Map(session.seats.map((/** @type {any} */ seat) => [`seat-${seat.enrollment}`, seated(seat)]));
  for (const row of rows.filter(({ act }) => act.session === session.id).sort(byTime)) {
    if (row.act.kind === "walk_in") walkIn(lines, row, people);
    else lay(lines.get(`seat-${row.act.enrollment}`), row);
  }
  return [...lines.values()];
}

/** @param {any} seat @returns {Line} */
function seated({ enrollment, person, name, state, minutes, excuse, version }) {
  const mark = markOf({ state, excuse });
  const stand = mark ? "kept" : "";
  return {
    key: `seat-${enrollment}`, enrollment, person, name, mark, minutes, version, stand, why: "", bare: !mark, fresh: "",
    walkIn: false,
  };
}

/**
 * @param {Line | undefined} line
 * @param {Row} row
 */
function lay(line, row) {
  if (!line || row.state === "undone") return;
  line.bare = line.bare && isFresh(row);
  line.fresh = isFresh(row) ? row.id : "";
  line.stand = standOf(row);
  line.why = row.detail || "";
  if (row.seat) settle(line, row.seat, markOf(row.act));
  // A word that was refused or came too late changes nothing: what stands is what the server has.
  else if (line.stand !== "refused" && line.stand !== "overtaken") [line.mark, line.minutes] = [markOf(row.act), row.act.minutes ?? 0];
}

/**
 * Take over what the server answered, unless the pack is newer than that answer.
 * @param {Line} line
 * @param {any} seat
 * @param {Mark} meant
 */
function settle(line, seat, meant) {
  if (seat.version >= line.version) [line.mark, line.minutes, line.version] = [markOf(seat), seat.minutes, seat.version];
  if (line.stand === "kept" && line.mark !== meant) line.stand = "overtaken";
  if (line.stand === "overtaken" && line.mark === meant) line.stand = "kept";
}

/**
 * @param {Map<string, Line>} lines
 * @param {Row} row
 * @param {any[]} people
 */
function walkIn(lines, row, people) {
  const { person, name } = row.act;
  const known = [...lines.values()].some((line) => person && line.person === person);
  if (row.state === "undone" || known || (row.seat && lines.has(`seat-${row.seat.enrollment}`))) return;
  if (row.seat) return void lines.set(`seat-${row.seat.enrollment}`, seated(row.seat));
  const stand = standOf(row);
  lines.set(row.id, {
    key: row.id, enrollment: null, person: person ?? null, name: name || people.find(({ id }) => id === person)?.name || "",
    mark: stand === "refused" ? "" : "present", minutes: 0, version: 0, stand, why: row.detail || "", bare: false,
    fresh: isFresh(row) ? row.id : "", walkIn: true,
  });
}

/** @param {Row} row @returns {Stand} */
function standOf({ state, reason }) {
  if (state === "failed") return "refused";
  if (state === "review") return "held";
  if (state === "sent") return reason === "dismissed" ? "refused" : reason === "overtaken" ? "overtaken" : "kept";
  return "waiting";
}

/** @param {Row} row it has certainly never left this phone */
const isFresh = ({ state, tries }) => state === "waiting" && !tries;

/**
 * @param {Row} one
 * @param {Row} other
 */
const byTime = (one, other) => Date.parse(one.act.made_at) - Date.parse(other.act.made_at) || one.id.localeCompare(other.id);

/**
 * Keep one mark: in the last act of that line when it has never left the phone, in a new one otherwise.
 * @param {Store} store
 * @param {any} session
 * @param {Line} line
 * @param {Mark} mark
 * @param {number} minutes
 * @returns {Promise<string>} the act that holds it now; empty when it was taken back
 */
export async function keepMark(store, session, line, mark, minutes) {
  if (!mark) return (await undo(store, line.fresh)) ? "" : line.fresh;
  const made_at = new Date().toISOString();
  const act = { kind: "mark", session: session.id, enrollment: line.enrollment, ...wordsOf(mark, minutes), made_at };
  const changed = await turn(store, line.fresh, (row) => ({ ...row, act: { ...act, id: row.id } }));
  return changed ? line.fresh : (await queueAct(store, act)).id;
}

/**
 * Keep the same mark on many lines, all or none.
 * @param {Store} store
 * @param {any} session
 * @param {Line[]} lines
 * @param {Mark} mark
 */
export async function keepMarks(store, session, lines, mark) {
  const made_at = new Date().toISOString();
  const acts = lines.map(({ enrollment }) => ({
    id: newKey(), kind: "mark", session: session.id, enrollment, ...wordsOf(mark, 0), made_at,
  }));
  await store.write(acts.map((act) => ({
    shelf: "acts",
    put: { id: act.id, state: "waiting", schema: SCHEMA, act, detail: "", reason: "", tries: 0 },
  })));
  return acts.map(({ id }) => id);
}

/**
 * Take an act back that has never left the phone.
 * @param {Store} store
 * @param {string} id
 * @returns {Promise<boolean>} false when it may have left
 */
export async function undo(store, id) {
  const taken = await turn(store, id, (row) => ({ ...row, state: "undone" }));
  if (taken) await store.remove("acts", id);
  return taken;
}

/**
 * Change an act while nobody sends it; one that may have left is not touched.
 * @param {Store} store
 * @param {string} id
 * @param {(row: Row) => Row} change
 * @returns {Promise<boolean>}
 */
async function turn(store, id, change) {
  let done = false;
  if (id) {
    await store.change("acts", id, (row) => {
      done = Boolean(row && isFresh(row));
      return done && row ? change(row) : undefined;
    });
  }
  return done;
}

/**
 * Keep that somebody came unasked: a person of the village, or a name.
 * @param {Store} store
 * @param {any} session
 * @param {{cohort: number, person?: number, name?: string, sex?: string}} who
 */
export function keepWalkIn(store, session, who) {
  return queueAct(store, { kind: "walk_in", session: session.id, ...who, made_at: new Date().toISOString() });
}
