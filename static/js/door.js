// Someone who came unasked is put on the sheet without leaving it, and the code of the room fills the screen.

/** @param {ParentNode} part */
export function wireDoor(part) {
  for (const button of part.querySelectorAll("[data-fill]")) {
    button.removeAttribute("hidden");
    button.addEventListener("click", () => document.querySelector("[data-full]")?.requestFullscreen());
  }
}

/** @param {Document} page */
export function wireWalkIn(page) {
  page.addEventListener("htmx:afterRequest", (event) => {
    const { elt, xhr, successful } = /** @type {CustomEvent} */ (event).detail;
    if (!(elt instanceof HTMLFormElement) || !("walkIn" in elt.dataset)) return;
    const found = page.querySelector("#found");
    if (!found) return;
    const answer = successful ? null : new DOMParser().parseFromString(xhr.responseText, "text/html");
    const words = answer?.querySelector(".errors, .notice-bad, .main")?.textContent?.trim() || "";
    found.textContent = words;
    found.classList.toggle("field-error", Boolean(words));
    const box = page.querySelector("[data-walk-in-search] [name='name']");
    if (box instanceof HTMLInputElement && successful) {
      box.value = "";
      box.focus();
    }
  });
}
