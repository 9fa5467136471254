// Step 5: what became of what was agreed, what is agreed now, and the line to look over before it goes.

import { fill, one, part, say } from "../../parts.js";
import { ahead, wall, written, writtenMoment } from "../clock.js";
import { newItem } from "../content.js";
import { known } from "./people.js";

/** @typedef {import("../../store.js").Row} Row */
/** @typedef {import("../desk.js").Desk} Desk */

/**
 * @param {Desk} desk
 * @returns {() => void} paint it anew
 */
export function items(desk) {
  const step = desk.step(5);
  one(step, "[data-item]", HTMLButtonElement).addEventListener("click", () => {
    desk.edit(({ content }) => content.action_items.push(newItem()));
    paintItems(desk, step);
    one(step, "[data-items] li:last-child [data-what]", HTMLInputElement).focus();
  });
  return () => {
    const earlier = earlierOf(desk);
    one(step, "[data-earlier-part]", HTMLElement).hidden = !earlier.length;
    one(step, "[data-earlier]", HTMLElement).replaceChildren(...earlier.map((item) => earlierLine(desk, item)));
    paintItems(desk, step);
    paintOwners(desk);
    desk.review();
  };
}

/**
 * @param {Desk} desk
 * @returns {Row[]} open items of the village that this visit did not bring
 */
function earlierOf(desk) {
  const { content, id } = desk.draft.row;
  const own = new Set(content.action_items.map((/** @type {Row} */ item) => item.id));
  const here = (/** @type {Row} */ item) => item.village === content.village && item.visit !== id && !own.has(item.id);
  return (desk.pack?.items || []).filter(here).sort((/** @type {Row} */ a, /** @type {Row} */ b) => (a.due_on || "9").localeCompare(b.due_on || "9"));
}

/** @param {Row} item */
export function about({ owner, due_on: due }) {
  if (!due) return owner || say("visit-no-due");
  return say(owner ? "visit-owner-due" : "visit-due-only", { owner, day: written(due, true) });
}

/**
 * @param {Desk} desk
 * @param {Row} item
 */
function earlierLine(desk, item) {
  const row = fill(part("visit-earlier"), { what: item.what, about: about(item) });
  const zone = desk.village()?.zone;
  one(row, "[data-late]", HTMLElement).toggleAttribute("hidden", !item.due_on || item.due_on >= wall(Date.now(), zone).day);
  one(row, ".visit-outcomes", HTMLElement).setAttribute("aria-label", item.what);
  one(row, "li", HTMLElement).dataset.fault = item.id;
  const words = one(row, "[data-words]", HTMLInputElement);
  const day = one(row, "[data-due]", HTMLElement);
  const find = () => desk.draft.row.content.followed.find((/** @type {Row} */ each) => each.id === item.id);
  const fault = one(row, ".field-error", HTMLElement);
  const settled = () => {
    fault.hidden = true;
    for (const field of row.querySelectorAll("[aria-invalid]")) field.removeAttribute("aria-invalid");
    desk.calm();
  };
  const paintDue = due(desk, day, () => find()?.due_on ?? null, (value) => {
    set(desk, item.id, { due_on: value });
    settled();
  });
  const paint = () => {
    const outcome = find()?.outcome || "";
    words.hidden = !["done", "dropped"].includes(outcome);
    day.hidden = outcome !== "carried_over";
    fault.hidden = true;
    words.removeAttribute("aria-invalid");
    if (!words.hidden) words.placeholder = say(`visit-${outcome}-words`);
    words.setAttribute("aria-label", words.placeholder || item.what);
    words.value = find()?.words || "";
    paintDue();
  };
  for (const radio of row.querySelectorAll("input[type=radio]")) {
    if (!(radio instanceof HTMLInputElement)) continue;
    radio.name = `visit-${item.id}`;
    radio.checked = radio.value === (find()?.outcome || "");
    radio.addEventListener("change", () => {
      settle(desk, item.id, radio.value, zone);
      paint();
      desk.calm();
    });
  }
  words.addEventListener("input", () => {
    set(desk, item.id, { words: words.value });
    settled();
  });
  paint();
  return row;
}

/**
 * @param {Desk} desk
 * @param {string} id
 * @param {string} outcome empty: still open
 * @param {string} [zone]
 */
function settle(desk, id, outcome, zone) {
  desk.edit(({ content }) => {
    const was = content.followed.find((/** @type {Row} */ each) => each.id === id);
    const rest = content.followed.filter((/** @type {Row} */ each) => each.id !== id);
    const due_on = outcome === "carried_over" ? ahead({ days: 7 }, zone) : null;
    content.followed = outcome ? [...rest, { id, outcome, words: outcome === "carried_over" ? "" : was?.words || "", due_on }] : rest;
  });
}

/**
 * @param {Desk} desk
 * @param {string} id
 * @param {Row} values
 */
function set(desk, id, values) {
  desk.edit(({ content }) => {
    Object.assign(content.followed.find((/** @type {Row} */ each) => each.id === id) || {}, values);
  });
}

/**
 * @param {Desk} desk
 * @param {HTMLElement} step
 */
function paintItems(desk, step) {
  const agreed = desk.draft.row.content.action_items;
  one(step, "[data-no-items]", HTMLElement).hidden = agreed.length > 0;
  one(step, "[data-items]", HTMLElement).replaceChildren(...agreed.map((/** @type {Row} */ item) => line(desk, step, item)));
  desk.review();
}

/**
 * @param {Desk} desk
 * @param {HTMLElement} step
 * @param {Row} item
 */
function line(desk, step, item) {
  const row = part("visit-item");
  one(row, "li", HTMLElement).dataset.fault = item.id;
  for (const [name, hook] of [["what", "[data-what]"], ["owner", "[data-owner]"]]) {
    const input = one(row, hook, HTMLInputElement);
    const fault = one(row, ".field-error", HTMLElement);
    input.value = item[name];
    input.addEventListener("input", () => {
      desk.edit(() => {
        item[name] = input.value;
      });
      if (name === "what") fault.hidden = true;
      input.removeAttribute("aria-invalid");
      desk.calm();
      desk.review();
    });
  }
  const paintDue = due(desk, one(row, "[data-due]", HTMLElement), () => item.due_on, (value) => desk.edit(() => {
    item.due_on = value;
  }));
  one(row, "[data-remove]", HTMLButtonElement).addEventListener("click", () => {
    desk.edit(({ content }) => {
      content.action_items = content.action_items.filter((/** @type {Row} */ each) => each !== item);
    });
    paintItems(desk, step);
    one(step, "[data-item]", HTMLButtonElement).focus();
  });
  paintDue();
  return row;
}

/**
 * A day by one tap or from the calendar.
 * @param {Desk} desk
 * @param {HTMLElement} place
 * @param {() => string | null} read
 * @param {(day: string | null) => void} write
 * @returns {() => void} paint it
 */
function due(desk, place, read, write) {
  place.replaceChildren(part("visit-due"));
  const input = one(place, "input", HTMLInputElement);
  const buttons = [...place.querySelectorAll("button")];
  const zone = desk.village()?.zone;
  const dayOf = (/** @type {HTMLButtonElement} */ { dataset }) => ahead({ days: Number(dataset.days || 0), months: Number(dataset.months || 0) }, zone);
  const paint = () => {
    const day = read();
    if (input.value !== (day || "")) input.value = day || "";
    fill(place, { day: day ? written(day) : "" });
    for (const button of buttons) button.setAttribute("aria-pressed", String(dayOf(button) === day));
  };
  for (const button of buttons) {
    button.addEventListener("click", () => {
      write(button.getAttribute("aria-pressed") === "true" ? null : dayOf(button));
      paint();
    });
  }
  input.addEventListener("input", () => {
    write(input.value || null);
    paint();
  });
  return paint;
}

/** @param {Desk} desk */
function paintOwners(desk) {
  const named = desk.draft.row.content.attendees.map((/** @type {Row} */ came) => (
    came.person ? known(desk).find((person) => person.id === came.person)?.name : came.name));
  const names = [...new Set([...named, desk.pack?.user?.name].filter(Boolean))];
  document.getElementById("visit-owners")?.replaceChildren(...names.map((name) => new Option(name)));
}

/** @param {Desk} desk */
export function review(desk) {
  const { content, photos } = desk.draft.row;
  const step = desk.step(5);
  const people = content.attendees.filter((/** @type {Row} */ each) => each.person || each.name.trim()).length;
  const agreed = content.action_items.filter((/** @type {Row} */ item) => item.what.trim()).length;
  const counted = Object.entries({ people, photos: photos.length, modules: content.modules.length, items: agreed });
  const parts = counted.filter(([name, n]) => n || name !== "items").map(([name, n]) => say(`visit-${name}`, { n }));
  const where = desk.village()?.name;
  one(step, "[data-review]", HTMLElement).textContent = [where, ...parts, !content.summary.trim() && say("visit-no-notes")].filter(Boolean).join(" · ");
  const when = Number.isNaN(Date.parse(content.visited_at)) ? "" : writtenMoment(content.visited_at, desk.village()?.zone);
  const place = content.location && say("visit-place-got", { n: content.location.accuracy });
  one(step, "[data-review-more]", HTMLElement).textContent = [when, place].filter(Boolean).join(" · ");
}
