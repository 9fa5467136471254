// Step 3: photos, made small and kept one by one.

import { fill, one, part, say } from "../../parts.js";
import { StorageFull } from "../../store.js";
import { MOST, NoPicture, hasRoom, redraw, show } from "../photo.js";

/** @typedef {import("../../store.js").Row} Row */
/** @typedef {import("../desk.js").Desk} Desk */

/**
 * @param {Desk} desk
 * @returns {() => void} paint it anew
 */
export function photos(desk) {
  const step = desk.step(3);
  /** @type {Map<string, HTMLElement>} */
  const tiles = new Map();
  let line = Promise.resolve();
  const paint = () => paintTiles(desk, step, tiles, paint);
  for (const input of step.querySelectorAll("input")) {
    input.addEventListener("change", () => {
      const files = [...(input.files || [])];
      input.value = "";
      line = line.then(() => keepAll(desk, step, files, paint));
      desk.busy(line);
    });
  }
  return paint;
}

/**
 * @param {Desk} desk
 * @param {HTMLElement} step
 * @param {File[]} files
 * @param {() => void} paint
 */
async function keepAll(desk, step, files, paint) {
  complain(step, "");
  for (const file of files) {
    if (!desk.draft.mine) return;
    if (desk.draft.row.photos.length >= MOST) return complain(step, say("visit-photo-many"));
    count(desk, step, say("visit-photo-busy"));
    const trouble = await keep(desk, file);
    paint();
    if (trouble) complain(step, trouble);
  }
}

/**
 * @param {Desk} desk
 * @param {File} file
 * @returns {Promise<string>} what is the matter; empty: it is kept
 */
async function keep(desk, file) {
  try {
    if (!(await hasRoom())) return say("visit-photo-full");
    const { photo, blob } = await redraw(file);
    await desk.draft.addPhoto(photo, blob);
    return "";
  } catch (error) {
    if (error instanceof NoPicture) return say("visit-photo-wrong", { name: file.name });
    if (error instanceof StorageFull) return say("visit-photo-full");
    throw error;
  }
}

/**
 * @param {Desk} desk
 * @param {HTMLElement} step
 * @param {Map<string, HTMLElement>} tiles
 * @param {() => void} paint
 */
function paintTiles(desk, step, tiles, paint) {
  const kept = desk.draft.row.photos;
  for (const [id, tile] of tiles) {
    if (kept.some((/** @type {Row} */ photo) => photo.id === id)) continue;
    tile.remove();
    tiles.delete(id);
  }
  kept.forEach((/** @type {Row} */ photo, /** @type {number} */ at) => {
    const found = tiles.get(photo.id) || tile(desk, photo);
    if (!tiles.has(photo.id)) one(found, "[data-remove]", HTMLButtonElement).addEventListener("click", () => remove(desk, step, photo.id, paint));
    tiles.set(photo.id, found);
    fill(found, { remove: say("visit-photo-remove", { n: at + 1 }) });
    one(found, "canvas", HTMLCanvasElement).setAttribute("aria-label", say("visit-photo-alt", { n: at + 1 }));
    one(step, "[data-photos]", HTMLElement).append(found);
  });
  one(step, "[data-shots]", HTMLElement).hidden = kept.length >= MOST;
  one(step, "[data-photo-full]", HTMLElement).hidden = kept.length < MOST;
  count(desk, step, say("visit-photos-count", { n: kept.length }));
  desk.review();
}

/**
 * @param {Desk} desk
 * @param {Row} photo
 */
export function tile(desk, photo) {
  const found = /** @type {HTMLElement} */ (part("visit-photo").firstElementChild);
  const canvas = one(found, "canvas", HTMLCanvasElement);
  desk.app.store.get("blobs", photo.id).then((row) => {
    if (row) return show(canvas, row.blob);
    const away = one(found, ".visit-photo-away", HTMLElement);
    away.hidden = false;
    if (photo.elsewhere || photo.arrived === false) away.textContent = say("visit-photo-elsewhere");
    return undefined;
  });
  return found;
}

/**
 * @param {Desk} desk
 * @param {HTMLElement} step
 * @param {string} id
 * @param {() => void} paint
 */
async function remove(desk, step, id, paint) {
  await desk.draft.removePhoto(id);
  complain(step, "");
  paint();
  one(step, "[data-camera]", HTMLInputElement).focus();
}

/**
 * @param {Desk} desk
 * @param {HTMLElement} step
 * @param {string} text
 */
function count(desk, step, text) {
  one(step, "[data-photo-count]", HTMLElement).textContent = text;
}

/**
 * @param {HTMLElement} step
 * @param {string} text
 */
function complain(step, text) {
  const place = one(step, "[data-photo-trouble]", HTMLElement);
  place.replaceChildren(...(text ? [fill(part("visit-trouble"), { text })] : []));
}
