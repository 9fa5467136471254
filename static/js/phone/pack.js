// What the mentor needs with no signal: the server's pack, kept whole, refreshed when there is a way.

import { call, NoAnswer, pin, token } from "./wire.js";

/** @typedef {import("./store.js").Store} Store */
/** @typedef {import("./store.js").Row} Row */
/** @typedef {"fresh" | "same" | "signin" | "revoked" | "other" | "busy" | "none"} News what became of asking; none: no answer */

const PATIENCE = 180_000; // ms; a slow link brings it, a dead one is noticed by its silence
const OLD = 5 * 60_000; // ms; younger ones are not asked for again by themselves
const STRANGE = 30 * 86_400_000; // ms; without the server's word for so long, people are hidden

/**
 * Read what the phone keeps.
 * @param {Store} store
 * @returns {Promise<any>} null when there is none
 */
export async function loadPack(store) {
  return (await store.get("kept", "pack"))?.value ?? null;
}

/**
 * @typedef {{at: number, asked?: number, made_at: string, etag: string, bytes: number}} Fresh when the server last gave its word
 * @param {Store} store
 * @returns {Promise<Fresh | null>}
 */
export async function freshness(store) {
  return (await store.get("kept", "fresh"))?.value ?? null;
}

/** @param {Fresh | null} fresh */
export const isOld = (fresh) => !fresh || Date.now() - fresh.at > OLD || fresh.at > Date.now();

/** @param {Fresh | null} fresh */
export const isStrange = (fresh) => !fresh || Date.now() - fresh.at > STRANGE;

/**
 * Ask the server for the pack of whoever is signed in, as big as it is.
 * @param {Fresh | null} fresh
 * @param {(bytes: number, headers: Headers) => void} [heard]
 * @returns {Promise<{news: News, pack?: any, fresh?: Fresh, seal: string}>}
 */
export async function askPack(fresh, heard) {
  const [seal, asked] = [token(), Date.now()];
  /** @type {Record<string, string>} */
  const headers = fresh ? { "If-None-Match": fresh.etag } : {};
  try {
    const answer = await call("GET", "me/pack/", { headers, patience: PATIENCE, heard });
    if (answer.signedOut) return { news: "signin", seal };
    if (answer.revoked) return { news: "revoked", seal };
    if (answer.status === 304 && fresh) return { news: "same", fresh: { ...fresh, at: Date.now(), asked }, seal };
    if (answer.status !== 200 || !answer.data?.user?.id) return { news: answer.wait ? "busy" : "none", seal };
    const { headers: told, data: pack } = answer;
    const bytes = JSON.parse(told.get("Holds") || "{}").bytes || 0;
    return { news: "fresh", pack, fresh: { at: Date.now(), asked, made_at: pack.made_at, etag: told.get("ETag") || "", bytes }, seal };
  } catch (error) {
    if (error instanceof NoAnswer) return { news: "none", seal };
    throw error;
  }
}

/**
 * Bring the kept pack of this user up to date. Somebody else's is not kept: "other".
 * @param {Store} store
 * @param {string} user whose store this is
 * @returns {Promise<News>}
 */
async function refreshPack(store, user) {
  const { news, pack, fresh, seal } = await askPack(await freshness(store));
  if (news === "fresh" && String(pack.user.id) !== user) return "other";
  if (news === "fresh") await keepPack(store, pack, fresh);
  if (news === "same") await store.put("kept", { name: "fresh", value: fresh });
  if (fresh) pin(seal);
  return news;
}

/**
 * @param {Store} store
 * @param {any} pack
 * @param {Fresh | undefined} fresh
 */
export async function keepPack(store, pack, fresh) {
  await store.write([
    { shelf: "kept", put: { name: "pack", value: pack } },
    { shelf: "kept", put: { name: "fresh", value: fresh } },
  ]);
}
