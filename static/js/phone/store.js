// What the phone keeps, in IndexedDB, one database per mentor. A promise that is kept here is on the disk.
//
// visits: {id, state, schema, rev, taken, held, base_version, content, photos: [{id, sha256, size, taken_at, sent, refused, left}], step, saved_at, detail, reason, tries}
//         content is the wire's visit without id, state, base_version and photos; rev counts its changes; taken is the rev that arrived
// blobs:  {id, visit, blob}            the bytes of a photo, by its key
// acts:   {id, state, schema, act, detail, reason, tries}
// kept:   {name, value, ...}           the pack, when the server was last met, and the like

const SHELVES = { visits: "id", blobs: "id", acts: "id", kept: "name" };
const VERSION = 1;

/** @typedef {"visits" | "blobs" | "acts" | "kept"} Shelf */
/** @typedef {Record<string, any>} Row */
/** @typedef {{shelf: Shelf, put?: Row, remove?: string}} Write */

/** The disk is full; what was there before is there still. */
export class StorageFull extends Error {}

/** @param {string | number} user */
export const nameOf = (user) => `desa-devisa-${user}`;

export class Store {
  /** @param {IDBDatabase} base */
  constructor(base) {
    this.base = base;
    /** @type {Set<() => void>} */
    this.watchers = new Set();
    this.others = new BroadcastChannel(base.name);
    this.others.addEventListener("message", () => this.#tell());
    this.closed = false;
    /** @type {() => void} called when a newer edition, or the browser, took the database away */
    this.onclosed = () => undefined;
    /** @type {Set<Promise<unknown>>} */
    this.writing = new Set();
    base.addEventListener("versionchange", () => this.#lost());
    base.addEventListener("close", () => this.#lost());
  }

  /**
   * @param {Shelf} shelf
   * @param {string} key
   * @returns {Promise<Row | undefined>}
   */
  get(shelf, key) {
    return asked(this.base.transaction(shelf).objectStore(shelf).get(key));
  }

  /**
   * @param {Shelf} shelf
   * @returns {Promise<Row[]>}
   */
  all(shelf) {
    return asked(this.base.transaction(shelf).objectStore(shelf).getAll());
  }

  /**
   * Do several writes, all or none.
   * @param {Write[]} writes
   */
  async write(writes) {
    if (!writes.length) return;
    await this.#done([...new Set(writes.map((each) => each.shelf))], (change) => {
      for (const { shelf, put, remove } of writes) {
        if (put) change.objectStore(shelf).put(put);
        if (remove) change.objectStore(shelf).delete(remove);
      }
    });
  }

  /**
   * @param {Shelf} shelf
   * @param {Row} row
   */
  put(shelf, row) {
    return this.write([{ shelf, put: row }]);
  }

  /**
   * @param {Shelf} shelf
   * @param {string} key
   */
  remove(shelf, key) {
    return this.write([{ shelf, remove: key }]);
  }

  /**
   * Read one row and write what `turn` makes of it, with nobody in between; undefined leaves it as it is.
   * @param {Shelf} shelf
   * @param {string} key
   * @param {(row: Row | undefined) => Row | undefined} turn
   * @returns {Promise<Row | undefined>} the row as it stands now
   */
  async change(shelf, key, turn) {
    /** @type {Row | undefined} */
    let now;
    await this.#done([shelf], (change) => {
      const rows = change.objectStore(shelf);
      const found = rows.get(key);
      found.onsuccess = () => {
        const next = turn(found.result);
        now = next ?? found.result;
        if (next) rows.put(next);
      };
    });
    return now;
  }

  /**
   * Put a row and commit at once, when nobody may be left to hear whether it went well.
   * @param {Shelf} shelf
   * @param {Row} row
   */
  leave(shelf, row) {
    const change = this.base.transaction([shelf], "readwrite");
    change.objectStore(shelf).put(row);
    change.commit();
  }

  /**
   * Be called after each change, also one of another tab.
   * @param {() => void} watcher
   * @returns {() => void} stop
   */
  watch(watcher) {
    this.watchers.add(watcher);
    return () => this.watchers.delete(watcher);
  }

  /** @returns {Promise<unknown>} when nothing is being written */
  async idle() {
    while (this.writing.size) await Promise.allSettled([...this.writing]);
  }

  close() {
    this.closed = true;
    this.others.close();
    this.base.close();
  }

  async #lost() {
    await this.idle();
    this.close();
    this.onclosed();
  }

  /**
   * @param {Shelf[]} shelves
   * @param {(change: IDBTransaction) => void} work
   */
  async #done(shelves, work) {
    const change = this.base.transaction(shelves, "readwrite", { durability: "strict" });
    const done = new Promise((resolve, reject) => {
      change.oncomplete = resolve;
      change.onabort = () => reject(worded(change.error));
      try {
        work(change);
      } catch (error) {
        reject(worded(/** @type {DOMException} */ (error)));
        change.abort();
      }
    });
    this.writing.add(done);
    await done.finally(() => this.writing.delete(done));
    this.others.postMessage("changed");
    this.#tell();
  }

  #tell() {
    for (const watcher of this.watchers) watcher();
  }
}

/**
 * @param {string | number} user
 * @returns {Promise<Store>}
 */
export function openStore(user) {
  return new Promise((resolve, reject) => {
    const opening = indexedDB.open(nameOf(user), VERSION);
    opening.onupgradeneeded = () => {
      for (const [name, keyPath] of Object.entries(SHELVES)) {
        if (!opening.result.objectStoreNames.contains(name)) opening.result.createObjectStore(name, { keyPath });
      }
    };
    opening.onsuccess = () => resolve(new Store(opening.result));
    opening.onerror = () => reject(worded(opening.error));
  });
}

/**
 * @template Value
 * @param {IDBRequest<Value>} request
 * @returns {Promise<Value>}
 */
function asked(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(worded(request.error));
  });
}

/** @param {DOMException | null} error */
function worded(error) {
  return error?.name === "QuotaExceededError" ? new StorageFull(error.message) : error;
}
