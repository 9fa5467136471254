// Step 2: who was there, by one tap each; others by name.

import { fill, one, part, say } from "../../parts.js";
import { narrow } from "./village.js";

/** @typedef {import("../../store.js").Row} Row */
/** @typedef {import("../desk.js").Desk} Desk */

const MANY = 12;

/**
 * @param {Desk} desk
 * @returns {() => void} paint it anew
 */
export function people(desk) {
  const step = desk.step(2);
  const list = one(step, "[data-people]", HTMLUListElement);
  const search = one(step, "[data-search]", HTMLInputElement);
  const unfound = one(step, "[data-unfound]", HTMLElement);
  const count = () => paintCount(desk, step);
  /** @type {number | null} */
  let shown = null;
  search.addEventListener("input", () => {
    unfound.hidden = narrow(search.value, [...list.querySelectorAll("label")]) > 0;
  });
  one(step, "[data-all]", HTMLButtonElement).addEventListener("click", () => {
    const everybody = known(desk).map((person) => person.id);
    const all = everybody.every((id) => came(desk, id));
    desk.edit(({ content }) => {
      const named = content.attendees.filter((/** @type {Row} */ each) => !everybody.includes(each.person));
      content.attendees = [...(all ? [] : everybody.map((person) => ({ person }))), ...named];
    });
    desk.paint();
  });
  one(step, "[data-walk-in]", HTMLButtonElement).addEventListener("click", () => {
    desk.edit(({ content }) => content.attendees.push({ name: "" }));
    paintWalkIns(desk, step, count);
    one(step, "[data-walk-ins] li:last-child input", HTMLInputElement).focus();
  });
  return () => {
    if (shown !== desk.draft.row.content.village) {
      shown = desk.draft.row.content.village;
      search.value = "";
      unfound.hidden = true;
      list.replaceChildren(...known(desk).map((person) => line(desk, person, count)));
    }
    for (const box of list.querySelectorAll("input")) box.checked = came(desk, Number(box.value));
    search.hidden = known(desk).length <= MANY;
    one(step, "[data-nobody]", HTMLElement).hidden = !shown || known(desk).length > 0;
    paintWalkIns(desk, step, count);
    count();
  };
}

/**
 * @param {Desk} desk
 * @returns {Row[]} by name
 */
export function known(desk) {
  const { village } = desk.draft.row.content;
  const here = (desk.pack?.people || []).filter((/** @type {Row} */ person) => person.village === village);
  return here.sort((/** @type {Row} */ a, /** @type {Row} */ b) => a.name.localeCompare(b.name) || a.id - b.id);
}

/**
 * @param {Desk} desk
 * @param {number} id
 */
const came = (desk, id) => desk.draft.row.content.attendees.some((/** @type {Row} */ each) => each.person === id);

/**
 * @param {Desk} desk
 * @param {Row} person
 * @param {() => void} count
 */
function line(desk, person, count) {
  const row = fill(part("visit-person"), { name: person.name, about: person.hamlet || "" });
  const box = one(row, "input", HTMLInputElement);
  box.value = String(person.id);
  box.addEventListener("change", () => {
    desk.edit(({ content }) => {
      content.attendees = content.attendees.filter((/** @type {Row} */ each) => each.person !== person.id);
      if (box.checked) content.attendees.push({ person: person.id });
    });
    count();
  });
  return row;
}

/**
 * @param {Desk} desk
 * @param {HTMLElement} step
 */
function paintCount(desk, step) {
  const { attendees } = desk.draft.row.content;
  const n = attendees.filter((/** @type {Row} */ each) => each.person || each.name.trim()).length;
  one(step, "[data-came]", HTMLElement).textContent = say(n ? "visit-came" : "visit-came-none", { n });
  const everybody = known(desk);
  const all = everybody.length > 0 && everybody.every((person) => came(desk, person.id));
  one(step, "[data-all]", HTMLElement).hidden = !everybody.length;
  one(step, "[data-all-on]", HTMLElement).hidden = all;
  one(step, "[data-all-off]", HTMLElement).hidden = !all;
  desk.clear("done");
  desk.review();
}

/**
 * @param {Desk} desk
 * @param {HTMLElement} step
 * @param {() => void} count
 */
function paintWalkIns(desk, step, count) {
  const { content } = desk.draft.row;
  const named = content.attendees.filter((/** @type {Row} */ each) => !each.person);
  const rows = named.map((/** @type {Row} */ each) => walkIn(desk, step, each, count));
  one(step, "[data-walk-ins]", HTMLElement).replaceChildren(...rows);
}

/**
 * @param {Desk} desk
 * @param {HTMLElement} step
 * @param {Row} named
 * @param {() => void} count
 */
function walkIn(desk, step, named, count) {
  const row = part("visit-walk-in");
  const input = one(row, "input", HTMLInputElement);
  input.value = named.name;
  input.addEventListener("input", () => {
    desk.edit(() => {
      named.name = input.value;
    });
    count();
  });
  input.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && input.value.trim()) one(step, "[data-walk-in]", HTMLButtonElement).click();
  });
  one(row, "[data-remove]", HTMLButtonElement).addEventListener("click", () => {
    desk.edit(({ content }) => {
      content.attendees = content.attendees.filter((/** @type {Row} */ each) => each !== named);
    });
    paintWalkIns(desk, step, count);
    count();
    one(step, "[data-walk-in]", HTMLButtonElement).focus();
  });
  return row;
}
