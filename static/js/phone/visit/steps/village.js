// Step 1: the village, by one tap that goes on; a single one is taken by itself. The location comes quietly.

import { fill, one, part, say } from "../../parts.js";
import { findPlace } from "../place.js";

/** @typedef {import("../../store.js").Row} Row */
/** @typedef {import("../desk.js").Desk} Desk */

const MANY = 12; // more than that are searched
const STILL_THERE = 2 * 3_600_000; // ms after its time in which the phone is still where the visit was

/**
 * @param {Desk} desk
 * @returns {() => void} paint it anew
 */
export function village(desk) {
  const step = desk.step(1);
  const list = one(step, "[data-villages]", HTMLUListElement);
  const programs = one(step, "[data-programs]", HTMLUListElement);
  const search = one(step, "[data-search]", HTMLInputElement);
  const villages = sorted(desk);
  const rows = villages.map((each) => choice(list, each.name, each.place, () => choose(desk, each)));
  search.hidden = villages.length <= MANY;
  search.addEventListener("input", () => narrow(search.value, rows));
  one(step, "[data-none]", HTMLElement).hidden = villages.length > 0;
  const paintPlace = place(desk, step);
  return () => {
    const { content } = desk.draft.row;
    rows.forEach((row, at) => row.setAttribute("aria-pressed", String(villages[at].id === content.village)));
    const offered = desk.village()?.programs || [];
    one(step, "[data-programs-field]", HTMLElement).hidden = offered.length < 2;
    programs.replaceChildren();
    for (const each of offered) {
      const row = choice(programs, each.name, "", () => chooseProgram(desk, each.id));
      row.setAttribute("aria-pressed", String(each.id === content.program));
    }
    paintPlace();
  };
}

/**
 * Choose a village; people and items of another one are laid aside and come back with it.
 * @param {Row} row
 * @param {Row} village
 */
export function settle(row, village) {
  const { content } = row;
  if (content.village === village.id) return;
  const people = content.attendees.filter((/** @type {Row} */ came) => came.person);
  const aside = { ...row.aside, [content.village ?? ""]: { people, followed: content.followed, program: content.program } };
  const back = aside[village.id] || { people: [], followed: [], program: null };
  const named = content.attendees.filter((/** @type {Row} */ came) => !came.person);
  row.aside = aside;
  const only = village.programs.length === 1 ? village.programs[0].id : null;
  Object.assign(content, { village: village.id, program: back.program ?? only, followed: back.followed });
  content.attendees = [...back.people, ...named];
}

/**
 * @param {Desk} desk
 * @param {Row} village
 */
function choose(desk, village) {
  desk.edit((row) => {
    settle(row, village);
    row.chosen = true;
  });
  desk.paint();
  if (desk.draft.row.content.program) desk.go(2);
  else desk.step(1).querySelector("[data-programs] button")?.scrollIntoView({ block: "center" });
}

/**
 * @param {Desk} desk
 * @param {number} program
 */
function chooseProgram(desk, program) {
  desk.edit((row) => {
    row.content.program = program;
    row.chosen = true;
  });
  desk.paint();
  desk.go(2);
}

/** @param {Desk} desk */
function sorted(desk) {
  /** @type {Record<string, string>} */
  const last = {};
  for (const { village, visited_at: at } of desk.past) if (village && at > (last[village] || "")) last[village] = at;
  const before = (/** @type {Row} */ a, /** @type {Row} */ b) => (last[b.id] || "").localeCompare(last[a.id] || "") || a.name.localeCompare(b.name);
  return [...(desk.pack?.villages || [])].sort(before);
}

/**
 * @param {HTMLElement} list
 * @param {string} name
 * @param {string} about
 * @param {() => void} act
 */
function choice(list, name, about, act) {
  const row = fill(part("visit-pick"), { name, about });
  const button = one(row, "button", HTMLButtonElement);
  button.addEventListener("click", act);
  list.append(row);
  return button;
}

/**
 * Show only the rows that have these words.
 * @param {string} text
 * @param {HTMLElement[]} rows
 * @returns {number} how many are left
 */
export function narrow(text, rows) {
  const plain = (/** @type {string} */ word) => word.toLowerCase().normalize("NFD").replace(/[\u0300-\u036f]/g, "");
  const words = plain(text).split(/\s+/).filter(Boolean);
  let left = 0;
  for (const row of rows) {
    const fits = words.every((word) => plain(row.textContent || "").includes(word));
    row.closest("li")?.toggleAttribute("hidden", !fits);
    left += Number(fits);
  }
  return left;
}

/**
 * @param {Desk} desk
 * @param {HTMLElement} step
 */
function place(desk, step) {
  const line = one(step, "[data-place]", HTMLElement);
  const again = one(step, "[data-place-again]", HTMLButtonElement);
  const off = one(step, "[data-place-off]", HTMLButtonElement);
  const paint = () => {
    const { content, place: news } = desk.draft.row;
    const state = content.location ? "got" : news;
    line.hidden = content.mode !== "on_site" || !state;
    if (!line.hidden) one(line, "[data-place-words]", HTMLElement).textContent = say(`visit-place-${state}`, { n: content.location?.accuracy ?? 0 });
    again.hidden = !["none", "off"].includes(state);
    off.hidden = state !== "got";
  };
  again.addEventListener("click", () => locate(desk, paint));
  off.addEventListener("click", () => {
    desk.edit((row) => {
      row.content.location = null;
      row.place = "off";
    });
    paint();
  });
  if (isHere(desk.draft.row)) locate(desk, paint);
  return paint;
}

/** @param {Row} row a visit that is going on; one that is mended or written down later says nothing of the place */
function isHere(row) {
  const { content, base_version: base, place: news } = row;
  const young = Math.abs(Date.now() - Date.parse(content.visited_at)) < STILL_THERE;
  return young && !base && !content.corrects && !content.location && news !== "off" && content.mode === "on_site";
}

/**
 * @param {Desk} desk
 * @param {() => void} paint
 */
async function locate(desk, paint) {
  if (!desk.draft.mine) return;
  desk.draft.row.place = "asked";
  paint();
  const found = await findPlace();
  if (desk.draft.row.place !== "asked") return; // somebody said no meanwhile
  desk.edit((row) => {
    row.content.location = row.content.mode === "on_site" ? found : null;
    row.place = found ? "" : "none";
  });
  paint();
}
