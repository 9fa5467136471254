// Logging a visit: `#/visit/new` begins one (`new/<village>` in a village), `#/visit/<id>/<step>` goes on with it.

import { stillOpen } from "../agenda.js";
import { one, part } from "../parts.js";
import { loadPack } from "../pack.js";
import { newVisit, open as isOpen, readable } from "../records.js";
import { blank, contentOf, correctionOf, isBlank } from "../visit/content.js";
import { Desk, STEPS, WIDE } from "../visit/desk.js";
import { Draft } from "../visit/draft.js";
import { readVisit } from "../visit/read.js";
import { settle } from "../visit/steps/village.js";

/** @typedef {import("../app.js").App} App */
/** @typedef {import("../store.js").Row} Row */

/** @type {{id: string, desk: Promise<Desk | null>} | null} what is being written in this window */
let now = null;

/** @type {import("../app.js").View} */
export async function visit(app, root, id = "new", step = "") {
  if (id === "new") return begin(app, step);
  if (now?.id !== id) {
    await leaveNow();
    now = { id, desk: sit(app, root, id) };
  }
  const desk = await now.desk;
  if (desk && now?.id === id) {
    if (!root.contains(desk.el)) root.replaceChildren(desk.el);
    desk.show(stepOf(step, desk.draft.row.step));
  }
  return () => leave(id);
}

/**
 * @param {string} step
 * @param {number} last
 */
function stepOf(step, last) {
  const number = Number(step);
  return Number.isInteger(number) && number >= 1 && number <= STEPS ? number : Math.min(STEPS, Math.max(1, last || 1));
}

/**
 * Begin a draft, or go on with one that nobody wrote in yet.
 * @param {App} app
 * @param {string} village
 */
async function begin(app, village) {
  await leaveNow();
  const pack = app.pack ?? (await loadPack(app.store));
  const row = (await unwritten(app)) || newVisit(blank());
  const only = pack?.villages.length === 1 ? pack.villages[0] : null;
  const given = pack?.villages.find((/** @type {Row} */ each) => String(each.id) === village) || only;
  row.content = blank();
  if (given) settle(row, given);
  const step = row.content.program ? 2 : 1;
  await app.store.put("visits", { ...row, step });
  location.replace(`#/visit/${row.id}/${step}`);
}

/** @param {App} app */
async function unwritten(app) {
  const { held = [] } = await navigator.locks.query();
  const busy = new Set(held.map(({ name }) => name));
  const rows = (await app.store.all("visits")).filter((row) => row.state === "draft").map(readable);
  return rows.find((row) => isBlank(row) && !busy.has(`visit-${row.id}`));
}

/**
 * Open a visit to write it, else show it to be read.
 * @param {App} app
 * @param {HTMLElement} root
 * @param {string} id
 * @returns {Promise<Desk | null>}
 */
async function sit(app, root, id) {
  const pack = app.pack ?? (await loadPack(app.store));
  const kept = await app.store.get("visits", id);
  const known = pack?.visits.find((/** @type {Row} */ each) => each.id === id);
  const row = kept && readable(kept);
  const given = known && givenBack(row, known, decisionOn(pack, row)) && known.mentor.id === pack.user.id ? copyOf(known, row) : null;
  const written = given || (row && isOpen(row) && row.state !== "waiting" ? row : null);
  if (!written) {
    read({ app, pack }, root, row, known);
    return null;
  }
  return write({ app, pack }, root, written, given ? kept?.rev ?? 0 : null);
}

/**
 * @param {{app: App, pack: any}} seen
 * @param {HTMLElement} root
 * @param {Row} row
 * @param {number | null} over
 */
async function write({ app, pack }, root, row, over) {
  const draft = new Draft(app.store, row, over);
  await draft.take();
  const rows = await app.store.all("visits");
  const past = [...rows.map((each) => each.content), ...(pack?.visits || [])];
  const items = stillOpen({ pack, visits: rows.filter((each) => each.id !== row.id) });
  const desk = new Desk(app, pack && { ...pack, items }, draft, past);
  root.replaceChildren(desk.el);
  wireWindow(desk);
  return desk;
}

/**
 * Tell whether the server gave this visit back, or holds a draft of it, newer than what the phone sent.
 * @param {Row | undefined} row
 * @param {Row} known
 * @param {Row | null} decision
 */
function givenBack(row, known, decision) {
  if (!["returned", "draft"].includes(known.state)) return false;
  if (!row) return true;
  const newer = known.version - (row.base_version ?? 0);
  if (row.state === "review") return Boolean(decision) && newer >= 0;
  return !isOpen(row) && newer > 0;
}

/**
 * Find what was decided about a version that the coordinator had to look at; null while it waits.
 * @param {any} pack
 * @param {Row | undefined} row
 * @returns {Row | null}
 */
function decisionOn(pack, row) {
  const held = row?.state === "review" && pack?.held.find((/** @type {Row} */ each) => each.id === row.id);
  return held && held.state !== "waiting" ? held : null;
}

/**
 * @param {Row} known
 * @param {Row | undefined} row what the phone sent before
 * @returns {Row} kept at the first word that is written in it
 */
function copyOf(known, row) {
  const photos = known.photos.map((/** @type {Row} */ photo) => {
    const own = row?.photos.find((/** @type {Row} */ each) => each.id === photo.id);
    const elsewhere = !own && !photo.arrived; // its bytes wait on another phone, which sends them
    return { id: photo.id, sha256: photo.sha256, size: 0, taken_at: photo.taken_at, sent: photo.arrived, elsewhere, ...own };
  });
  return { ...newVisit(contentOf(known)), id: known.id, base_version: known.version, photos };
}

/**
 * @param {{app: App, pack: any}} seen
 * @param {HTMLElement} root
 * @param {Row | undefined} row
 * @param {Row | undefined} known
 */
function read(seen, root, row, known) {
  if (!row && !known) {
    root.replaceChildren(part("visit-unknown"));
    one(root, "h1", HTMLElement).focus();
    return;
  }
  const decision = decisionOn(seen.pack, row);
  const settled = known?.state === "approved" || !row || (known && decision?.state === "taken"); // the server's word is the newer one
  const content = settled && known ? namedContent(known) : row?.content;
  const standing = settled && known ? { state: known.state, photos: known.photos } : standingOf(/** @type {any} */ (row), decision);
  const mine = known?.mentor.id === seen.pack?.user.id;
  const ways = {
    ...(row && isOpen(row) && !settled ? { reopen: () => reopen(seen, root, row) } : {}),
    ...(known?.state === "approved" && mine ? { correct: () => correct(seen.app, known) } : {}),
  };
  readVisit(seen, root, content, standing, ways);
}

/**
 * @param {Row} row
 * @param {Row | null} decision
 * @returns {any}
 */
const standingOf = (row, decision) => (decision?.state === "dismissed" ? { ...row, state: "dismissed", detail: decision.comment } : row);

/** @param {Row} known */
function namedContent(known) {
  const attendees = known.attendees.map((/** @type {Row} */ came) => ({ name: came.person?.name || came.name }));
  return { ...contentOf(known), attendees, action_items: known.action_items };
}

/**
 * Take what waits back into the mentor's hands, if it is still there.
 * @param {{app: App, pack: any}} seen
 * @param {HTMLElement} root
 * @param {Row} row
 */
async function reopen(seen, root, row) {
  await seen.app.store.change("visits", row.id, (found) => (
    found && isOpen(readable(found)) ? { ...found, state: "draft", rev: found.rev + 1 } : undefined));
  now = { id: row.id, desk: sit(seen.app, root, row.id) };
  const desk = await now.desk;
  desk?.show(1);
}

/**
 * @param {App} app
 * @param {Row} known
 */
async function correct(app, known) {
  const row = newVisit(correctionOf(known));
  await app.store.put("visits", row);
  location.hash = `#/visit/${row.id}/4`;
}

/** @param {string} id */
function leave(id) {
  const [name, next] = location.hash.replace(/^#\/?/, "").split("/");
  if (now?.id !== id) return;
  if (name === "visit" && next === id) void now.desk.then((desk) => desk?.draft.flush());
  else void leaveNow();
}

async function leaveNow() {
  const was = now;
  now = null;
  const desk = await was?.desk;
  desk?.off();
  await desk?.draft.close();
}

/**
 * Show a visit anew that another window has handed over meanwhile.
 * @param {Desk} desk
 */
async function again(desk) {
  if ((await now?.desk) !== desk) return;
  await leaveNow();
  window.dispatchEvent(new HashChangeEvent("hashchange"));
}

/**
 * Keep the last words when the page goes, and follow another window that writes.
 * @param {Desk} desk
 */
function wireWindow(desk) {
  const hide = () => desk.draft.lastWords();
  const look = async () => {
    if (document.visibilityState === "hidden") return hide();
    if (!desk.draft.mine && !desk.draft.finished && (await desk.draft.take())) desk.paint();
    return undefined;
  };
  const wide = () => desk.show(desk.at, true);
  const stop = desk.app.store.watch(async () => {
    if (desk.draft.mine || desk.draft.finished) return;
    await desk.draft.reread();
    if (now && ["draft", "failed"].includes(desk.draft.row.state)) desk.paint();
    else await again(desk);
  });
  document.addEventListener("visibilitychange", look);
  window.addEventListener("pagehide", hide);
  WIDE.addEventListener("change", wide);
  desk.off = () => {
    stop();
    document.removeEventListener("visibilitychange", look);
    window.removeEventListener("pagehide", hide);
    WIDE.removeEventListener("change", wide);
  };
}
