// The way to the server: one call with a patience; no answer is `NoAnswer`, everything else is told by its status.

export class NoAnswer extends Error {}

/** @typedef {{status: number, ok: boolean, data: any, headers: Headers, signedOut: boolean}} Answer */

const PATIENCE = 30_000; // ms; a cut connection must not hold up what comes after it

/**
 * @param {string} method
 * @param {string} path below /api/v1/
 * @param {{json?: unknown, body?: BodyInit, headers?: Record<string, string>, patience?: number}} [given]
 * @returns {Promise<Answer>}
 */
export async function call(method, path, { json, body, headers = {}, patience = PATIENCE } = {}) {
  const sent = json === undefined ? body : JSON.stringify(json);
  if (json !== undefined) headers = { ...headers, "Content-Type": "application/json" };
  try {
    const response = await fetch(`/api/v1/${path}`, {
      method,
      body: sent,
      cache: "no-store",
      credentials: "same-origin",
      signal: AbortSignal.timeout(patience),
      headers: { Accept: "application/json", "X-CSRFToken": csrf(), ...headers },
    });
    const data = response.status === 204 || response.status === 304 ? null : await response.json();
    const signedOut = response.status === 401 || (response.status === 403 && /not_authenticated|csrf/i.test(data?.type || ""));
    return { status: response.status, ok: response.ok, data, headers: response.headers, signedOut };
  } catch (error) {
    throw new NoAnswer(String(error));
  }
}

function csrf() {
  const found = document.cookie.split("; ").find((cookie) => /^(__Host-)?csrf=/.test(cookie));
  return found ? found.slice(found.indexOf("=") + 1) : "";
}
