// The texts of visits, in small batches; each gets its own verdict and none holds up another.

import { readable } from "./records.js";
import { call, NoAnswer } from "./wire.js";

/** @typedef {import("./send.js").Round} Round */
/** @typedef {import("./store.js").Row} Row */

const FEW = 5;
const MOST = 20;
const HEAVY = 32_768; // characters of one batch

let size = FEW; // one at a time after silence, more while it goes well

/** @param {Round} round */
export async function sendVisits(round) {
  for (;;) {
    const rows = (await round.store.all("visits")).filter((row) => waits(row) && !round.skipped.has(row.id));
    if (!rows.length) return;
    await sendBatch(round, batch(rows.map(readable)));
  }
}

/** @param {Row} row */
const waits = (row) => row.state === "waiting" && (row.taken == null || row.taken !== row.rev);

/** @param {Row[]} rows */
function batch(rows) {
  let heavy = 0;
  const fits = rows.slice(0, size).filter((row) => (heavy += JSON.stringify(row.content).length) <= HEAVY);
  return fits.length ? fits : rows.slice(0, 1);
}

/**
 * Write a visit as the wire has it.
 * @param {Row} row
 */
export function itemOf(row) {
  const photos = row.photos.map((/** @type {Row} */ { id, sha256, taken_at }) => ({ id, sha256, taken_at }));
  return { ...row.content, id: row.id, state: "submitted", base_version: row.base_version, photos };
}

/**
 * @param {Round} round
 * @param {Row[]} rows
 */
async function sendBatch(round, rows) {
  const answer = await told(rows);
  round.heed(answer);
  if (!answer.ok) return alone(round, rows, answer);
  size = Math.min(MOST, size * 2);
  const items = Array.isArray(answer.data?.items) ? answer.data.items : [];
  for (const row of rows) {
    const verdict = items.find((/** @type {Row} */ item) => item?.id === row.id);
    if (verdict) await settle(round, row, verdict);
    else round.skipped.add(row.id); // no word about it: it still waits
  }
}

/** @param {Row[]} rows */
async function told(rows) {
  try {
    const json = { sent_at: new Date().toISOString(), items: rows.map(itemOf) };
    return await call("POST", "visits/sync/", { json });
  } catch (error) {
    if (error instanceof NoAnswer) size = 1;
    throw error;
  }
}

/**
 * A batch that is turned away as a whole is sent one by one, so that one bad visit harms no other.
 * @param {Round} round
 * @param {Row[]} rows
 * @param {import("./wire.js").Answer} answer
 */
async function alone(round, rows, answer) {
  if (rows.length > 1) {
    for (const row of rows) await sendBatch(round, [row]);
  } else if (answer.status >= 500 || answer.status === 404) {
    round.skipped.add(rows[0].id);
  } else {
    await settle(round, rows[0], { verdict: "refused", detail: answer.data?.detail || String(answer.status) });
  }
}

/**
 * @param {Round} round
 * @param {Row} sent the row as it was sent
 * @param {Row} verdict
 */
async function settle(round, sent, verdict) {
  if (!["stored", "had_it", "conflict", "refused"].includes(verdict.verdict)) return void round.skipped.add(sent.id);
  await round.store.change("visits", sent.id, (row) => row && judged(row, sent, verdict));
  if (verdict.verdict !== "refused") await round.moved();
}

/**
 * @param {Row} row as it stands now
 * @param {Row} sent
 * @param {Row} verdict
 * @returns {Row | undefined}
 */
function judged(row, sent, verdict) {
  const changed = readable(row).rev !== sent.rev; // the mentor wrote on while it was under way
  const refused = verdict.verdict === "refused";
  if (changed) return refused ? undefined : { ...row, base_version: verdict.version ?? row.base_version };
  const words = { detail: verdict.detail || "", reason: verdict.reason || "" };
  if (refused) return { ...sent, ...words, state: "failed", tries: row.tries + 1 };
  const held = verdict.verdict === "conflict" ? verdict.reason || "other_version" : "";
  return arrived({ ...sent, ...words, held, taken: sent.rev, base_version: verdict.version ?? sent.base_version });
}

/** @param {Row} photo its bytes are on this phone and have not arrived */
export const isHere = (photo) => !photo.sent && !photo.elsewhere;

/**
 * A visit has arrived when its text and every photo of this phone has.
 * @param {Row} row
 * @returns {Row}
 */
export function arrived(row) {
  if (row.taken !== row.rev || row.photos.some(isHere)) return row;
  return { ...row, state: row.held ? "review" : "sent", arrived_at: new Date().toISOString() };
}
