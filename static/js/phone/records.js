// What a mentor writes down on the phone, and the moves between its states; the shelves are those of store.js.
//
// draft    still being written            waiting  ready; goes as soon as there is a way
// sent     the server's word is there     review   arrived; someone on the other side must look
// failed   the server said no, in `detail`; the mentor mends it or tries again

import { newKey } from "./keys.js";

/** @typedef {import("./store.js").Row} Row */
/** @typedef {import("./store.js").Store} Store */

export const SCHEMA = 1;
export const UNSENT = ["draft", "waiting", "failed"];

/**
 * Begin a visit; it is on the phone only when it was put into the store.
 * @param {Row} content
 * @returns {Row}
 */
export function newVisit(content) {
  const now = new Date().toISOString();
  return {
    id: newKey(), state: "draft", schema: SCHEMA, rev: 1, base_version: null, taken: null, held: "",
    content, photos: [], step: 1, saved_at: now, detail: "", reason: "", tries: 0,
  };
}

/**
 * Change a visit that is still the mentor's; whatever it was, it is a draft again until it is made ready.
 * @param {Store} store
 * @param {string} id
 * @param {(row: Row) => void} turn changes content, photos or step in place
 * @returns {Promise<Row | undefined>} the row as it stands now
 */
export function edit(store, id, turn) {
  return store.change("visits", id, (found) => {
    if (!found || !open(found)) return undefined;
    const row = readable(structuredClone(found));
    turn(row);
    return { ...row, state: "draft", rev: row.rev + 1, saved_at: new Date().toISOString(), detail: "", reason: "" };
  });
}

/**
 * Tell whether a visit may still be changed here: nothing of it has arrived, or the server gave it back.
 * @param {Row} row
 */
export function open(row) {
  return UNSENT.includes(row.state) && row.taken == null;
}

/**
 * Hand a record over to the sender: a visit that is done, or one that failed and is to be tried again.
 * @param {Store} store
 * @param {"visits" | "acts"} shelf
 * @param {string} id
 */
export function ready(store, shelf, id) {
  return store.change(shelf, id, (row) => {
    if (!row || !UNSENT.includes(row.state)) return undefined;
    const photos = row.photos && readable(row).photos.map((/** @type {Row} */ photo) => ({ ...photo, refused: "" }));
    return { ...readable(row), ...(photos && { photos }), state: "waiting", detail: "", reason: "", tries: 0 };
  });
}

/**
 * Send a visit without the photos that the server refused; their bytes stay until it has agreed.
 * @param {Store} store
 * @param {string} id
 */
export function leaveRefused(store, id) {
  return store.change("visits", id, (row) => {
    if (row?.state !== "failed" || row.reason !== "photo") return undefined;
    const photos = row.photos.map((/** @type {Row} */ photo) => (photo.refused ? { ...photo, refused: "", left: true } : photo));
    return { ...row, photos, state: "waiting", detail: "", reason: "", tries: 0 };
  });
}

/**
 * Write down one act of attendance; it waits from the first moment. `act` is the wire's, without its id.
 * @param {Store} store
 * @param {Row} act
 * @returns {Promise<Row>}
 */
export async function queueAct(store, act) {
  const id = newKey();
  const row = { id, state: "waiting", schema: SCHEMA, act: { ...act, id }, detail: "", reason: "", tries: 0 };
  await store.put("acts", row);
  return row;
}

/**
 * Bring a row of an older edition to the shape of this one.
 * @param {Row} row
 * @returns {Row}
 */
export function readable(row) {
  if (row.schema === SCHEMA) return row;
  const photos = (row.photos || []).map((/** @type {Row} */ photo) => ({ sent: false, size: 0, ...photo }));
  const whole = { rev: 1, base_version: null, taken: null, held: "", step: 1, detail: "", reason: "", tries: 0, ...row };
  return { ...whole, photos, schema: SCHEMA };
}

/** @typedef {{draft: number, waiting: number, sent: number, failed: number, review: number}} Counts */

/**
 * Count the records of each state; a session's marks count as one each.
 * @param {Store} store
 * @returns {Promise<Counts>}
 */
export async function counts(store) {
  const found = { draft: 0, waiting: 0, sent: 0, failed: 0, review: 0 };
  for (const row of [...(await store.all("visits")), ...(await store.all("acts"))]) {
    found[/** @type {keyof Counts} */ (row.state)] += 1;
  }
  return found;
}
