// The file of what has not arrived: a mentor gives it to a coordinator when the phone cannot send.

import { readable, UNSENT } from "./records.js";
import { itemOf } from "./send_visits.js";

/** @typedef {import("./store.js").Store} Store */
/** @typedef {import("./store.js").Row} Row */
/** @typedef {{visits: Row[], acts: Row[], photos: string[], size: number}} Heap what goes into one file */

const MOST = 60_000_000; // characters of one file; the far end takes 64 MB

/**
 * Write what has not arrived into as few files as hold it; each can be brought in alone, and in any order.
 * @param {Store} store
 * @param {number} mentor
 * @param {number} [most]
 * @returns {Promise<File[]>}
 */
export async function unsentFiles(store, mentor, most = MOST) {
  const acts = (await store.all("acts")).filter((row) => UNSENT.includes(row.state)).map((row) => row.act);
  const heaps = [heap(acts)];
  for (const row of (await store.all("visits")).filter(({ state }) => UNSENT.includes(state)).map(readable)) {
    const [item, photos] = [asItem(row), await photosOf(store, row)];
    const size = JSON.stringify(item).length + photos.reduce((sum, photo) => sum + photo.length + 1, 0);
    let last = heaps[heaps.length - 1];
    if (last.size && last.size + size > most) heaps.push((last = heap([])));
    last.visits.push(item);
    last.photos.push(...photos);
    last.size += size;
  }
  const head = { kind: "desa-devisa-unsent", schema: 1, mentor, saved_at: new Date().toISOString() };
  return heaps.map((each, at) => fileOf(head, each, heaps.length > 1 ? `-${at + 1}` : ""));
}

/**
 * @param {Row[]} acts
 * @returns {Heap}
 */
const heap = (acts) => ({ visits: [], acts, photos: [], size: acts.length && JSON.stringify(acts).length });

/**
 * @param {Row} head
 * @param {Heap} heap
 * @param {string} number
 */
function fileOf(head, { visits, acts, photos }, number) {
  const start = JSON.stringify({ ...head, visits, acts }).slice(0, -1);
  const commas = photos.map((photo, at) => (at ? `,${photo}` : photo));
  const name = `desa-devisa-${head.mentor}-${head.saved_at.slice(0, 10)}${number}.txt`;
  return new File([start, ',"photos":[', ...commas, "]}"], name, { type: "text/plain" });
}

/** @param {Row} row */
const asItem = (row) => ({ ...itemOf(row), state: row.state === "draft" ? "draft" : "submitted" });

/**
 * @param {Store} store
 * @param {Row} row
 * @returns {Promise<string[]>} each photo of it that is still here only, as JSON
 */
async function photosOf(store, row) {
  const found = [];
  for (const photo of row.photos) {
    const kept = await store.get("blobs", photo.id);
    if (!kept || photo.sent || photo.left) continue;
    const jpeg = base64(new Uint8Array(await kept.blob.arrayBuffer()));
    found.push(JSON.stringify({ id: photo.id, visit: row.id, taken_at: photo.taken_at, sha256: photo.sha256, jpeg }));
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
