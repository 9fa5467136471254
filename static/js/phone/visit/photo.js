// A picture made small on the phone: upright, at most 1600 px and 900 KB, a JPEG without a word about where it was taken.

import { digestOf, newKey } from "../keys.js";

export const MOST = 6;
const LONGEST = 1600; // px
const HEAVIEST = 900_000; // bytes
const ROOM = 5_000_000; // bytes kept free for words
const QUALITIES = [0.85, 0.75, 0.65, 0.5];
const START = 256 * 1024; // bytes in which a picture says its size

/** What was chosen is no picture that this phone can read. */
export class NoPicture extends Error {}

/** @typedef {import("../store.js").Row} Row */

/**
 * Redraw a file.
 * @param {File} file
 * @returns {Promise<{photo: Row, blob: Blob}>}
 */
export async function redraw(file) {
  let picture = await decode(file);
  try {
    for (;;) {
      const blob = await lightest(picture);
      if (blob.size <= HEAVIEST) return { photo: await named(file, blob), blob };
      const smaller = await createImageBitmap(picture, { resizeWidth: Math.max(1, Math.round(picture.width * 0.75)), resizeQuality: "high" });
      picture.close();
      picture = smaller;
    }
  } finally {
    picture.close();
  }
}

/** @returns {Promise<boolean>} whether a photo fits and leaves room for words */
export async function hasRoom() {
  const { quota = Infinity, usage = 0 } = (await navigator.storage?.estimate?.()) || {};
  return quota - usage > ROOM + HEAVIEST;
}

/**
 * Draw a kept picture into a canvas, covering it.
 * @param {HTMLCanvasElement} canvas
 * @param {Blob} blob
 */
export async function show(canvas, blob) {
  const picture = await createImageBitmap(blob).catch(() => null);
  const pen = canvas.getContext("2d");
  if (!picture || !pen) return;
  const scale = Math.max(canvas.width / picture.width, canvas.height / picture.height);
  const [width, height] = [picture.width * scale, picture.height * scale];
  pen.drawImage(picture, (canvas.width - width) / 2, (canvas.height - height) / 2, width, height);
  picture.close();
}

/** @param {File} file */
async function decode(file) {
  const [width, height] = sizeOf(new DataView(await file.slice(0, START).arrayBuffer()));
  try {
    if (!width) return await shrunk(await createImageBitmap(file));
    if (Math.max(width, height) <= LONGEST) return await createImageBitmap(file);
    const glance = await createImageBitmap(file, { resizeWidth: 64 }); // upright already, so it tells which side is long
    const upright = glance.height > glance.width;
    glance.close();
    return await createImageBitmap(file, longest(Math.max(width, height), Math.min(width, height), upright));
  } catch {
    throw new NoPicture(file.name);
  }
}

/**
 * @param {number} long px
 * @param {number} short px
 * @param {boolean} upright
 * @returns {ImageBitmapOptions} to draw it with its long side just as long as may be
 */
function longest(long, short, upright) {
  const other = Math.max(1, Math.round((LONGEST * short) / long));
  const [resizeWidth, resizeHeight] = upright ? [other, LONGEST] : [LONGEST, other];
  return { resizeWidth, resizeHeight, resizeQuality: "high" };
}

/** @param {ImageBitmap} picture of a kind whose size was not known before */
async function shrunk(picture) {
  const [long, short] = [Math.max(picture.width, picture.height), Math.min(picture.width, picture.height)];
  if (long <= LONGEST) return picture;
  const small = await createImageBitmap(picture, longest(long, short, picture.height > picture.width));
  picture.close();
  return small;
}

/**
 * @param {ImageBitmap} picture
 * @returns {Promise<Blob>} the first that is light enough, else the lightest
 */
async function lightest(picture) {
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [picture.width, picture.height];
  const pen = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d", { alpha: false }));
  pen.fillStyle = "#fff";
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.drawImage(picture, 0, 0);
  /** @type {Blob | null} */
  let blob = null;
  for (const quality of QUALITIES) {
    blob = await new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", quality));
    if (blob && blob.size <= HEAVIEST) break;
  }
  canvas.width = 0; // gives the memory back at once
  if (!blob) throw new NoPicture("jpeg");
  return blob;
}

/**
 * @param {File} file
 * @param {Blob} blob
 */
async function named(file, blob) {
  const taken = file.lastModified && file.lastModified <= Date.now() ? file.lastModified : Date.now();
  const sha256 = await digestOf(await blob.arrayBuffer());
  return { id: newKey(), sha256, size: blob.size, taken_at: new Date(taken).toISOString() };
}

/**
 * Read width and height from the head of a JPEG or a PNG; [0, 0] for anything else.
 * @param {DataView} head
 * @returns {[number, number]}
 */
function sizeOf(head) {
  if (head.byteLength > 24 && head.getUint32(0) === 0x89504e47) return [head.getUint32(16), head.getUint32(20)];
  if (head.byteLength < 4 || head.getUint16(0) !== 0xffd8) return [0, 0];
  for (let place = 2; place + 9 < head.byteLength; place += 2 + head.getUint16(place + 2)) {
    const marker = head.getUint16(place);
    const frame = marker >= 0xffc0 && marker <= 0xffcf && ![0xffc4, 0xffc8, 0xffcc].includes(marker);
    if (frame) return [head.getUint16(place + 7), head.getUint16(place + 5)];
  }
  return [0, 0];
}
