// The file of what has not arrived: a mentor gives it to a coordinator when the phone cannot send.

import { readable, UNSENT } from "./records.js";
import { itemOf } from "./send_visits.js";

/** @typedef {import("./store.js").Store} Store */
/** @typedef {import("./store.js").Row} Row */

/**
 * Write what waits or failed; drafts stay, they are not finished.
 * @param {Store} store
 * @param {number} mentor
 * @returns {Promise<File>}
 */
export async function unsentFile(store, mentor) {
  const left = (await store.all("visits")).filter((row) => UNSENT.includes(row.state)).map(readable);
  const acts = (await store.all("acts")).filter((row) => UNSENT.includes(row.state));
  const head = { kind: "desa-devisa-unsent", schema: 1, mentor, saved_at: new Date().toISOString() };
  const lists = { visits: left.map(asItem), acts: acts.map((row) => row.act) };
  const photos = await photosOf(store, left);
  const start = JSON.stringify({ ...head, ...lists }).slice(0, -1);
  const day = head.saved_at.slice(0, 10);
  return new File([start, ',"photos":[', ...photos, "]}"], `desa-devisa-${mentor}-${day}.txt`, { type: "text/plain" });
}

/** @param {Row} row */
const asItem = (row) => ({ ...itemOf(row), state: row.state === "draft" ? "draft" : "submitted" });

/**
 * @param {Store} store
 * @param {Row[]} rows
 * @returns {Promise<string[]>}
 */
async function photosOf(store, rows) {
  const found = [];
  for (const row of rows) {
    for (const photo of row.photos) {
      const kept = await store.get("blobs", photo.id);
      if (!kept || photo.sent) continue;
      const jpeg = base64(new Uint8Array(await kept.blob.arrayBuffer()));
      const facts = { id: photo.id, visit: row.id, taken_at: photo.taken_at, sha256: photo.sha256, jpeg };
      found.push(`${found.length ? "," : ""}${JSON.stringify(facts)}`);
    }
  }
  return found;
}

/** @param {Uint8Array} bytes */
function base64(bytes) {
  let text = "";
  for (let place = 0; place < bytes.length; place += 0x8000) {
    text += String.fromCharCode(...bytes.subarray(place, place + 0x8000));
  }
  return btoa(text);
}
