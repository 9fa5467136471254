// Who came unasked: somebody of the village who has no seat, or a name that nobody knew.

import { keepWalkIn } from "./marks.js";
import { fits } from "./narrow.js";
import { fill, one, part, say } from "./parts.js";

const MOST = 8; // names offered at once

/**
 * @param {ParentNode} page
 * @param {import("./app.js").App} app
 * @param {() => any} session
 * @param {() => import("./marks.js").Line[]} lines
 * @param {(error: unknown) => void} tell
 */
export function wireWalkIns(page, app, session, lines, tell) {
  const panel = one(page, "[data-unasked-panel]", HTMLDetailsElement);
  const [search, name] = [one(panel, "[data-who]", HTMLInputElement), one(panel, "[data-new-name]", HTMLInputElement)];
  offerCohorts(panel, session());
  const offer = () => offerPeople(panel, app.pack.people, session(), lines(), search.value);
  search.addEventListener("input", offer);
  panel.addEventListener("toggle", offer);
  const keep = async (/** @type {{person?: number, name?: string, sex?: string}} */ who) => {
    const cohort = cohortOf(panel, session());
    one(panel, "[data-which]", HTMLElement).hidden = Boolean(cohort);
    if (!cohort) return;
    try {
      await keepWalkIn(app.store, session(), { cohort, ...who });
      fill(panel, { added: say("walk-in-added", { name: who.name || nameOf(app.pack, who.person) }) });
      navigator.vibrate?.(30);
      search.value = name.value = "";
      setTimeout(offer, 100);
      void app.sender.send();
    } catch (error) {
      tell(error);
    }
  };
  one(panel, "[data-offers]", HTMLElement).addEventListener("click", (event) => {
    const button = event.target instanceof Element ? event.target.closest("button") : null;
    if (button) void keep({ person: Number(button.value) });
  });
  one(panel, "form", HTMLFormElement).addEventListener("submit", (event) => {
    event.preventDefault();
    const sex = panel.querySelector('input[name="sex"]:checked');
    const missing = !name.value.trim() || !(sex instanceof HTMLInputElement);
    one(panel, "[data-missing]", HTMLElement).hidden = !missing;
    if (!missing) void keep({ name: name.value.trim(), sex: sex.value });
  });
}

/**
 * @param {any} pack
 * @param {number | undefined} person
 */
const nameOf = (pack, person) => pack.people.find((/** @type {any} */ each) => each.id === person)?.name || "";

/**
 * A session of several cohorts asks which one; of one it knows.
 * @param {HTMLElement} panel
 * @param {any} session
 */
function offerCohorts(panel, session) {
  const place = one(panel, "[data-cohorts]", HTMLElement);
  place.hidden = session.cohorts.length < 2;
  one(place, "[data-choices]", HTMLElement).replaceChildren(...session.cohorts.map((/** @type {any} */ { id, name }) => {
    const node = fill(part("cohort-choice"), { cohort: name });
    one(node, "input", HTMLInputElement).value = String(id);
    return node;
  }));
}

/**
 * @param {HTMLElement} panel
 * @param {any} session
 * @returns {number} 0 when it must be said first
 */
function cohortOf(panel, session) {
  if (session.cohorts.length === 1) return session.cohorts[0].id;
  const chosen = panel.querySelector('input[name="cohort"]:checked');
  return chosen instanceof HTMLInputElement ? Number(chosen.value) : 0;
}

/**
 * @param {HTMLElement} panel
 * @param {any[]} people
 * @param {any} session
 * @param {import("./marks.js").Line[]} lines
 * @param {string} typed
 */
function offerPeople(panel, people, session, lines, typed) {
  const seated = new Set(lines.map(({ person }) => person));
  const fit = fits(typed);
  const free = people.filter(({ id, village, name }) => session.villages.includes(village) && !seated.has(id) && fit(name));
  one(panel, "[data-offers]", HTMLElement).replaceChildren(...free.slice(0, MOST).map(({ id, name, hamlet }) => {
    const node = fill(part("walk-in-offer"), { name, hamlet });
    one(node, "button", HTMLButtonElement).value = String(id);
    return node;
  }));
  const rest = free.length - MOST;
  fill(panel, { rest: free.length ? (rest > 0 ? say("more-names", { n: rest }) : "") : say("nobody-left") });
}
