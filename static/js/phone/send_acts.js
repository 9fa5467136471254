// Attendance as the phone saw it, act by act, in the order in which it was marked.

import { call, NoAnswer } from "./wire.js";

/** @typedef {import("./send.js").Round} Round */
/** @typedef {import("./store.js").Row} Row */

const FEW = 25;
const DAY = 86_400_000; // ms for which a mark that arrived is still told as sent
const MONTH = 30 * DAY;
/** @type {Record<string, string>} */
const STATES = { stored: "sent", had_it: "sent", overtaken: "sent", held: "review", refused: "failed" };

/** @param {Round} round */
export async function sendActs(round) {
  for (;;) {
    const rows = (await round.store.all("acts")).filter((row) => row.state === "waiting" && !round.skipped.has(row.id));
    if (!rows.length) return;
    await sendBatch(round, rows.slice(0, FEW));
  }
}

/**
 * @param {Round} round
 * @param {Row[]} waiting
 */
async function sendBatch(round, waiting) {
  if (!navigator.onLine) throw new NoAnswer("no network"); // then surely nothing leaves
  const rows = await leaving(round, waiting);
  if (!rows.length) return;
  const json = { sent_at: new Date().toISOString(), acts: rows.map((row) => row.act) };
  const answer = await call("POST", "attendance/sync/", { json });
  round.heed(answer);
  if (!answer.ok) return alone(round, rows, answer);
  const items = Array.isArray(answer.data?.items) ? answer.data.items : [];
  for (const row of rows) await settle(round, row, items.find((/** @type {Row} */ item) => item?.id === row.id));
}

/**
 * Note that these leave now, in their last words: from here on nobody on this phone changes them or takes them back.
 * @param {Round} round
 * @param {Row[]} waiting
 * @returns {Promise<Row[]>}
 */
async function leaving({ store }, waiting) {
  const turn = (/** @type {Row | undefined} */ row) => (row?.state === "waiting" ? { ...row, tries: row.tries + 1 } : undefined);
  const rows = await Promise.all(waiting.map(({ id }) => store.change("acts", id, turn)));
  return /** @type {Row[]} */ (rows.filter((row) => row?.state === "waiting"));
}

/**
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
 * @param {Row} row
 * @param {Row | undefined} verdict
 */
async function settle(round, row, verdict) {
  const state = STATES[verdict?.verdict];
  if (!verdict || !state) return void round.skipped.add(row.id);
  const words = { detail: verdict.detail || "", reason: verdict.verdict, seat: verdict.seat ?? null };
  await round.store.put("acts", { ...row, ...words, state, arrived_at: new Date().toISOString() });
  if (state !== "failed") await round.moved();
}

/**
 * Take over what was decided about marks that waited, and let go of those that the pack has told for a day by now.
 * @param {import("./store.js").Store} store
 */
export async function settleActs(store) {
  const [pack, fresh] = [(await store.get("kept", "pack"))?.value, (await store.get("kept", "fresh"))?.value];
  if (!pack?.acts || !fresh?.asked) return;
  const before = (/** @type {Row} */ row, /** @type {number} */ margin) => Date.parse(row.arrived_at) + margin < fresh.asked;
  const told = new Map(pack.acts.map((/** @type {Row} */ act) => [act.id, act]));
  const gone = [];
  for (const row of await store.all("acts")) {
    const { outcome, reason } = told.get(row.id) ?? {};
    const decided = row.state === "review" && outcome && outcome !== "waiting";
    if (decided) await store.change("acts", row.id, (now) => now && { ...now, state: "sent", reason: outcome, detail: reason });
    else if ((row.state === "sent" && before(row, DAY)) || (row.state === "review" && !outcome && before(row, MONTH))) gone.push(row.id);
  }
  await store.write(gone.map((remove) => ({ shelf: "acts", remove })));
}
