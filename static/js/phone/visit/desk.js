// The five steps around one draft: where one is, what is saved, what is missing, who may write.

import { fill, one, part, say } from "../parts.js";
import { faultsOf } from "./content.js";
import { correctedWords } from "./read.js";
import { items, review } from "./steps/items.js";
import { notes } from "./steps/notes.js";
import { people } from "./steps/people.js";
import { photos } from "./steps/photos.js";
import { village } from "./steps/village.js";

/** @typedef {import("../store.js").Row} Row */
/** @typedef {import("./draft.js").Draft} Draft */
/** @typedef {import("./content.js").Fault} Fault */

export const STEPS = 5;
export const WIDE = window.matchMedia("(min-width: 62rem)"); // all five on one page

export class Desk {
  /**
   * @param {import("../app.js").App} app
   * @param {any} pack
   * @param {Draft} draft
   * @param {Row[]} past visits that are known here, to find the village that was last used
   */
  constructor(app, pack, draft, past) {
    this.app = app;
    this.pack = pack;
    this.draft = draft;
    this.past = past;
    this.at = 0;
    this.work = Promise.resolve();
    this.off = () => {}; // stops listening to the window
    const page = part("visit");
    this.el = one(page, "[data-visit]", HTMLElement);
    this.painters = [village, people, photos, notes, items].map((wire) => wire(this));
    this.#wire();
    this.paint();
  }

  /** @param {number} number */
  step(number) {
    return one(this.el, `[data-step="${number}"]`, HTMLElement);
  }

  /** @returns {Row | undefined} the village that was chosen */
  village() {
    return this.pack?.villages.find((/** @type {Row} */ each) => each.id === this.draft.row.content.village);
  }

  /** @param {(row: Row) => void} turn */
  edit(turn) {
    this.draft.edit(turn);
  }

  review() {
    if (this.painters) review(this);
  }

  /**
   * Wait for this before the visit goes.
   * @param {Promise<void>} work
   */
  busy(work) {
    this.work = work;
  }

  paint() {
    const chosen = this.village();
    fill(this.el, { title: chosen ? say("visit-to", { village: chosen.name }) : say("visit-title") });
    for (const paint of this.painters) paint();
    this.notices();
  }

  /** Say above the steps what one must know, and let only the window that holds the draft write. */
  notices() {
    const { row, mine } = this.draft;
    one(this.el, "[data-body]", HTMLFieldSetElement).disabled = !mine;
    one(this.el, "[data-send]", HTMLButtonElement).disabled = !mine;
    const place = one(this.el, "[data-notes]", HTMLElement);
    const found = this.pack?.visits.find((/** @type {Row} */ each) => each.id === row.id);
    const first = this.pack?.visits.find((/** @type {Row} */ each) => each.id === row.content.corrects);
    place.replaceChildren();
    if (!mine) place.append(part("visit-elsewhere"));
    if (found?.state === "returned") place.append(fill(part("visit-returned"), { comment: found.comment }));
    if (row.detail) place.append(fill(part("visit-failed"), { detail: row.detail }));
    if (row.content.corrects) place.append(fill(part("visit-corrects"), { text: correctedWords(first, this.village()?.zone) }));
    place.querySelector("[data-take]")?.addEventListener("click", () => this.takeOver());
  }

  async takeOver() {
    await this.draft.take(true);
    this.paint();
    this.step(this.at).querySelector("h2")?.focus();
  }

  /**
   * Go to a step: a new entry of the history, so that the phone's own button leads back.
   * @param {number} number
   */
  go(number) {
    if (WIDE.matches) return;
    const from = this.at;
    location.hash = `#/visit/${this.draft.row.id}/${number}`;
    history.replaceState({ from }, "");
  }

  /**
   * Show a step.
   * @param {number} number 1 to 5
   * @param {boolean} [quietly] without moving the focus
   */
  show(number, quietly = false) {
    const moved = number !== this.at;
    this.at = number;
    this.el.dataset.at = String(number);
    for (let each = 1; each <= STEPS; each += 1) this.step(each).classList.toggle("is-now", each === number);
    for (const mark of this.el.querySelectorAll("[data-mark]")) {
      const at = Number(mark.getAttribute("data-mark"));
      mark.setAttribute("href", `#/visit/${this.draft.row.id}/${at}`);
      mark.classList.toggle("is-past", at <= number);
      if (at === number) mark.setAttribute("aria-current", "step");
      else mark.removeAttribute("aria-current");
    }
    fill(this.el, { progress: say("visit-step", { n: number }) });
    one(this.el, "[data-next]", HTMLElement).hidden = number === STEPS;
    one(this.el, "[data-send]", HTMLElement).classList.toggle("is-last", number === STEPS);
    if (moved && this.draft.row.step !== number) this.edit((row) => {
      row.step = number;
    });
    if (!moved || quietly) return;
    if (number === STEPS) this.painters[STEPS - 1](); // names of who was there are offered as owners
    window.scrollTo(0, 0);
    (WIDE.matches ? this.el : this.step(number)).querySelector(WIDE.matches ? "h1" : "h2")?.focus({ preventScroll: true });
  }

  /** @param {string} field */
  clear(field) {
    const place = this.el?.querySelector(`[data-error="${field}"]`);
    place?.setAttribute("hidden", "");
    for (const input of place?.parentElement?.querySelectorAll("[aria-invalid]") || []) input.removeAttribute("aria-invalid");
    this.calm();
  }

  /** Take the word above away when the last of what was missing is there. */
  calm() {
    if (!this.el?.querySelector(".field-error:not([hidden])")) this.el?.querySelector("[data-trouble]")?.replaceChildren();
  }

  #wire() {
    const back = one(this.el, "[data-back]", HTMLAnchorElement);
    const next = one(this.el, "[data-next]", HTMLAnchorElement);
    back.href = next.href = "#/";
    back.addEventListener("click", (event) => {
      event.preventDefault();
      this.#back();
    });
    next.addEventListener("click", (event) => {
      event.preventDefault();
      this.go(Math.min(STEPS, this.at + 1));
    });
    one(this.el, "[data-send]", HTMLButtonElement).addEventListener("click", () => this.send());
    this.draft.onSaved = (saved) => this.#saved(saved);
    this.draft.onHand = () => this.notices();
  }

  #back() {
    if (this.at === 1) location.hash = "#/";
    else if (history.state?.from === this.at - 1) history.back();
    else location.replace(`#/visit/${this.draft.row.id}/${this.at - 1}`);
  }

  /** @param {import("./draft.js").Saved} saved */
  #saved(saved) {
    const place = one(this.el, "[data-saved]", HTMLElement);
    const wrong = saved === "full" || saved === "unsaved";
    place.textContent = wrong ? "" : say(`visit-${saved}`);
    place.classList.toggle("is-saved", saved === "saved");
    const trouble = one(this.el, "[data-trouble]", HTMLElement);
    const shown = trouble.querySelector("[data-storage]");
    if (!wrong) shown?.remove();
    if (!wrong || shown) return;
    const notice = fill(part("visit-trouble"), { text: say(`visit-${saved}`) });
    one(notice, "div", HTMLElement).dataset.storage = "";
    trouble.append(notice);
  }

  /** Check it, keep it as ready, and go to the tasks; what is missing is said where it is. */
  async send() {
    await this.work;
    const faults = faultsOf(this.draft.row.content);
    if (faults.length) return this.#complain(faults);
    if (!(await this.draft.finish())) return undefined;
    void (/** @type {any} */ (this.app).sender?.send());
    location.replace("#/");
    kept();
    return undefined;
  }

  /** @param {Fault[]} faults */
  #complain(faults) {
    const summary = fill(part("visit-errors"), { text: say("visit-errors", { n: faults.length }) });
    one(this.el, "[data-trouble]", HTMLElement).replaceChildren(summary);
    for (const fault of [...faults].reverse()) this.#point(fault);
    const [first] = faults;
    if (WIDE.matches || first.step === this.at) this.#focus(first);
    else {
      this.go(first.step);
      window.addEventListener("hashchange", () => setTimeout(() => this.#focus(first)), { once: true });
    }
  }

  /**
   * @param {Fault} fault
   * @returns {{place: HTMLElement | null, field: HTMLElement | null}}
   */
  #find({ step, field, id }) {
    const section = this.step(step);
    const row = field === "finding" ? section.querySelectorAll("[data-findings] > li")[Number(id)] : section.querySelector(`[data-fault="${id}"]`);
    const place = id ? row?.querySelector(".field-error") : section.querySelector(`[data-error="${field}"]`);
    const hooks = { finding: "[data-about]", earlier: "[data-words]:not([hidden]), [data-due] input", item: "[data-what]", when: "[data-clock]", done: "[data-field]", village: ".visit-pick", program: "[data-programs] .visit-pick" };
    return { place: /** @type {HTMLElement | null} */ (place ?? null), field: (id ? row : section)?.querySelector(hooks[/** @type {keyof typeof hooks} */ (field)]) ?? null };
  }

  /** @param {Fault} fault */
  #point(fault) {
    const { place, field } = this.#find(fault);
    if (!place) return;
    place.id ||= `visit-fault-${fault.field}-${fault.id || ""}`;
    place.textContent = say(fault.word);
    place.hidden = false;
    field?.setAttribute("aria-describedby", place.id);
    if (field?.matches("input, select, textarea")) field.setAttribute("aria-invalid", "true");
  }

  /** @param {Fault} fault */
  #focus(fault) {
    const { place, field } = this.#find(fault);
    field?.focus({ preventScroll: true });
    (place || field)?.scrollIntoView({ block: "center" });
  }
}

/** Say on the page that follows that the visit is kept. */
function kept() {
  for (const old of document.querySelectorAll("[data-kept]")) old.remove();
  const notice = /** @type {HTMLElement} */ (part("visit-kept").firstElementChild);
  document.querySelector("[data-view]")?.before(notice);
  const away = () => {
    if (/^#?\/?$/.test(location.hash)) return;
    notice.remove();
    window.removeEventListener("hashchange", away);
  };
  window.addEventListener("hashchange", away);
}
