// Filters that apply at once, print buttons, and the first look at errors.

/** @param {ParentNode} part */
export function wireFilters(part) {
  for (const form of part.querySelectorAll("form[data-filters]")) {
    form.addEventListener("change", (event) => {
      if (event.target instanceof HTMLSelectElement && form instanceof HTMLFormElement) form.requestSubmit();
    });
  }
}

/** @param {ParentNode} part */
export function wirePrint(part) {
  for (const button of part.querySelectorAll("[data-print]")) {
    button.removeAttribute("hidden");
    button.addEventListener("click", () => window.print());
  }
}

/** @param {ParentNode} part */
export function showErrors(part) {
  const errors = part.querySelector("[data-focus]");
  if (errors instanceof HTMLElement) errors.focus();
}
