// Find by name, as people type it: without accents, each word anywhere.

/** @param {string} text */
export const plain = (text) => text.toLowerCase().normalize("NFD").replace(/[\u0300-\u036f]/g, "").replace(/\s+/g, " ").trim();

/**
 * @param {string} typed
 * @returns {(name: string) => boolean} whether a name fits
 */
export function fits(typed) {
  const words = plain(typed).split(" ").filter(Boolean);
  return (name) => {
    const found = plain(name);
    return words.every((word) => found.includes(word));
  };
}
