// One visit as it was written down, to be read without a network.

import { clock, longDate, shortDate } from "./dates.js";
import { fill, one, part, say } from "./parts.js";

/** @type {Record<string, string>} */
const TONES = { submitted: "info", approved: "good", returned: "warn" };

/**
 * @param {any} pack
 * @param {any} visit
 * @param {string} zone
 * @param {boolean} open
 * @returns {DocumentFragment}
 */
export function logOf(pack, visit, zone, open) {
  const node = fill(part("log"), {
    date: say("log-of", { date: longDate(visit.visited_at, zone) }), who: `${visit.mentor.name} · ${clock(visit.visited_at, zone)}`,
    state: say(`state-${visit.state}`), summary: visit.summary, ...facts(pack, visit),
  });
  for (const [name, value] of Object.entries(facts(pack, visit))) one(node, `[data-fact="${name}"]`, HTMLElement).hidden = !value;
  const fold = one(node, "details", HTMLDetailsElement);
  [fold.open, fold.id] = [open, `log-${visit.id}`];
  one(node, ".chip", HTMLElement).classList.add(`chip-${TONES[visit.state] || "none"}`);
  section(node, "findings", "dl", visit.findings.map((/** @type {any} */ finding) => findingOf(pack, finding)));
  section(node, "items", "ul", visit.action_items.map(itemOf));
  const mine = one(node, "[data-mine]", HTMLAnchorElement);
  mine.href = `#/visit/${visit.id}`;
  mine.hidden = !(visit.state === "returned" && visit.mentor.id === pack.user.id);
  return node;
}

/**
 * @param {any} pack
 * @param {any} visit
 */
function facts(pack, visit) {
  const missing = visit.photos.filter((/** @type {any} */ photo) => !photo.arrived).length;
  const photos = visit.photos.length ? say("log-photos", { n: visit.photos.length }) : "";
  return {
    mode: say(`mode-${visit.mode}`),
    purpose: visit.purpose || "",
    modules: visit.modules.map((/** @type {string} */ code) => labelOf(pack.modules, code)).join(", "),
    there: visit.attendees.map((/** @type {any} */ { person, name }) => person?.name || name).join(", "),
    photos: missing ? `${photos} (${say("log-photos-missing", { n: missing })})` : photos,
    comment: visit.comment || "",
  };
}

/**
 * @param {{code: string, label: string}[]} known
 * @param {string} code
 */
const labelOf = (known, code) => known.find((each) => each.code === code)?.label || code;

/**
 * @param {any} pack
 * @param {any} finding
 */
function findingOf(pack, { module, criterion, text }) {
  const about = module ? labelOf(pack.modules, module) : criterion ? labelOf(pack.criteria, criterion) : "";
  return fill(part("log-finding"), { about, text });
}

/** @param {any} item */
function itemOf({ what, owner, due_on, state }) {
  const due = due_on ? say("due", { date: shortDate(due_on) }) : "";
  return fill(part("log-item"), { what, facts: [owner, due, say(`item-${state}`)].filter(Boolean).join(" · ") });
}

/**
 * @param {ParentNode} node
 * @param {string} name
 * @param {string} kind
 * @param {Node[]} lines
 */
function section(node, name, kind, lines) {
  const place = one(node, `[data-log-part="${name}"]`, HTMLElement);
  place.hidden = !lines.length;
  one(place, kind, HTMLElement).append(...lines);
}
