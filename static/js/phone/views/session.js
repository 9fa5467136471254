// The sheet of one session: a tap marks, the next tap says otherwise; every tap is on the disk before it counts as kept.

import { clockRange, longDate } from "../dates.js";
import { villageOf } from "../agenda.js";
import { live } from "../live.js";
import { came, keepMark, keepMarks, linesOf, nextMark, undo } from "../marks.js";
import { fits } from "../narrow.js";
import { fill, one, part, say } from "../parts.js";
import { buildLine, Minutes, showLine } from "../sheet.js";
import { wireWalkIns } from "../unasked.js";
import { StorageFull } from "../store.js";

const WIDE = window.matchMedia("(min-width: 62rem)");
const SETTLES = 1500; // ms after the last tap, so that a line that is tapped through leaves once
const LONG_WAIT = 2 ** 31 - 1; // ms; farther ahead no timer reaches

/** @typedef {import("../marks.js").Line} Line */
/** @typedef {import("../marks.js").Mark} Mark */
/** @typedef {{line: Line, node: HTMLElement, fresh: string, writing: number}} Kept while it is written, a line shows what was tapped */

/** @type {import("../app.js").View} */
export async function session(app, root, key) {
  const found = app.pack.sessions.find((/** @type {any} */ row) => String(row.id) === key);
  if (!found) {
    root.replaceChildren(part("session-unknown"));
    return undefined;
  }
  const sheet = new Sheet(app, root, found);
  await sheet.open();
  return () => sheet.leave();
}

class Sheet {
  /**
   * @param {import("../app.js").App} app
   * @param {HTMLElement} root
   * @param {any} session
   */
  constructor(app, root, session) {
    this.app = app;
    this.root = root;
    this.session = session;
    /** @type {Map<string, Kept>} */
    this.kept = new Map();
    this.writing = Promise.resolve();
    /** @type {string[]} */
    this.all = [];
    this.rebuild = () => this.build();
    this.stop = () => undefined;
    this.timer = this.sending = 0;
  }

  async open() {
    this.build();
    WIDE.addEventListener("change", this.rebuild);
    this.stop = await live(this.app, () => this.read(), ({ session, lines }) => this.show(session, lines));
  }

  leave() {
    this.stop();
    clearTimeout(this.timer);
    WIDE.removeEventListener("change", this.rebuild);
  }

  /** What the sheet shows: the session as the pack has it now, and this phone's acts over it. */
  async read() {
    const { pack, store } = this.app;
    const session = pack.sessions.find((/** @type {any} */ row) => row.id === this.session.id) || { ...this.session, state: "closed" };
    return { session, lines: linesOf(session, await store.all("acts"), pack.people) };
  }

  /** Build the page once; after that only lines change. */
  build() {
    const [page, lines] = [part("session"), [...this.kept.values()].map(({ line }) => line)];
    this.kept.clear();
    this.body = one(page, "[data-lines]", HTMLElement);
    if (WIDE.matches) this.body.append(part("sheet-table"));
    this.list = WIDE.matches ? one(this.body, "tbody", HTMLElement) : this.body.appendChild(one(part("sheet-list"), "ul", HTMLElement));
    this.minutes = new Minutes(this.session, (line, mark, minutes) => this.mark(line, mark, minutes));
    this.head(page);
    this.wire(page);
    wireWalkIns(page, this.app, () => this.session, () => [...this.kept.values()].map(({ line }) => line), (error) => this.tell(error));
    this.root.replaceChildren(page);
    if (lines.length) this.show(this.session, lines);
  }

  /** @param {ParentNode} page */
  head(page) {
    const { title, starts_at, ends_at, zone, place, state, villages } = this.session;
    const names = villages.map((/** @type {number} */ id) => villageOf(this.app.pack, id)?.name).filter(Boolean).join(", ");
    const [date, hours] = [longDate(starts_at, zone), clockRange(starts_at, ends_at, zone)];
    fill(page, { title, date, hours, place: [place, names].filter(Boolean).join(" · "), opens: say("opens", { date, hours }) });
    const [ahead, cancelled] = [Date.now() < Date.parse(starts_at), state === "cancelled"];
    this.shut = ahead || cancelled;
    for (const [name, holds] of Object.entries({ ahead: ahead && !cancelled, cancelled, closed: state === "closed" })) {
      one(page, `[data-notice="${name}"]`, HTMLElement).hidden = !holds;
    }
    for (const tool of page.querySelectorAll("[data-open]")) tool.toggleAttribute("hidden", this.shut);
    one(page, "[data-expected]", HTMLElement).hidden = !this.shut;
    clearTimeout(this.timer);
    const wait = Date.parse(starts_at) - Date.now();
    if (ahead && wait < LONG_WAIT) this.timer = window.setTimeout(this.rebuild, wait + 500);
  }

  /** @param {ParentNode} page */
  wire(page) {
    this.list?.addEventListener("click", (event) => this.tapped(event));
    const search = one(page, "[data-search]", HTMLInputElement);
    search.addEventListener("input", () => this.narrow(search.value));
    search.addEventListener("keydown", (event) => event.key === "Enter" && this.only(search));
    one(page, "[data-everyone]", HTMLElement).addEventListener("click", () => this.everyone());
    one(page, "[data-undo]", HTMLElement).addEventListener("click", () => this.backAll());
  }

  /**
   * @param {any} session
   * @param {Line[]} lines
   */
  show(session, lines) {
    const moved = JSON.stringify({ ...this.session, seats: 0 }) !== JSON.stringify({ ...session, seats: 0 });
    this.session = session;
    if (moved) this.head(this.root);
    const keys = new Set(lines.map(({ key }) => key));
    for (const [key, { node }] of this.kept) if (!keys.has(key)) (node.remove(), this.kept.delete(key));
    const added = lines.filter(({ key }) => !this.kept.has(key)).map((line) => this.add(line));
    this.list?.append(...added);
    for (const line of lines) if (!this.kept.get(line.key)?.writing) this.refresh(line);
    this.count();
    if (added.length) this.narrow(one(this.root, "[data-search]", HTMLInputElement).value);
  }

  /** @param {Line} line */
  add(line) {
    const node = buildLine(line, this.kept.size + 1, WIDE.matches, Boolean(this.shut));
    this.kept.set(line.key, { line, node, fresh: line.fresh, writing: 0 });
    return node;
  }

  /** @param {Line} line */
  refresh(line) {
    const kept = this.kept.get(line.key);
    if (!kept) return;
    kept.line = line;
    if (!kept.writing) kept.fresh = line.fresh;
    showLine(kept.node, line, this.session);
  }

  count() {
    const lines = [...this.kept.values()].map(({ line }) => line);
    fill(this.root, { came: lines.filter(came).length, seats: lines.length });
    one(this.root, "[data-nobody]", HTMLElement).hidden = lines.length > 0;
    one(this.root, "[data-everyone]", HTMLButtonElement).disabled = !lines.some(({ mark, enrollment }) => !mark && enrollment);
  }

  /** @param {Event} event */
  tapped(event) {
    const button = event.target instanceof Element ? event.target.closest("button") : null;
    const kept = button && this.kept.get(button.closest("[data-key]")?.getAttribute("data-key") || "");
    if (!button || !kept || this.shut) return;
    const mark = /** @type {Mark | null} */ (button.getAttribute("data-mark"));
    if (button.hasAttribute("data-next")) this.mark(kept.line, nextMark(kept.line.mark, kept.line.bare));
    else if (button.hasAttribute("data-remove")) this.write(() => undo(this.app.store, kept.line.fresh));
    else if (button.hasAttribute("data-more")) this.minutes?.toggle(kept.node, kept.line);
    else if (mark !== null) this.choose(kept, mark);
  }

  /**
   * @param {Kept} kept
   * @param {Mark} mark
   */
  choose({ line, node }, mark) {
    if (mark === "late") this.minutes?.open(node, line);
    this.mark(line, line.mark === mark && line.bare && mark !== "late" ? "" : mark);
  }

  /**
   * Say at once what was tapped; that it is kept is said when it is on the disk.
   * @param {Line} line
   * @param {Mark} mark
   * @param {number} [minutes]
   */
  mark(line, mark, minutes = this.minutes?.usual || 0) {
    if (!line.enrollment) return;
    const kept = this.kept.get(line.key);
    if (!kept) return;
    kept.writing += 1;
    this.refresh({ ...line, mark, minutes: mark === "late" ? minutes : 0, stand: "", why: say("keeping") });
    this.count();
    navigator.vibrate?.(mark === "present" ? 30 : [20, 40, 20]);
    this.write(() => this.keep(kept, mark, minutes));
  }

  /**
   * @param {Kept} kept
   * @param {Mark} mark
   * @param {number} minutes
   */
  async keep(kept, mark, minutes) {
    try {
      kept.fresh = await keepMark(this.app.store, this.session, { ...kept.line, fresh: kept.fresh }, mark, minutes);
    } finally {
      kept.writing -= 1;
    }
    if (!mark && kept.fresh) await this.again(); // it had left already: what was marked stands
  }

  everyone() {
    const free = [...this.kept.values()].map(({ line }) => line).filter(({ mark, enrollment }) => !mark && enrollment);
    this.write(async () => {
      this.all = await keepMarks(this.app.store, this.session, free, "present");
      this.said(say("all-marked", { n: free.length }), true);
    });
    navigator.vibrate?.(60);
  }

  backAll() {
    const acts = this.all;
    this.all = [];
    this.said("");
    this.write(async () => {
      for (const id of acts) await undo(this.app.store, id);
    });
  }

  /**
   * One write after the other, so that two taps on one line stay two taps.
   * @param {() => Promise<unknown>} work
   */
  write(work) {
    this.writing = this.writing.then(work).then(() => this.send(), (error) => this.tell(error));
  }

  send() {
    clearTimeout(this.sending);
    this.sending = window.setTimeout(() => void this.app.sender.send(), SETTLES);
  }

  /** @param {unknown} error the disk said no: what is shown goes back to what is kept */
  async tell(error) {
    this.said(say(error instanceof StorageFull ? "not-kept-full" : "not-kept"));
    await this.again();
  }

  async again() {
    const { session, lines } = await this.read();
    this.show(session, lines);
  }

  /**
   * @param {string} text
   * @param {boolean} [undoable]
   */
  said(text, undoable = false) {
    const place = one(this.root, "[data-said]", HTMLElement);
    place.hidden = !text;
    fill(place, { said: text });
    one(place, "[data-undo]", HTMLElement).hidden = !undoable;
  }

  /** @param {string} typed */
  narrow(typed) {
    const fit = fits(typed);
    let shown = 0;
    for (const { line, node } of this.kept.values()) {
      node.hidden = !fit(line.name);
      shown += node.hidden ? 0 : 1;
    }
    one(this.root, "[data-unfound]", HTMLElement).hidden = shown > 0 || !this.kept.size;
  }

  /** @param {HTMLInputElement} search Enter marks the only one who is left */
  only(search) {
    const left = [...this.kept.values()].filter(({ node }) => !node.hidden);
    if (this.shut || left.length !== 1 || !search.value) return;
    this.mark(left[0].line, "present");
    search.value = "";
    this.narrow("");
  }
}
