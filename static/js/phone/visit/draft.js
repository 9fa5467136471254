// A visit being written: each change is on the disk within a moment, and only the window that holds it writes.

import { newKey } from "../keys.js";
import { open as isOpen, readable, ready } from "../records.js";
import { StorageFull } from "../store.js";
import { cleaned, isBlank } from "./content.js";
import { Hold } from "./hold.js";

/** @typedef {import("../store.js").Row} Row */
/** @typedef {import("../store.js").Store} Store */
/** @typedef {"saving" | "saved" | "full" | "unsaved"} Saved */

const PACE = 250; // ms between two writes while somebody types
const AGAIN = 2000; // ms until a write that failed is tried again

export class Draft {
  /**
   * @param {Store} store
   * @param {Row} row
   * @param {number | null} [over] it starts from the server's word: the rev of what it takes the place of, 0 for nothing
   */
  constructor(store, row, over = null) {
    this.store = store;
    this.row = row;
    this.over = over;
    this.window = newKey();
    this.dirty = false;
    this.gone = false; // another window has it
    this.finished = false; // the sender has it
    this.last = 0;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.timer = undefined;
    this.line = Promise.resolve();
    /** @type {(saved: Saved) => void} */
    this.onSaved = () => undefined;
    /** @type {() => void} */
    this.onHand = () => undefined;
    this.hold = new Hold(row.id, () => this.flush(), () => this.onHand());
  }

  /** Tell whether this window may write. */
  get mine() {
    return this.hold.mine && !this.gone && !this.finished;
  }

  /**
   * Take the draft if nobody else has it, or from whoever has it.
   * @param {boolean} [over]
   */
  async take(over = false) {
    const taken = over ? await this.hold.takeOver() : await this.hold.take();
    if (taken) await this.#claim();
    this.gone = taken ? false : this.gone;
    return taken;
  }

  /**
   * Change the row in place; it is written at once, or within a quarter of a second when it was written just now.
   * @param {(row: Row) => void} turn
   */
  edit(turn) {
    if (!this.mine) return;
    turn(this.row);
    this.dirty = true;
    this.onSaved("saving");
    this.timer ??= setTimeout(() => this.flush(), Math.max(0, this.last + PACE - Date.now()));
  }

  /** Write what is not yet written. */
  flush() {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.line = this.line.then(() => this.#write());
    return this.line;
  }

  /** Write the last words without asking for anything back: the page may be going, and hears no answer any more. */
  lastWords() {
    if (this.over !== null || !this.dirty || !this.mine) return void this.flush();
    const row = structuredClone(this.row);
    this.store.leave("visits", { ...row, state: "draft", rev: (row.rev ?? 0) + 2, holder: this.window, saved_at: new Date().toISOString() });
    return void this.flush();
  }

  /**
   * Keep a photo: its bytes first, then its name in the draft. A full disk refuses it and leaves the words alone.
   * @param {Row} photo
   * @param {Blob} blob
   */
  async addPhoto(photo, blob) {
    await this.flush();
    await this.store.put("blobs", { id: photo.id, visit: this.row.id, blob });
    this.edit((row) => row.photos.push({ ...photo, sent: false }));
    await this.flush();
  }

  /** @param {string} id */
  async removePhoto(id) {
    this.edit((row) => {
      row.photos = row.photos.filter((/** @type {Row} */ photo) => photo.id !== id);
    });
    await this.flush();
    if (!this.dirty) await this.store.remove("blobs", id);
  }

  /** Hand it over to the sender; from here on nobody writes it silently. */
  async finish() {
    this.edit((row) => {
      row.content = cleaned(row.content);
    });
    await this.flush();
    if (this.dirty || !this.mine) return false;
    this.finished = true;
    await ready(this.store, "visits", this.row.id);
    return true;
  }

  /** Leave it: the last words are written, and one that nobody wrote in is taken away. */
  async close() {
    await this.flush();
    if (this.mine && isBlank(this.row)) await this.store.remove("visits", this.row.id);
    this.hold.close();
  }

  /** Read again what another window wrote. */
  async reread() {
    const found = await this.store.get("visits", this.row.id);
    if (found) this.row = readable(found);
  }

  async #claim() {
    if (this.over !== null) return;
    const row = await this.store.change("visits", this.row.id, (found) => found && { ...readable(found), holder: this.window });
    if (row) this.row = row;
  }

  async #write() {
    if (!this.dirty || !this.mine) return;
    this.dirty = false;
    this.last = Date.now();
    try {
      await this.#put(structuredClone(this.row));
      this.onSaved(this.dirty ? "saving" : "saved");
    } catch (error) {
      this.dirty = true;
      this.onSaved(error instanceof StorageFull ? "full" : "unsaved");
      this.timer ??= setTimeout(() => this.flush(), AGAIN);
    }
  }

  /** @param {Row} row */
  async #put(row) {
    let lost = false;
    const now = await this.store.change("visits", row.id, (found) => {
      lost = Boolean(found) && !this.#may(readable(/** @type {Row} */ (found)));
      if (lost) return undefined;
      return { ...row, state: "draft", rev: (found?.rev ?? 0) + 1, holder: this.window, saved_at: new Date().toISOString() };
    });
    if (!lost && now) Object.assign(this.row, { rev: now.rev, state: now.state });
    if (!lost) this.over = null;
    if (!lost) return;
    this.gone = true;
    this.onHand();
  }

  /** @param {Row} found what is kept under this key now */
  #may(found) {
    return this.over === null ? found.holder === this.window && isOpen(found) : found.rev === this.over;
  }
}
