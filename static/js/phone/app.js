// The mentor's app: opens what the phone keeps, shows the view of the address, and listens for the network.

import { wireLeaving } from "../leaving.js";
import { tellFetched } from "./holdings.js";
import { startLine } from "./line.js";
import { forget, isSealed, owner, remember, wipe } from "./owner.js";
import { askPack, freshness, isOld, isStrange, keepPack, loadPack } from "./pack.js";
import { Sender } from "./send.js";
import { openStore, StorageFull } from "./store.js";
import { startTurning, turn } from "./turning.js";
import { startUpdates } from "./update.js";
import { first } from "./views/first.js";
import { home } from "./views/home.js";
import { queue } from "./views/queue.js";
import { session } from "./views/session.js";
import { village } from "./views/village.js";
import { visit } from "./views/visit.js";
import { pin } from "./wire.js";

/** @typedef {import("./store.js").Store} Store */
/** @typedef {import("./pack.js").News} News */
/** @typedef {(app: App, root: HTMLElement, ...path: string[]) => Promise<void | (() => void)>} View may give back what to do when it is left */

/** @type {Record<string, View>} */
const VIEWS = { "": home, queue, session, village, visit };

/**
 * What every view is given. Tells "change" after each write, also of another tab, and when sending begins or ends;
 * "pack" when there is a newer pack: a view that nobody is typing in draws itself again.
 */
export class App extends EventTarget {
  constructor() {
    super();
    /** @type {any} what `me/pack/` gave; null only while the first view is shown */
    this.pack = null;
    /** @type {Store} */
    this.store = /** @type {any} */ (null);
    /** @type {Sender} */
    this.sender = /** @type {any} */ (null);
    this.user = "";
    this.newer = false; // another edition of the app is ready
    this.updating = false; // and its owner wants it
    this.full = false; // the disk has refused something since the last step
    /** @type {"" | "strange" | "revoked" | "cleared"} why people are not shown */
    this.hidden = "";
    /** @type {Promise<News> | null} */
    this.meeting = null;
    /** @type {void | (() => void)} */
    this.leave = undefined;
  }

  /** Open what is kept; without it, or when it is not known whose it may be, the first view asks the server. */
  async begin() {
    const known = owner();
    if (known && isSealed(known)) {
      await this.open(known.user);
      pin(known.seal);
      this.hidden = this.pack ? (isStrange(await freshness(this.store)) ? "strange" : "") : "cleared";
    }
    startLine(this);
    startUpdates(this);
    startTurning();
    window.addEventListener("hashchange", () => this.turn());
    // Signed out in another tab: nothing stays on this screen either.
    window.addEventListener("storage", ({ key, newValue }) => key === "phone.user" && !newValue && location.reload());
    window.addEventListener("unhandledrejection", (event) => this.refused(event.reason) && event.preventDefault());
    wireLeaving(document);
    await this.show().catch((error) => {
      if (!this.refused(error)) throw error;
    });
    if (this.sender) this.sender.start();
  }

  /** @param {string} user */
  async open(user) {
    this.user = user;
    this.store = await openStore(user);
    this.pack = await loadPack(this.store);
    this.sender = new Sender(this.store, (always) => this.meet(always));
    this.sender.addEventListener("change", () => this.changed());
    this.store.watch(() => this.changed());
    this.store.onclosed = () => location.reload(); // what is kept now is read again, by the edition that fits it
  }

  /**
   * Say on the line that the disk is full, whatever was to be kept.
   * @param {unknown} error
   * @returns {boolean} whether that was it
   */
  refused(error) {
    if (!(error instanceof StorageFull)) return false;
    this.full = true;
    this.changed();
    return true;
  }

  changed() {
    this.dispatchEvent(new Event("change"));
  }

  /**
   * Ask the server for the newest pack, when the kept one is old or always; tells "arriving" while it comes.
   * @param {boolean} always
   * @returns {Promise<News>}
   */
  meet(always) {
    this.meeting ??= this.#meet(always).finally(() => (this.meeting = null));
    return this.meeting;
  }

  /**
   * @param {boolean} always
   * @returns {Promise<News>}
   */
  async #meet(always) {
    const fresh = this.store && this.pack ? await freshness(this.store) : null;
    if (!always && !this.hidden && !isOld(fresh)) return "same";
    const { news, pack, fresh: now, seal } = await askPack(fresh, (bytes, headers) => this.#arriving(bytes, headers));
    if (news === "revoked") await this.#revoked();
    if (news !== "fresh" && news !== "same") return news;
    const user = news === "fresh" ? String(pack.user.id) : this.user;
    if (this.user && user !== this.user) return this.#another();
    if (!this.store) await this.open(user);
    if (news === "fresh") await keepPack(this.store, pack, now);
    else await this.store.put("kept", { name: "fresh", value: now });
    pin(seal);
    remember(user, seal);
    return this.#met(news, pack);
  }

  /**
   * @param {number} bytes
   * @param {Headers} headers
   */
  #arriving(bytes, headers) {
    const holds = JSON.parse(headers.get("Holds") || "{}");
    this.dispatchEvent(new CustomEvent("arriving", { detail: { bytes, holds } }));
  }

  /**
   * @param {News} news
   * @param {any} pack
   */
  #met(news, pack) {
    const was = this.hidden || !this.pack;
    this.hidden = "";
    if (news === "fresh") this.pack = pack;
    if (was) void this.show().then(() => news === "fresh" && tellFetched(this));
    this.dispatchEvent(new Event(news === "fresh" ? "pack" : "change"));
    this.changed();
    this.sender.start();
    void navigator.storage.persist?.();
    return news;
  }

  /** @returns {News} Somebody else is signed in: what is kept here is not theirs to see. */
  #another() {
    forget();
    this.sender.stop();
    location.reload();
    return "other";
  }

  async #revoked() {
    if (this.store) await wipe(this.store);
    this.pack = null;
    this.hidden = "revoked";
    await this.show();
  }

  /** Show the page that the address names now; a visit looks after its own steps. */
  async turn() {
    const top = turn();
    await this.show();
    if (!/^#\/?visit\//.test(location.hash)) window.scrollTo(0, top);
  }

  /** Show the view of the address. */
  async show() {
    const [name, ...path] = location.hash.replace(/^#\/?/, "").split("/").map(decodeURIComponent);
    const root = document.querySelector("[data-view]");
    if (!(root instanceof HTMLElement)) return;
    this.leave?.();
    this.leave = undefined;
    this.full = false;
    const ready = this.store && (name === "queue" || (this.pack && !this.hidden));
    for (const tab of document.querySelectorAll("[data-tab]")) {
      if (tab.getAttribute("data-tab") === (name || "home")) tab.setAttribute("aria-current", "page");
      else tab.removeAttribute("aria-current");
    }
    for (const place of document.querySelectorAll("[data-user]")) place.textContent = this.pack?.user.name ?? "";
    this.leave = ready ? await (VIEWS[name] || home)(this, root, ...path) : await first(this, root);
  }
}

export const app = new App();
await app.begin();
