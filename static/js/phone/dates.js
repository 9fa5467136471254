// Dates and times as Indonesians read and write them, in the zone of a place; the phone's twin of the server's dates.
// A time is an ISO moment ("2026-10-01T02:00:00Z") or a Date; a day is "2026-10-01", the same day everywhere.

/** @typedef {string | Date} When */

/** @type {Record<string, string>} */
const LABELS = { "Asia/Jakarta": "WIB", "Asia/Pontianak": "WIB", "Asia/Makassar": "WITA", "Asia/Jayapura": "WIT" };
const DAY = 86_400_000; // ms
/** @type {Map<string, Intl.DateTimeFormat>} */
const made = new Map();

/** @returns {string} the zone that the phone is set to */
const phoneZone = () => new Intl.DateTimeFormat().resolvedOptions().timeZone;

/**
 * @param {When} when
 * @param {string} [zone]
 * @returns {string} "Kamis, 1 Oktober 2026"
 */
export function longDate(when, zone) {
  const at = parts(when, zone);
  return `${at.weekday}, ${at.day} ${at.month} ${at.year}`;
}

/**
 * @param {When} when
 * @param {string} [zone]
 * @returns {string} "Kam, 1 Okt 2026"
 */
export function shortDate(when, zone) {
  const at = parts(when, zone);
  return `${at.weekday.slice(0, 3)}, ${at.day} ${at.month.slice(0, 3)} ${at.year}`;
}

/**
 * @param {When} when
 * @param {string} [zone]
 * @returns {string} "09.00 WIB"
 */
export function clock(when, zone) {
  const at = parts(when, zone);
  return `${at.hour}.${at.minute} ${LABELS[zone || phoneZone()] || ""}`.trim();
}

/**
 * @param {When} from
 * @param {When} until
 * @param {string} [zone]
 * @returns {string} "09.00–11.30 WIB"; the end names its day when it is another one
 */
export function clockRange(from, until, zone) {
  const [start, end] = [parts(from, zone), parts(until, zone)];
  const other = dayOf(from, zone) === dayOf(until, zone) ? "" : `${shortDate(until, zone)} `;
  return `${start.hour}.${start.minute}–${other}${end.hour}.${end.minute} ${LABELS[zone || phoneZone()] || ""}`.trim();
}

/**
 * @param {When} when
 * @param {string} [zone]
 * @returns {string} the day at the place: "2026-10-01"
 */
export function dayOf(when, zone) {
  if (isDay(when)) return when;
  const at = parts(when, zone);
  return `${at.year}-${at.number}-${at.day.padStart(2, "0")}`;
}

/**
 * @param {string} from a day
 * @param {string} until a day
 * @returns {number} 1 from today to tomorrow
 */
export const daysBetween = (from, until) => Math.round((Date.parse(until) - Date.parse(from)) / DAY);

/**
 * @param {string} day
 * @param {number} many
 * @returns {string} the day so many days later
 */
export const daysAfter = (day, many) => new Date(Date.parse(day) + many * DAY).toISOString().slice(0, 10);

/**
 * @param {string} day
 * @returns {string} the Monday of its week
 */
export const mondayOf = (day) => daysAfter(day, -((new Date(Date.parse(day)).getUTCDay() + 6) % 7));

/**
 * @param {When} when
 * @returns {when is string}
 */
const isDay = (when) => typeof when === "string" && when.length === 10;

/**
 * @param {When} when
 * @param {string} [zone]
 * @returns {Record<"weekday" | "day" | "month" | "number" | "year" | "hour" | "minute", string>}
 */
function parts(when, zone) {
  const moment = when instanceof Date ? when : new Date(when);
  const place = isDay(when) ? "UTC" : zone || phoneZone();
  /** @type {any} */
  const at = {};
  for (const { type, value } of words(place).formatToParts(moment)) at[type] = value;
  for (const { type, value } of digits(place).formatToParts(moment)) if (type === "month") at.number = value;
  return at;
}

/** @param {string} zone */
function words(zone) {
  const language = (document.documentElement.lang || "id").startsWith("en") ? "en-GB" : "id-ID";
  const clock = /** @type {const} */ ({ hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  return format(language, { timeZone: zone, weekday: "long", day: "numeric", month: "long", year: "numeric", ...clock });
}

/** @param {string} zone */
const digits = (zone) => format("en-GB", { timeZone: zone, month: "2-digit" });

/**
 * @param {string} language
 * @param {Intl.DateTimeFormatOptions} options
 */
function format(language, options) {
  const key = `${language} ${options.timeZone} ${options.weekday}`;
  const found = made.get(key) || new Intl.DateTimeFormat(language, options);
  made.set(key, found);
  return found;
}
