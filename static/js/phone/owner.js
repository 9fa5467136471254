// Whose phone this is, and what is taken off it when they leave. Pages outside the app use this too.

import { UNSENT } from "./records.js";
import { nameOf, openStore } from "./store.js";
import { token } from "./wire.js";

const PLACE = "phone.user";
const COUNT = "phone.unsent";

/** @typedef {{user: string, seal: string}} Owner the seal is the sign-in that the server last knew them by */
/** @typedef {import("./store.js").Store} Store */
/** @typedef {import("./store.js").Row} Row */

/** @returns {Owner | null} */
export function owner() {
  try {
    const found = JSON.parse(localStorage.getItem(PLACE) || "null");
    return found?.user ? found : null;
  } catch {
    return null;
  }
}

/**
 * Tell whether someone signed in since the server last said who this is; perhaps it is somebody else.
 * @param {Owner} known
 */
export function isSealed(known) {
  return !token() || token() === known.seal;
}

/**
 * @param {string} user
 * @param {string} seal
 */
export function remember(user, seal) {
  localStorage.setItem(PLACE, JSON.stringify({ user, seal }));
}

export function forget() {
  localStorage.removeItem(PLACE);
}

/** @param {number} n how many records are on this phone only */
export function noteUnsent(n) {
  localStorage.setItem(COUNT, String(n));
}

/** @returns {number} */
export function notedUnsent() {
  return Number(localStorage.getItem(COUNT)) || 0;
}

/**
 * Take everything off the phone but what has not arrived.
 * @param {Store} store
 */
export async function wipe(store) {
  const visits = await store.all("visits");
  const kept = new Set(visits.filter(isUnsent).flatMap((row) => row.photos.map((/** @type {Row} */ photo) => photo.id)));
  const gone = async (/** @type {import("./store.js").Shelf} */ shelf, /** @type {(row: Row) => boolean} */ stays) =>
    (await store.all(shelf)).filter((row) => !stays(row)).map((row) => ({ shelf, remove: row.id ?? row.name }));
  await store.write([
    ...(await gone("visits", isUnsent)),
    ...(await gone("acts", isUnsent)),
    ...(await gone("blobs", (row) => kept.has(row.id) || !visits.some((visit) => visit.id === row.visit))),
    ...(await gone("kept", () => false)),
  ]);
}

/** @param {Row} row */
const isUnsent = (row) => UNSENT.includes(row.state);

/**
 * Before signing out: how many records have not arrived, and the way to take everything else off.
 * @returns {Promise<{unsent: number, leave: () => Promise<void>}>}
 */
export async function leaving() {
  const known = owner();
  const there = known && (await indexedDB.databases()).some(({ name }) => name === nameOf(known.user));
  if (!known || !there) return { unsent: 0, leave: async () => forget() };
  const store = await openStore(known.user);
  const rows = [...(await store.all("visits")), ...(await store.all("acts"))];
  const leave = async () => {
    await wipe(store);
    store.close();
    forget();
  };
  return { unsent: rows.filter(isUnsent).length, leave };
}
