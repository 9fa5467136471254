// The attendance sheet counts while it is filled in: [data-sheet] holds the rows, [data-count] shows "18 / 24",
// a [data-mark-all="present"] button marks everyone who has no mark yet.

/** @param {ParentNode} part */
export function countMarks(part) {
  for (const sheet of part.querySelectorAll("[data-sheet]")) {
    const wanted = sheet.getAttribute("data-sheet") || "present";
    const shown = sheet.querySelector("[data-count]");
    const update = () => {
      const names = new Set([...sheet.querySelectorAll('input[type="radio"]')].map((mark) => mark.getAttribute("name")));
      const here = [...sheet.querySelectorAll('input[type="radio"]:checked')].filter((mark) => {
        return mark instanceof HTMLInputElement && wanted.split(" ").includes(mark.value);
      });
      if (shown) shown.textContent = `${here.length} / ${names.size}`;
    };
    sheet.addEventListener("change", update);
    for (const button of sheet.querySelectorAll("[data-mark-all]")) {
      button.removeAttribute("hidden");
      button.addEventListener("click", () => {
        markAll(sheet, button.getAttribute("data-mark-all") || "present");
        update();
      });
    }
    update();
  }
}

/**
 * @param {Element} sheet
 * @param {string} value
 */
function markAll(sheet, value) {
  for (const mark of sheet.querySelectorAll('input[type="radio"]')) {
    if (!(mark instanceof HTMLInputElement) || mark.value !== value) continue;
    const group = sheet.querySelector(`input[name="${CSS.escape(mark.name)}"]:checked`);
    if (!group || (group instanceof HTMLInputElement && group.value === "expected")) mark.checked = true;
  }
}
