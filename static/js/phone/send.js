// The queue: text first, then each photo; by one tab at a time; sent again until the server's word is there.

import { sendActs, settleActs } from "./send_acts.js";
import { nextPhoto, sendPhoto, sweep } from "./send_photos.js";
import { sendVisits } from "./send_visits.js";
import { StorageFull } from "./store.js";
import { NoAnswer } from "./wire.js";

/** @typedef {import("./store.js").Store} Store */
/** @typedef {import("./pack.js").News} News */
/** @typedef {import("./wire.js").Answer} Answer */
/** @typedef {"" | "offline" | "signin" | "busy" | "full"} Trouble what is in the way; empty: nothing */
/** @typedef {{store: Store, skipped: Set<string>, heed: (answer: Answer) => void, moved: () => Promise<void>}} Round one walk through the queue */

const SHORTEST = 5_000; // ms
const LONGEST = 300_000;

/** Nothing more can be sent now. */
class Halt extends Error {
  /**
   * @param {Trouble} trouble
   * @param {number} wait ms that the server asked for
   */
  constructor(trouble, wait = 0) {
    super(trouble);
    this.trouble = trouble;
    this.wait = wait;
  }
}

/** Tells "change" whenever what it does, or what is in its way, changes. */
export class Sender extends EventTarget {
  /**
   * @param {Store} store
   * @param {(always: boolean) => Promise<News>} meet fetches the pack, when it is old or always
   */
  constructor(store, meet) {
    super();
    this.store = store;
    this.meet = meet;
    this.busy = false;
    /** @type {Trouble} */
    this.trouble = "";
    this.failures = 0;
    this.timer = 0;
    /** @type {Promise<void> | null} */
    this.asked = null;
    this.stopped = false;
    /** @type {(() => void) | undefined} */
    this.again = undefined;
  }

  /** Send by itself from now on: now, when a network comes, and again after growing pauses. */
  start() {
    if (this.again) return;
    this.again = () => void this.send();
    window.addEventListener("online", this.again);
    document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && this.again?.());
    this.again();
  }

  stop() {
    this.stopped = true;
    clearTimeout(this.timer);
    if (this.again) window.removeEventListener("online", this.again);
  }

  /**
   * Send now, or right after what is being sent; call it after each record that became `waiting`.
   * @returns {Promise<void>} when that round has ended, however it ended
   */
  send() {
    this.asked ??= navigator.locks.request("send", async () => {
      this.asked = null;
      if (!this.stopped) await this.#walk();
    });
    return this.asked;
  }

  async #walk() {
    clearTimeout(this.timer);
    this.#now(true, this.trouble);
    /** @type {unknown} */
    let halt;
    try {
      halt = await this.#tried();
    } finally {
      const trouble = halt instanceof Halt ? halt.trouble : "";
      this.failures = halt ? this.failures + 1 : 0;
      if (halt instanceof Halt && trouble !== "signin") this.#later(halt.wait);
      this.#now(false, trouble);
    }
  }

  /** @returns {Promise<Halt | null>} what stopped it */
  async #tried() {
    let halt = await this.#round().catch(reasoned);
    // Perhaps only the sign-in is another one: ask the server who it is, and go on when it is the same person.
    if (halt?.trouble === "signin" && ["fresh", "same"].includes(await this.meet(true))) {
      halt = await this.#round().catch(reasoned);
    }
    return halt;
  }

  /** @returns {Promise<null>} */
  async #round() {
    let any = false;
    /** @type {Round} */
    const round = {
      store: this.store,
      skipped: new Set(),
      heed,
      moved: async () => {
        any = true;
        await this.store.put("kept", { name: "last", value: Date.now() });
      },
    };
    for (;;) {
      await sendVisits(round);
      await sendActs(round);
      const photo = await nextPhoto(round);
      if (!photo) break;
      await sendPhoto(round, photo);
    }
    await sweep(this.store);
    heedNews(await this.meet(any));
    await settleActs(this.store);
    if (round.skipped.size) throw new Halt("busy");
    return null;
  }

  /** @param {number} wait */
  #later(wait) {
    const grown = Math.min(LONGEST, SHORTEST * 2 ** Math.min(this.failures - 1, 10));
    this.timer = window.setTimeout(() => this.send(), Math.max(wait, grown * (0.75 + Math.random() / 2)));
  }

  /**
   * @param {boolean} busy
   * @param {Trouble} trouble
   */
  #now(busy, trouble) {
    this.busy = busy;
    this.trouble = trouble;
    this.dispatchEvent(new Event("change"));
  }
}

/**
 * Stop where nothing more can be sent: nobody is signed in, or the server asks for patience.
 * @param {Answer} answer
 */
function heed(answer) {
  if (answer.signedOut || answer.revoked) throw new Halt("signin");
  if (answer.status === 429 || answer.headers.has("Retry-After")) throw new Halt("busy", answer.wait);
}

/** @param {News} news */
function heedNews(news) {
  if (news === "none") throw new Halt("offline");
  if (news === "busy") throw new Halt("busy");
  if (news !== "fresh" && news !== "same") throw new Halt("signin");
}

/**
 * @param {unknown} error
 * @returns {Halt}
 */
function reasoned(error) {
  if (error instanceof Halt) return error;
  if (error instanceof NoAnswer) return new Halt("offline");
  if (error instanceof StorageFull) return new Halt("full");
  throw error;
}
