// Photos, one by one, each after its visit; big ones in parts, going on where the last break was.

import { digestOf } from "./keys.js";
import { say } from "./parts.js";
import { arrived, isHere } from "./send_visits.js";
import { call } from "./wire.js";

/** @typedef {import("./send.js").Round} Round */
/** @typedef {import("./store.js").Row} Row */
/** @typedef {import("./wire.js").Answer} Answer */
/** @typedef {{visit: string, photo: Row, path: string, blob: Blob}} Parcel */

const PART = 65_536; // bytes
const PATIENCE = 60_000; // ms for one part

/**
 * Find a photo whose visit has arrived and that has not.
 * @param {Round} round
 * @returns {Promise<{visit: string, photo: Row} | null>}
 */
export async function nextPhoto(round) {
  for (const row of await round.store.all("visits")) {
    if (row.state !== "waiting" || row.taken == null) continue;
    const photo = row.photos.find((/** @type {Row} */ each) => isHere(each) && !each.refused && !round.skipped.has(each.id));
    if (photo) return { visit: row.id, photo };
  }
  return null;
}

/**
 * @param {Round} round
 * @param {{visit: string, photo: Row}} next
 */
export async function sendPhoto(round, { visit, photo }) {
  if (photo.left) return leaveOut(round, visit, photo.id);
  const kept = await round.store.get("blobs", photo.id);
  if (!kept) return note(round, visit, photo.id, { refused: say("photo-gone") });
  const parcel = { visit, photo, path: `visits/${visit}/photos/${photo.id}/`, blob: kept.blob };
  const answer = parcel.blob.size <= PART ? await whole(parcel) : await inParts(round, parcel);
  round.heed(answer);
  if (answer.status === 200 || answer.status === 201) return note(round, visit, photo.id, { sent: true });
  if (answer.status >= 500 || answer.status === 404) return void round.skipped.add(photo.id);
  return note(round, visit, photo.id, { refused: answer.data?.detail || String(answer.status) });
}

/**
 * Tell the server not to wait for a photo that cannot come, and only then take it out of the visit.
 * @param {Round} round
 * @param {string} visit
 * @param {string} photo
 */
async function leaveOut(round, visit, photo) {
  const answer = await call("DELETE", `visits/${visit}/photos/${photo}/`);
  round.heed(answer);
  if (answer.status >= 500) return void round.skipped.add(photo);
  if (!answer.ok && answer.status !== 404) return note(round, visit, photo, { refused: answer.data?.detail || String(answer.status), left: false });
  await round.store.change("visits", visit, (row) => (
    row && arrived({ ...row, photos: row.photos.filter((/** @type {Row} */ each) => each.id !== photo) })));
  await round.store.remove("blobs", photo);
  return round.moved();
}

/** @param {Parcel} parcel */
function whole({ path, blob, photo }) {
  const headers = { "Content-Type": "image/jpeg", "Taken-At": photo.taken_at };
  return call("PUT", path, { body: blob, headers, patience: PATIENCE });
}

/**
 * Send the parts that are missing, then ask for the whole; a whole that does not fit together is sent once more.
 * @param {Round} round
 * @param {Parcel} parcel
 * @param {boolean} [again]
 * @returns {Promise<Answer>}
 */
async function inParts(round, parcel, again = false) {
  const known = await call("GET", `${parcel.path}parts/`);
  round.heed(known);
  if (!known.ok || known.data?.done) return known;
  const parts = Math.ceil(parcel.blob.size / PART);
  for (let number = 0; number < parts; number += 1) {
    if (known.data.parts.includes(number)) continue;
    const answer = await part(parcel, number);
    round.heed(answer);
    if (!answer.ok) return answer;
  }
  const { sha256, taken_at } = parcel.photo;
  const answer = await call("POST", `${parcel.path}complete/`, { json: { sha256, size: parcel.blob.size, parts, taken_at } });
  const gap = answer.status === 400 || (answer.status === 409 && answer.data?.missing?.length);
  return gap && !again ? inParts(round, parcel, true) : answer;
}

/**
 * @param {Parcel} parcel
 * @param {number} number
 */
async function part({ path, blob }, number) {
  const bytes = await blob.slice(number * PART, (number + 1) * PART).arrayBuffer();
  const headers = { "Content-Type": "application/octet-stream", "X-Sha256": await digestOf(bytes) };
  return call("PUT", `${path}parts/${number}/`, { body: bytes, headers, patience: PATIENCE });
}

/**
 * @param {Round} round
 * @param {string} visit
 * @param {string} photo
 * @param {{sent?: boolean, refused?: string, left?: boolean}} facts
 */
async function note(round, visit, photo, facts) {
  await round.store.change("visits", visit, (row) => {
    if (!row) return undefined;
    const photos = row.photos.map((/** @type {Row} */ each) => (each.id === photo ? { ...each, ...facts } : each));
    const next = arrived({ ...row, photos });
    const left = photos.some((/** @type {Row} */ each) => isHere(each) && !each.refused);
    const refused = photos.find((/** @type {Row} */ each) => each.refused)?.refused;
    return refused && !left ? { ...next, state: "failed", detail: refused, reason: "photo", tries: row.tries + 1 } : next;
  });
  if (facts.sent) await round.moved();
}

/**
 * Let go of the bytes of photos whose visit has arrived with all of them.
 * @param {import("./store.js").Store} store
 */
export async function sweep(store) {
  const done = (await store.all("visits")).filter((row) => row.state === "sent" || row.state === "review");
  const photos = done.flatMap((row) => row.photos.filter((/** @type {Row} */ photo) => photo.sent));
  const gone = photos.filter((/** @type {Row} */ photo) => !photo.let_go);
  if (!gone.length) return;
  await store.write(gone.map((/** @type {Row} */ photo) => ({ shelf: "blobs", remove: photo.id })));
  for (const row of done) {
    const photos = row.photos.map((/** @type {Row} */ photo) => ({ ...photo, let_go: true }));
    await store.change("visits", row.id, (now) => now && { ...now, photos });
  }
}
