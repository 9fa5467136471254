// Small comforts on pages that work without them. Hooks are data-* attributes; nothing here holds a rule.
import { wireAway, wireCopy } from "./away.js";
import { wireDoor, wireWalkIn } from "./door.js";
import { wireLeaving } from "./leaving.js";
import { guardForms } from "./once.js";
import { countMarks } from "./sheet.js";
import { wireFilters, wirePrint, showErrors } from "./page.js";

guardForms(document);
wireAway(document);
wireCopy(document);
wireLeaving(document);
countMarks(document);
wireDoor(document);
wireWalkIn(document);
wireFilters(document);
wirePrint(document);
showErrors(document);

document.addEventListener("htmx:load", (event) => {
  const part = /** @type {CustomEvent<{elt: HTMLElement}>} */ (event).detail.elt;
  if (part === document.body) return;
  countMarks(part);
  wireFilters(part);
});
