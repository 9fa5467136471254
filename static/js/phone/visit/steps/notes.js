// Step 4: what it was about, what was found, how and when they met.

import { fill, one, part, say } from "../../parts.js";
import { moment, wall, writtenMoment } from "../clock.js";

/** @typedef {import("../../store.js").Row} Row */
/** @typedef {import("../desk.js").Desk} Desk */

/**
 * @param {Desk} desk
 * @returns {() => void} paint it anew
 */
export function notes(desk) {
  const step = desk.step(4);
  const chips = one(step, "[data-modules]", HTMLElement);
  for (const module of desk.pack?.modules || []) chips.append(chip(desk, module));
  const paintModes = modes(desk, step);
  const paintWhen = when(desk, step);
  one(step, "[data-finding]", HTMLButtonElement).addEventListener("click", () => {
    desk.edit(({ content }) => content.findings.push({ text: "" }));
    paintFindings(desk, step);
    one(step, "[data-findings] li:last-child select", HTMLSelectElement).focus();
  });
  for (const field of texts(step)) wireText(desk, field);
  return () => {
    const { content } = desk.draft.row;
    for (const box of chips.querySelectorAll("input")) box.checked = content.modules.includes(box.value);
    for (const field of texts(step)) field.value = content[field.dataset.field || ""];
    paintFindings(desk, step);
    paintModes();
    paintWhen();
  };
}

/** @param {HTMLElement} step */
const texts = (step) => /** @type {(HTMLInputElement | HTMLTextAreaElement)[]} */ ([...step.querySelectorAll("[data-field]")]);

/**
 * @param {Desk} desk
 * @param {HTMLInputElement | HTMLTextAreaElement} field
 */
function wireText(desk, field) {
  field.addEventListener("input", () => {
    desk.edit(({ content }) => {
      content[field.dataset.field || ""] = field.value;
    });
    desk.clear("done");
    desk.review();
  });
}

/**
 * @param {Desk} desk
 * @param {Row} module
 */
function chip(desk, module) {
  const found = fill(part("visit-chip"), { label: module.label });
  const box = one(found, "input", HTMLInputElement);
  box.value = module.code;
  box.addEventListener("change", () => {
    desk.edit(({ content }) => {
      const order = desk.pack.modules.map((/** @type {Row} */ each) => each.code);
      const chosen = new Set(content.modules);
      if (box.checked) chosen.add(box.value);
      else chosen.delete(box.value);
      content.modules = order.filter((/** @type {string} */ code) => chosen.has(code));
    });
    desk.clear("done");
    desk.review();
  });
  return found;
}

/**
 * @param {Desk} desk
 * @param {HTMLElement} step
 */
function modes(desk, step) {
  const radios = [...one(step, "[data-modes]", HTMLElement).querySelectorAll("input")];
  for (const radio of radios) {
    radio.addEventListener("change", () => {
      desk.edit((row) => {
        row.found = row.content.location || row.found || null; // comes back when it was on site after all
        row.content.mode = radio.value;
        row.content.location = radio.value === "on_site" ? row.found : null;
      });
      desk.paint();
    });
  }
  return () => {
    for (const radio of radios) radio.checked = radio.value === desk.draft.row.content.mode;
  };
}

/**
 * @param {Desk} desk
 * @param {HTMLElement} step
 */
function when(desk, step) {
  const day = one(step, "[data-day]", HTMLInputElement);
  const clock = one(step, "[data-clock]", HTMLInputElement);
  const words = one(step, "[data-when-words]", HTMLElement);
  const tell = () => {
    const { visited_at: at } = desk.draft.row.content;
    words.textContent = Number.isNaN(Date.parse(at)) ? "" : writtenMoment(at, desk.village()?.zone);
  };
  for (const field of [day, clock]) {
    field.addEventListener("input", () => {
      desk.edit(({ content }) => {
        content.visited_at = moment(day.value, clock.value, desk.village()?.zone);
      });
      desk.clear("when");
      tell();
      desk.review();
    });
  }
  return () => {
    const { visited_at: at } = desk.draft.row.content;
    const zone = desk.village()?.zone;
    day.max = wall(Date.now(), zone).day;
    const shown = Number.isNaN(Date.parse(at)) ? { day: day.value, clock: clock.value } : wall(at, zone);
    [day.value, clock.value] = [shown.day, shown.clock];
    tell();
  };
}

/**
 * @param {Desk} desk
 * @param {HTMLElement} step
 */
function paintFindings(desk, step) {
  const rows = desk.draft.row.content.findings.map((/** @type {Row} */ found) => finding(desk, step, found));
  one(step, "[data-findings]", HTMLElement).replaceChildren(...rows);
}

/**
 * @param {Desk} desk
 * @param {HTMLElement} step
 * @param {Row} found
 */
function finding(desk, step, found) {
  const row = part("visit-finding");
  const about = one(row, "[data-about]", HTMLSelectElement);
  const text = one(row, "[data-text]", HTMLTextAreaElement);
  const fault = one(row, ".field-error", HTMLElement);
  for (const [kind, things] of [["criterion", desk.pack?.criteria], ["module", desk.pack?.modules]]) {
    const group = one(about, kind === "module" ? "[data-modules]" : "[data-criteria]", HTMLOptGroupElement);
    for (const thing of things || []) group.append(new Option(thing.label, `${kind}:${thing.code}`));
  }
  about.value = found.module ? `module:${found.module}` : found.criterion ? `criterion:${found.criterion}` : "";
  text.value = found.text;
  about.addEventListener("change", () => {
    desk.edit(() => {
      const [kind, code] = about.value.split(":");
      delete found.module;
      delete found.criterion;
      if (code) found[kind] = code;
    });
    fault.hidden = true;
    about.removeAttribute("aria-invalid");
    desk.calm();
  });
  text.addEventListener("input", () => desk.edit(() => {
    found.text = text.value;
  }));
  one(row, "[data-remove]", HTMLButtonElement).addEventListener("click", () => {
    desk.edit(({ content }) => {
      content.findings = content.findings.filter((/** @type {Row} */ each) => each !== found);
    });
    paintFindings(desk, step);
    one(step, "[data-finding]", HTMLButtonElement).focus();
  });
  return row;
}

/**
 * Name what a finding is about.
 * @param {any} pack
 * @param {Row} found
 */
export function labelOf(pack, found) {
  const things = found.module ? pack?.modules : pack?.criteria;
  const code = found.module || found.criterion;
  return things?.find((/** @type {Row} */ thing) => thing.code === code)?.label || code || say("visit-fact-findings");
}
