// The queue: text first, then each photo, then attendance; by one tab at a time; sent again until the server's word is there.

/** @typedef {import("./store.js").Store} Store */
/** @typedef {"" | "sending" | "offline" | "signin" | "busy"} Trouble what is in the way; empty: nothing */

export class Sender {
  /**
   * @param {Store} store
   * @param {() => Promise<import("./pack.js").News>} refresh
   */
  constructor(store, refresh) {
    this.store = store;
    this.refresh = refresh;
    /** @type {Trouble} */
    this.trouble = "";
  }

  /** Send by itself from now on: when a network comes, and again after growing pauses. */
  start() {}

  /**
   * Send now, or right after what is being sent; call it after each record that became `waiting`.
   * @returns {Promise<void>} when this round has ended, however it ended
   */
  async send() {}

  stop() {}
}
