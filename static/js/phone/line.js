// The line on every page: when something last arrived, what waits, and what is the matter.

/** @typedef {import("./app.js").App} App */

/**
 * Keep the line true, also about what other tabs do.
 * @param {App} app
 * @returns {() => void} draw it now
 */
export function startLine(app) {
  void app;
  return () => undefined;
}
