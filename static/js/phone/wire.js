// The way to the server: one call with a patience; no answer is `NoAnswer`, everything else is told by its status.

export class NoAnswer extends Error {}

/** @typedef {{status: number, ok: boolean, data: any, headers: Headers, signedOut: boolean, revoked: boolean, wait: number}} Answer */
/** @typedef {{json?: unknown, body?: BodyInit, headers?: Record<string, string>, patience?: number, heard?: (bytes: number, headers: Headers) => void}} Given */

const LANGUAGE = document.documentElement.lang;
const PATIENCE = 30_000; // ms; a cut connection must not hold up what comes after it

// The sign-in under which this page may write. The token changes with every sign-in, so what this page sends after
// somebody else signed in is refused by the server itself.
let pinned = "";

/** How far this phone's clock is behind the server's, in ms, at the last answer. */
export const clock = { behind: 0 };

/** @param {string} seal the token of a sign-in that the server named */
export function pin(seal) {
  pinned = seal;
}

/** @returns {string} the token of whoever is signed in now */
export function token() {
  const found = document.cookie.split("; ").find((cookie) => /^(__Host-)?csrf=/.test(cookie));
  return found ? found.slice(found.indexOf("=") + 1) : "";
}

/**
 * @param {string} method
 * @param {string} path below /api/v1/
 * @param {Given} [given]
 * @returns {Promise<Answer>}
 */
export async function call(method, path, { json, body, headers = {}, patience = PATIENCE, heard } = {}) {
  const sent = json === undefined ? body : JSON.stringify(json);
  if (json !== undefined) headers = { ...headers, "Content-Type": "application/json" };
  try {
    const response = await fetch(`/api/v1/${path}`, {
      method,
      body: sent,
      cache: "no-store",
      credentials: "same-origin",
      redirect: "error",
      signal: AbortSignal.timeout(patience),
      headers: { Accept: "application/json", "Accept-Language": LANGUAGE, "X-CSRFToken": pinned, ...headers },
    });
    return answered(response, await read(response, heard));
  } catch (error) {
    throw new NoAnswer(String(error));
  }
}

/**
 * @param {Response} response
 * @param {any} data
 * @returns {Answer}
 */
function answered(response, data) {
  const { status, ok, headers } = response;
  clock.behind = Date.parse(headers.get("Date") || "") - Date.now() || 0;
  const unproven = status === 403 && /csrf/i.test(data?.detail || "");
  const wait = status === 429 || status >= 500 ? 1000 * (Number(headers.get("Retry-After")) || 1) : 0;
  const revoked = status === 403 && !unproven && data?.code === "permission_denied";
  return { status, ok, data, headers, wait, revoked, signedOut: status === 401 || unproven };
}

/**
 * Read a body of ours; a page in between (a gateway, a hotel's sign-in) is no answer unless it is a plain "busy".
 * @param {Response} response
 * @param {Given["heard"]} heard
 */
async function read(response, heard) {
  if (response.status === 204 || response.status === 304) return null;
  if (!/json/.test(response.headers.get("Content-Type") || "")) {
    if (response.status === 429 || response.status >= 500) return null;
    throw new Error("not ours");
  }
  return heard && response.body ? JSON.parse(await follow(response, heard)) : response.json();
}

/**
 * @param {Response} response
 * @param {NonNullable<Given["heard"]>} heard
 */
async function follow(response, heard) {
  const reader = /** @type {ReadableStream<Uint8Array>} */ (response.body).getReader();
  const decoder = new TextDecoder();
  let text = "";
  let bytes = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return text + decoder.decode();
    bytes += value.length;
    text += decoder.decode(value, { stream: true });
    heard(bytes, response.headers);
  }
}
