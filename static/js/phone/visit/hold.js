// One window writes a draft; any other reads it until somebody says otherwise.

const PATIENCE = 800; // ms a holder has to put its last words on the disk; one that sleeps is passed over

/** @param {string} id */
const name = (id) => `visit-${id}`;

export class Hold {
  /**
   * @param {string} id of the draft
   * @param {() => Promise<void>} last what to do before the draft is given away
   * @param {() => void} lost called when it was
   */
  constructor(id, last, lost) {
    this.id = id;
    this.lost = lost;
    this.mine = false;
    /** @type {() => void} */
    this.release = () => undefined;
    this.channel = new BroadcastChannel(name(id));
    this.channel.addEventListener("message", async ({ data }) => {
      if (data !== "give" || !this.mine) return;
      await last();
      this.#lose();
      this.channel.postMessage("given");
    });
  }

  /** @returns {Promise<boolean>} whether nobody else has it */
  take() {
    return this.#ask({ ifAvailable: true });
  }

  /** Take it from whoever has it, after their last words. */
  async takeOver() {
    const given = new Promise((resolve) => {
      this.channel.addEventListener("message", ({ data }) => data === "given" && resolve(true));
      setTimeout(resolve, PATIENCE);
    });
    this.channel.postMessage("give");
    await given;
    return this.#ask({ steal: true });
  }

  close() {
    this.mine = false;
    this.release();
    this.channel.close();
  }

  #lose() {
    if (!this.mine) return;
    this.mine = false;
    this.release();
    this.lost();
  }

  /**
   * @param {LockOptions} options
   * @returns {Promise<boolean>}
   */
  #ask(options) {
    return new Promise((resolve) => {
      const held = navigator.locks.request(name(this.id), options, (lock) => {
        this.mine = Boolean(lock);
        resolve(this.mine);
        if (!lock) return undefined;
        return new Promise((done) => {
          this.release = () => done(undefined);
        });
      });
      held.catch(() => this.#lose());
    });
  }
}
