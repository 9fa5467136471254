// A view that stays true: drawn at once, after each change of the store, also one of another tab, and when the day turns.

const SOON = 40; // ms; several changes at once are drawn once
const MINUTE = 60_000;

/**
 * Read what a view shows and draw it; again only when something of it changed.
 * @template Facts
 * @param {import("./app.js").App} app
 * @param {() => Promise<Facts>} read
 * @param {(facts: Facts) => void} draw
 * @returns {Promise<() => void>} stop
 */
export async function live(app, read, draw) {
  let [shown, left, timer] = ["", false, 0];
  const turn = async () => {
    const facts = await read();
    const text = JSON.stringify(facts);
    if (left || text === shown) return;
    shown = text;
    draw(facts);
  };
  const soon = () => {
    clearTimeout(timer);
    timer = window.setTimeout(turn, SOON);
  };
  await turn();
  app.addEventListener("change", soon);
  const minutes = setInterval(turn, MINUTE);
  return () => {
    left = true;
    app.removeEventListener("change", soon);
    clearTimeout(timer);
    clearInterval(minutes);
  };
}

/**
 * Put new nodes into a place and leave the focus where it was, when that is still there.
 * @param {HTMLElement} place
 * @param {...Node} nodes
 */
export function redraw(place, ...nodes) {
  const focused = document.activeElement;
  const mark = focused instanceof HTMLElement && place.contains(focused) ? focused.getAttribute("href") : null;
  place.replaceChildren(...nodes);
  if (!mark) return;
  const again = place.querySelector(`a[href="${CSS.escape(mark)}"]`);
  if (again instanceof HTMLElement) again.focus();
}
