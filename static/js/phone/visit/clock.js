// Days and hours of a village, as people there read them. A moment is ISO with the offset of its village.

const LABELS = { "Asia/Jakarta": "WIB", "Asia/Pontianak": "WIB", "Asia/Makassar": "WITA", "Asia/Jayapura": "WIT" };
const DAY = 86_400_000; // ms

/** @param {string | undefined} zone */
const known = (zone) => (zone && zone in LABELS ? zone : Intl.DateTimeFormat().resolvedOptions().timeZone);

const language = () => (document.documentElement.lang.startsWith("en") ? "en-GB" : "id-ID");

/**
 * Read a moment on the village's wall.
 * @param {string | number | Date} moment
 * @param {string} [zone]
 * @returns {{day: string, clock: string}} `2026-10-01` and `09:00`
 */
export function wall(moment, zone) {
  const format = { year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
  const parts = new Intl.DateTimeFormat("en-GB", /** @type {any} */ ({ ...format, timeZone: known(zone) })).formatToParts(new Date(moment));
  const part = Object.fromEntries(parts.map(({ type, value }) => [type, value]));
  return { day: `${part.year}-${part.month}-${part.day}`, clock: `${part.hour}:${part.minute}` };
}

/**
 * Write what the village's wall shows as a moment.
 * @param {string} day
 * @param {string} clock
 * @param {string} [zone]
 * @returns {string} "" when it is no moment
 */
export function moment(day, clock, zone) {
  const utc = Date.parse(`${day}T${clock}:00Z`);
  if (Number.isNaN(utc)) return "";
  const seen = wall(utc, zone); // no zone of Indonesia moves its clocks, so one look tells the offset
  const minutes = Math.round((Date.parse(`${seen.day}T${seen.clock}:00Z`) - utc) / 60_000);
  const two = (/** @type {number} */ number) => String(Math.abs(number)).padStart(2, "0");
  const offset = `${minutes < 0 ? "-" : "+"}${two(Math.trunc(minutes / 60))}:${two(minutes % 60)}`;
  return `${day}T${clock}:00${offset}`;
}

/** @param {string} [zone] */
export function now(zone) {
  const { day, clock } = wall(Date.now(), zone);
  return moment(day, clock, zone);
}

/**
 * Write `Kamis, 1 Oktober 2026`.
 * @param {string} day `2026-10-01`
 * @param {boolean} [short] without the weekday
 */
export function written(day, short = false) {
  const format = { day: "numeric", month: short ? "short" : "long", year: "numeric", timeZone: "UTC" };
  const date = new Date(`${day}T00:00:00Z`);
  if (Number.isNaN(date.getTime())) return "";
  return new Intl.DateTimeFormat(language(), /** @type {any} */ (short ? format : { ...format, weekday: "long" })).format(date);
}

/**
 * Write `Kamis, 1 Oktober 2026, 09.00 WIB`.
 * @param {string} moment
 * @param {string} [zone]
 */
export function writtenMoment(moment, zone) {
  const { day, clock } = wall(moment, zone);
  const label = LABELS[/** @type {keyof typeof LABELS} */ (known(zone))] || "";
  return `${written(day)}, ${clock.replace(":", ".")} ${label}`.trim();
}

/**
 * Count on from today; a month ends where its successor is shorter.
 * @param {{days?: number, months?: number}} step
 * @param {string} [zone]
 */
export function ahead({ days = 0, months = 0 }, zone) {
  const date = new Date(`${wall(Date.now(), zone).day}T00:00:00Z`);
  if (months) {
    const day = date.getUTCDate();
    date.setUTCDate(1);
    date.setUTCMonth(date.getUTCMonth() + months);
    const last = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate();
    date.setUTCDate(Math.min(day, last));
  }
  return new Date(date.getTime() + days * DAY).toISOString().slice(0, 10);
}
