// Where the phone was, once and quietly; nothing waits for it.

const PATIENCE = 30_000; // ms
const FRESH = 60_000; // ms

/** @typedef {{lat: number, lon: number, accuracy: number}} Place degrees to five decimals (about a metre), and metres */

/** @returns {Promise<Place | null>} null when there is none, for whatever reason */
export function findPlace() {
  return new Promise((resolve) => {
    if (!navigator.geolocation) return resolve(null);
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => resolve({ lat: rounded(coords.latitude), lon: rounded(coords.longitude), accuracy: Math.round(coords.accuracy) }),
      () => resolve(null),
      { enableHighAccuracy: true, timeout: PATIENCE, maximumAge: FRESH },
    );
  });
}

/** @param {number} degrees */
const rounded = (degrees) => Math.round(degrees * 1e5) / 1e5;
