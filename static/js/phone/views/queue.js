// What is on this phone and what became of it: failed, waiting, drafts, sent.

import { agreed } from "../../leaving.js";
import { holdings } from "../holdings.js";
import { once } from "../line.js";
import { freshness } from "../pack.js";
import { fill, one, part, say } from "../parts.js";
import { leaveRefused, open, ready } from "../records.js";
import { linesOf } from "../shelves.js";
import { unsentFiles } from "../unsent.js";
import { momentOf, sizeOf } from "../when.js";
import { token } from "../wire.js";

/** @typedef {import("../app.js").App} App */
/** @typedef {import("../shelves.js").Line} Line */

const PAUSE = 500; // ms between two files

/**
 * @param {App} app
 * @param {HTMLElement} root
 */
export async function queue(app, root) {
  root.replaceChildren(part("queue"));
  one(root, "[name=csrfmiddlewaretoken]", HTMLInputElement).value = token();
  one(root, "[data-send]", HTMLButtonElement).addEventListener("click", () => app.sender.send());
  await wireFile(app, root);
  const draw = once(() => drawQueue(app, root));
  app.addEventListener("change", draw);
  await draw();
  return () => app.removeEventListener("change", draw);
}

/**
 * @param {App} app
 * @param {HTMLElement} root
 */
async function drawQueue(app, root) {
  const { shelves, counts } = await linesOf(app);
  const fresh = await freshness(app.store);
  if (!root.querySelector("[data-rescue]")) return; // left meanwhile
  fill(root, { ...counts, fresh: fresh ? say("fresh", { time: momentOf(fresh.at) }) : "" });
  one(root, "[data-tone]", HTMLElement).dataset.tone = counts.failed ? "bad" : "";
  one(root, "[data-send]", HTMLButtonElement).disabled = app.sender.busy;
  for (const [name, lines] of Object.entries(shelves)) drawShelf(app, root, name, lines);
  const unsent = counts.failed + counts.waiting + counts.draft;
  one(root, "[data-nothing]", HTMLElement).hidden = unsent > 0;
  one(root, "[data-rescue]", HTMLElement).hidden = !unsent;
  fill(root, { holds: await holdings(app) });
  await drawRoom(root);
}

/**
 * @param {App} app
 * @param {HTMLElement} root
 * @param {string} name
 * @param {Line[]} lines
 */
function drawShelf(app, root, name, lines) {
  const shelf = one(root, `[data-shelf="${name}"]`, HTMLElement);
  const rows = one(shelf, "ul", HTMLElement);
  shelf.hidden = !lines.length;
  const said = JSON.stringify(lines);
  if (rows.dataset.said === said) return; // nothing moves under a finger, and no focus is lost
  rows.dataset.said = said;
  rows.replaceChildren(...lines.map((line) => lineOf(app, root, line)));
}

/**
 * @param {App} app
 * @param {HTMLElement} root
 * @param {Line} line
 */
function lineOf(app, root, line) {
  const node = part("queue-row");
  const { title, facts, why, word, row } = line;
  fill(node, { title, facts, why, word });
  one(node, "[data-fill=why]", HTMLElement).hidden = !why;
  one(node, "[data-fill=word]", HTMLElement).hidden = !word;
  if (line.link) one(node, "[data-open]", HTMLAnchorElement).href = line.link;
  const act = (/** @type {string} */ name, /** @type {boolean} */ shown, /** @type {() => unknown} */ work) => {
    const button = one(node, `[data-${name}]`, HTMLElement);
    button.hidden = !shown;
    button.addEventListener("click", work);
  };
  const mine = line.shelf === "visits" && row && open(row);
  act("again", row?.state === "failed", () => again(app, line));
  act("leave-out", row?.state === "failed" && row.reason === "photo", () => leaveOut(app, line));
  act("mend", Boolean(mine && row?.state === "failed"), () => (location.hash = line.link));
  act("delete", Boolean(mine && row?.state === "draft"), () => remove(app, root, line));
  act("discard", line.shelf === "acts" && row?.state === "failed", () => discard(app, root, line));
  return node;
}

/**
 * @param {App} app
 * @param {Line} line
 */
async function again(app, line) {
  for (const id of line.ids) await ready(app.store, line.shelf, id);
  await app.sender.send();
}

/**
 * @param {App} app
 * @param {Line} line
 */
async function leaveOut(app, line) {
  for (const id of line.ids) await leaveRefused(app.store, id);
  await app.sender.send();
}

/**
 * @param {App} app
 * @param {HTMLElement} root
 * @param {Line} line
 */
async function remove(app, root, line) {
  if (!line.row || !(await agreed(one(root, "[data-ask]", HTMLDialogElement), 1))) return;
  const { id } = line.row;
  const now = await app.store.get("visits", id);
  if (!now || !open(now)) return;
  /** @type {import("../store.js").Write[]} */
  const photos = now.photos.map((/** @type {{id: string}} */ photo) => ({ shelf: "blobs", remove: photo.id }));
  await app.store.write([{ shelf: "visits", remove: id }, ...photos]);
}

/**
 * Let go of marks that the server refused: nothing of them will ever count.
 * @param {App} app
 * @param {HTMLElement} root
 * @param {Line} line
 */
async function discard(app, root, line) {
  if (!(await agreed(one(root, "[data-ask-marks]", HTMLDialogElement), line.ids.length))) return;
  const gone = (await app.store.all("acts")).filter(({ id, state }) => state === "failed" && line.ids.includes(id));
  await app.store.write(gone.map(({ id }) => ({ shelf: "acts", remove: id })));
}

/** @param {HTMLElement} root */
async function drawRoom(root) {
  const { usage = 0, quota = 0 } = (await navigator.storage.estimate?.()) ?? {};
  const kept = await navigator.storage.persisted?.();
  const room = say("room", { used: sizeOf(usage), left: sizeOf(Math.max(0, quota - usage)) });
  fill(root, { room, keeps: say(kept ? "keeps" : "keeps-not") });
}

/**
 * @param {App} app
 * @param {HTMLElement} root
 */
async function wireFile(app, root) {
  const made = () => unsentFiles(app.store, Number(app.user));
  one(root, "[data-save]", HTMLButtonElement).addEventListener("click", async () => {
    for (const file of await made()) await download(file);
  });
  const share = one(root, "[data-share]", HTMLButtonElement);
  const sample = new File(["{}"], "desa-devisa.txt", { type: "text/plain" });
  share.hidden = !navigator.canShare?.({ files: [sample] });
  share.addEventListener("click", async () => {
    const files = await made();
    await navigator.share({ files, title: say("file-sentence") }).catch(() => undefined); // they thought better of it
  });
}

/** @param {File} file */
async function download(file) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(file);
  link.download = file.name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
  await new Promise((go) => setTimeout(go, PAUSE)); // a browser drops the second of two at once
}
