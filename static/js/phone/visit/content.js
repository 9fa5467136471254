// What a visit says: the sync item without its id and photos, from nothing or from what the server knows.

import { newKey } from "../keys.js";
import { now } from "./clock.js";

/** @typedef {import("../store.js").Row} Row */
/** @typedef {{step: number, field: string, word: string, id?: string}} Fault what is missing, and where it is said */

const YEAR = 366 * 86_400_000; // ms

/** @returns {Row} */
export function blank() {
  return {
    village: null, program: null, visited_at: now(), mode: "on_site", modules: [], purpose: "", summary: "",
    attendees: [], findings: [], action_items: [], location: null, corrects: null, followed: [], state: "submitted",
  };
}

/**
 * Read a visit of the pack as content to go on with.
 * @param {Row} visit
 * @returns {Row}
 */
export function contentOf(visit) {
  const attendees = visit.attendees.map((/** @type {Row} */ came) => (came.person ? { person: came.person.id } : { name: came.name }));
  const findings = visit.findings.map((/** @type {Row} */ { module, criterion, text }) => (module ? { module, text } : { criterion, text }));
  const open = visit.action_items.filter((/** @type {Row} */ item) => item.state === "open");
  const items = open.map((/** @type {Row} */ { id, what, owner, due_on }) => ({ id, what, owner, due_on }));
  const { village, program, visited_at, mode, modules, purpose, summary, location = null, corrects = null } = structuredClone(visit);
  const given = { village, program, visited_at, mode, modules, purpose, summary, location, corrects };
  return { ...blank(), ...given, attendees, findings, action_items: items };
}

/**
 * Begin the correction of an approved visit; what was agreed stays with the first one.
 * @param {Row} visit
 * @returns {Row}
 */
export function correctionOf(visit) {
  return { ...contentOf(visit), corrects: visit.id, action_items: [] };
}

/** @returns {Row} */
export const newItem = () => ({ id: newKey(), what: "", owner: "", due_on: null });

/**
 * Tell whether nobody has written anything yet; what came by itself (a time, a location, the only village) is nothing.
 * @param {Row} row
 */
export function isBlank(row) {
  const { attendees, modules, findings, action_items, followed, purpose, summary, corrects } = row.content;
  const lists = [attendees, modules, findings, action_items, followed, row.photos];
  return !row.chosen && !row.base_version && !corrects && !purpose && !summary && lists.every((list) => !list.length);
}

/** @param {unknown} text */
const words = (text) => String(text ?? "").replace(/[^\P{Cc}\n\t]|[\ud800-\udfff]/gu, "").trim();

/**
 * Take away what is empty, and write the rest as it is sent.
 * @param {Row} content
 * @returns {Row}
 */
export function cleaned(content) {
  const { attendees, findings, action_items, followed } = content;
  const named = attendees.filter((/** @type {Row} */ came) => came.person || words(came.name));
  const found = findings.filter((/** @type {Row} */ each) => words(each.text));
  const items = action_items.filter((/** @type {Row} */ item) => words(item.what));
  return {
    ...content,
    purpose: words(content.purpose),
    summary: words(content.summary),
    attendees: named.map((/** @type {Row} */ came) => (came.person ? { person: came.person } : { name: words(came.name) })),
    findings: found.map((/** @type {Row} */ { text, ...about }) => ({ ...about, text: words(text) })),
    action_items: items.map((/** @type {Row} */ item) => ({ ...item, what: words(item.what), owner: words(item.owner) })),
    followed: followed.map((/** @type {Row} */ each) => ({ ...each, words: words(each.words) })),
    location: content.mode === "on_site" ? content.location : null,
  };
}

/**
 * Say what the server would refuse.
 * @param {Row} content
 * @returns {Fault[]} in the order of the steps
 */
export function faultsOf(content) {
  const clean = cleaned(content);
  const at = Date.parse(content.visited_at);
  /** @type {(Fault | false)[]} */
  const faults = [
    !content.village && { step: 1, field: "village", word: "visit-error-village" },
    content.village && !content.program && { step: 1, field: "program", word: "visit-error-program" },
    !clean.attendees.length && !clean.modules.length && !clean.summary && { step: 4, field: "done", word: "visit-error-done" },
    ...content.findings.map((/** @type {Row} */ each, /** @type {number} */ place) => (
      words(each.text) && !each.module && !each.criterion && { step: 4, field: "finding", id: String(place), word: "visit-error-about" })),
    Number.isNaN(at) && { step: 4, field: "when", word: "visit-error-when" },
    at > Date.now() + 60_000 && { step: 4, field: "when", word: "visit-error-future" },
    at < Date.now() - YEAR && { step: 4, field: "when", word: "visit-error-past" },
    ...content.followed.map((/** @type {Row} */ each) => (
      each.outcome === "dropped" && !words(each.words) && { step: 5, field: "earlier", id: each.id, word: "visit-error-why" })),
    ...content.followed.map((/** @type {Row} */ each) => (
      each.outcome === "carried_over" && !each.due_on && { step: 5, field: "earlier", id: each.id, word: "visit-error-due" })),
    ...content.action_items.map((/** @type {Row} */ item) => (
      !words(item.what) && (words(item.owner) || item.due_on) && { step: 5, field: "item", id: item.id, word: "visit-error-what" })),
  ];
  return /** @type {Fault[]} */ (faults.filter(Boolean));
}
