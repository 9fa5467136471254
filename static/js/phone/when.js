// Moments as this phone's owner reads them: `14.05` today, `Rab 25 Nov, 14.05` before; sizes as `34 KB`.

const LANGUAGE = document.documentElement.lang || "id";
const REGION = LANGUAGE === "en" ? "en-GB" : "id-ID";
const CLOCK = new Intl.DateTimeFormat(REGION, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
const DAY = new Intl.DateTimeFormat(REGION, { weekday: "short", day: "numeric", month: "short" });

/**
 * @param {number | string | Date} moment
 * @returns {string}
 */
export function momentOf(moment) {
  const date = new Date(moment);
  const today = date.toDateString() === new Date().toDateString();
  return today ? CLOCK.format(date) : `${DAY.format(date).replace(",", "")}, ${CLOCK.format(date)}`;
}

/**
 * @param {number} bytes
 * @returns {string}
 */
export function sizeOf(bytes) {
  /** @type {[string, number]} */
  const [unit, of] = bytes >= 1e9 ? ["GB", 1e9] : bytes >= 1e6 ? ["MB", 1e6] : ["KB", 1e3];
  const number = of === 1e3 ? Math.ceil(bytes / of) : bytes / of;
  return `${number.toLocaleString(REGION, { maximumFractionDigits: of === 1e3 ? 0 : 1 })} ${unit}`;
}
