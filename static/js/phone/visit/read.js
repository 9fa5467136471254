// A visit that is no longer written: what it says, where it stands, and the way on.

import { fill, one, part, say } from "../parts.js";
import { written, writtenMoment } from "./clock.js";
import { labelOf } from "./steps/notes.js";
import { about } from "./steps/items.js";
import { tile } from "./steps/photos.js";

/** @typedef {import("../store.js").Row} Row */
/** @typedef {{app: import("../app.js").App, pack: any}} Seen */
/** @typedef {{state: string, photos: Row[], detail?: string}} Standing */

const LOOKS = { approved: "notice-good", sent: "notice-good", review: "notice-warn", dismissed: "notice-warn", failed: "notice-bad" };

/**
 * @param {Seen} seen
 * @param {HTMLElement} root
 * @param {Row} content
 * @param {Standing} standing
 * @param {{reopen?: () => void, correct?: () => void}} ways
 */
export function readVisit(seen, root, content, { state, photos, detail }, ways) {
  const village = seen.pack?.villages.find((/** @type {Row} */ each) => each.id === content.village);
  const page = fill(part("visit-read"), {
    title: village ? say("visit-to", { village: village.name }) : say("visit-title"),
    when: content.visited_at ? writtenMoment(content.visited_at, village?.zone) : "",
    state: [say(`visit-is-${state}`), detail].filter(Boolean).join(" "),
  });
  one(page, "[data-state]", HTMLElement).classList.add(LOOKS[/** @type {keyof typeof LOOKS} */ (state)] || "notice-quiet");
  const facts = factsOf(seen, content).filter(([, value]) => value);
  one(page, "[data-facts]", HTMLElement).append(...facts.map(([name, value]) => fill(part("visit-fact"), { name: say(`visit-fact-${name}`), value })));
  one(page, "[data-facts]", HTMLElement).hidden = !facts.length;
  wirePhotos(seen, page, photos);
  for (const [name, way] of Object.entries(ways)) {
    const button = one(page, `[data-${name}]`, HTMLButtonElement);
    button.hidden = !way;
    button.addEventListener("click", () => way?.());
  }
  root.replaceChildren(page);
  one(root, "h1", HTMLElement).focus({ preventScroll: true });
}

/**
 * @param {Seen} seen
 * @param {Row} content
 * @returns {[string, string][]} what it is called, and what it says
 */
function factsOf({ pack }, content) {
  const person = (/** @type {number} */ id) => pack?.people.find((/** @type {Row} */ each) => each.id === id)?.name || "";
  const module = (/** @type {string} */ code) => labelOf(pack, { module: code });
  const listed = (/** @type {Row[]} */ rows, /** @type {(row: Row) => string} */ word) => rows.map(word).filter(Boolean).join("\n");
  return [
    ["people", listed(content.attendees, (came) => came.shown || came.name || person(came.person))],
    ["modules", content.modules.map(module).join("\n")],
    ["summary", content.summary],
    ["findings", listed(content.findings, (found) => `${labelOf(pack, found)}: ${found.text}`)],
    ["items", listed(content.action_items, (item) => `${item.what} (${about(item)})`)],
    ["purpose", content.purpose],
    ["mode", say(`visit-mode-${content.mode}`)],
    ["place", content.location ? say("visit-place-got", { n: content.location.accuracy }) : ""],
  ];
}

/**
 * @param {Seen} seen
 * @param {ParentNode} page
 * @param {Row[]} photos
 */
function wirePhotos(seen, page, photos) {
  one(page, "[data-read-photos-part]", HTMLElement).hidden = !photos.length;
  photos.forEach((photo, at) => {
    const found = tile(/** @type {any} */ (seen), photo);
    one(found, "canvas", HTMLElement).setAttribute("aria-label", say("visit-photo-alt", { n: at + 1 }));
    one(found, "[data-remove]", HTMLElement).hidden = true;
    one(page, "[data-read-photos]", HTMLElement).append(found);
  });
}

/**
 * Say which day a correction is of.
 * @param {Row | undefined} first
 * @param {string} [zone]
 */
export function correctedWords(first, zone) {
  return say("visit-corrects", { day: first ? writtenMoment(first.visited_at, zone) : written("") });
}
