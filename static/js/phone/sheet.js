// One line of the sheet, on a phone a big button and on a desk a row of a table; and the minutes of who came late.

import { lengthOf } from "./marks.js";
import { fill, one, part, say } from "./parts.js";
import { draw } from "./tasks.js";

/** @typedef {import("./marks.js").Line} Line */
/** @typedef {import("./marks.js").Mark} Mark */

const USUAL = 15; // minutes late, until somebody says otherwise
/** @type {Record<string, string>} */
const PICTURES = { present: "check", late: "clock", leave: "message", sick: "message", absent: "cross", "": "minus" };
/** @type {Record<string, string>} */
const STANDS = { kept: "double-check", waiting: "clock", overtaken: "history", held: "question", refused: "warning", "": "minus" };

/**
 * @param {Line} line
 * @param {number} number
 * @param {boolean} wide
 * @param {boolean} shut
 * @returns {HTMLElement}
 */
export function buildLine(line, number, wide, shut) {
  const node = one(part(wide ? "seat-row" : "seat-line"), "[data-key]", HTMLElement);
  node.setAttribute("data-key", line.key);
  fill(node, { name: line.name, number });
  for (const button of node.querySelectorAll("button")) button.disabled = shut;
  return node;
}

/**
 * @param {HTMLElement} node
 * @param {Line} line
 * @param {any} session
 */
export function showLine(node, line, session) {
  const shown = JSON.stringify(line);
  if (node.dataset.shown === shown) return;
  node.dataset.shown = shown;
  node.dataset.now = line.mark;
  const late = line.mark === "late" ? lengthOf(session) - line.minutes : 0;
  const word = late ? say("late-by", { n: late }) : say(`mark-${line.mark || "none"}`);
  fill(node, { mark: word });
  showButtons(node, line);
  showStand(node, line);
}

/**
 * @param {HTMLElement} node
 * @param {Line} line
 */
function showButtons(node, line) {
  const picture = node.querySelector("[data-picture]");
  if (picture) draw(picture, PICTURES[line.mark]);
  for (const button of node.querySelectorAll("[data-mark]")) {
    button.setAttribute("aria-pressed", String(button.getAttribute("data-mark") === line.mark));
  }
  for (const tool of node.querySelectorAll("[data-seated]")) tool.toggleAttribute("hidden", line.walkIn);
  one(node, "[data-remove]", HTMLElement).hidden = !(line.walkIn && line.fresh);
  one(node, "[data-unasked]", HTMLElement).hidden = !line.walkIn;
}

/**
 * @param {HTMLElement} node
 * @param {Line} line
 */
function showStand(node, { stand, why }) {
  const place = one(node, "[data-stand]", HTMLElement);
  place.dataset.stand = stand;
  draw(place, STANDS[stand]);
  fill(node, { stand: stand ? say(`stand-${stand}`, { why: why || say("no-reason") }) : why });
}

/** The panel below one line: every mark by name, and how late somebody came. There is one, and it moves. */
export class Minutes {
  /**
   * @param {any} session
   * @param {(line: Line, mark: Mark, minutes: number) => void} mark
   */
  constructor(session, mark) {
    this.length = lengthOf(session);
    this.usual = Math.max(this.length - USUAL, 0);
    this.panel = one(part("late-panel"), "[data-late]", HTMLElement);
    /** @type {Line | null} */
    this.line = null;
    /** @type {HTMLElement | null} */
    this.place = null;
    const field = one(this.panel, "input", HTMLInputElement);
    field.max = String(this.length);
    field.addEventListener("change", () => this.say(Number(field.value), mark));
    for (const button of this.panel.querySelectorAll("[data-minutes]")) {
      button.addEventListener("click", (event) => {
        event.stopPropagation();
        field.value = button.getAttribute("data-minutes") || "";
        this.say(Number(field.value), mark);
      });
    }
  }

  /**
   * @param {number} late
   * @param {(line: Line, mark: Mark, minutes: number) => void} mark
   */
  say(late, mark) {
    const known = Number.isInteger(late) && late > 0 && late <= this.length;
    one(this.panel, "[data-wrong]", HTMLElement).hidden = known;
    if (known && this.line) mark(this.line, "late", this.length - late);
  }

  /**
   * @param {HTMLElement} node
   * @param {Line} line
   */
  toggle(node, line) {
    if (this.place === node) this.close();
    else this.open(node, line);
  }

  /**
   * @param {HTMLElement} node
   * @param {Line} line
   */
  open(node, line) {
    this.close();
    this.line = line;
    this.place = node;
    fill(this.panel, { whole: this.length });
    one(this.panel, "input", HTMLInputElement).value = line.mark === "late" ? String(this.length - line.minutes) : "";
    one(this.panel, "[data-wrong]", HTMLElement).hidden = true;
    one(node, "[data-panel]", HTMLElement).append(this.panel);
    node.querySelector("[data-more]")?.setAttribute("aria-expanded", "true");
  }

  close() {
    this.panel.remove();
    this.place?.querySelector("[data-more]")?.setAttribute("aria-expanded", "false");
    this.place = this.line = null;
  }
}
