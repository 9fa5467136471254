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
  const big = bytes >= 1_000_000;
  const number = big ? bytes / 1_000_000 : Math.ceil(bytes / 1000);
  return `${number.toLocaleString(REGION, { maximumFractionDigits: big ? 1 : 0 })} ${big ? "MB" : "KB"}`;
}
