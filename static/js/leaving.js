// Signing out of a phone that keeps things: what has not arrived is said twice, everything else is taken off the phone.

/** @param {Document} page */
export function wireLeaving(page) {
  page.addEventListener("submit", (event) => {
    const form = event.target;
    if (!(form instanceof HTMLFormElement) || !("signOut" in form.dataset)) return;
    event.preventDefault();
    void leave(page, form);
  });
}

/**
 * @param {Document} page
 * @param {HTMLFormElement} form
 */
async function leave(page, form) {
  const { leaving } = await import("./phone/owner.js");
  const { unsent, leave: wipe } = await leaving();
  const asks = unsent ? page.querySelectorAll("[data-leave-ask]") : [];
  for (const ask of asks) {
    if (ask instanceof HTMLDialogElement && !(await agreed(ask, unsent))) return;
  }
  await wipe();
  form.submit();
}

/**
 * @param {HTMLDialogElement} ask
 * @param {number} n
 * @returns {Promise<boolean>}
 */
export function agreed(ask, n) {
  for (const place of ask.querySelectorAll("[data-n]")) place.textContent = String(n);
  ask.returnValue = "";
  ask.showModal();
  return new Promise((resolve) => {
    ask.addEventListener("close", () => resolve(ask.returnValue === "yes"), { once: true });
  });
}
