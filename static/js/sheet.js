// The attendance sheet while it is filled in. [data-sheet="present late"] is the form, its radios are the truth. It counts
// who came, narrows by name, sets the next mark by one tap on a phone, sends only the lines that were touched, and asks
// before marks are lost. Everything works without it too.

const PHONE = window.matchMedia("(max-width: 39.99rem)");

/** @param {ParentNode} part */
export function countMarks(part) {
  for (const sheet of part.querySelectorAll("form[data-sheet]")) {
    if (sheet instanceof HTMLFormElement) wireSheet(sheet);
  }
}

/** @param {HTMLFormElement} sheet */
function wireSheet(sheet) {
  const update = () => showCounts(sheet);
  sheet.setAttribute("data-live", "");
  sheet.addEventListener("change", (event) => {
    openMinutes(event.target);
    update();
  });
  sheet.addEventListener("input", update);
  sheet.addEventListener("click", (event) => turn(event, update));
  sheet.addEventListener("submit", () => sendTouched(sheet));
  wireNames(sheet, update);
  for (const button of sheet.querySelectorAll("[data-mark-all]")) {
    button.removeAttribute("hidden");
    button.addEventListener("click", () => {
      markAll(sheet, button.getAttribute("data-mark-all") || "present");
      update();
    });
  }
  window.addEventListener("beforeunload", (event) => {
    if (!sheet.dataset.sent && lines(sheet).some(touched)) event.preventDefault();
  });
  window.addEventListener("pageshow", () => enable(sheet));
  document.addEventListener("htmx:afterSettle", update);
  update();
}

/** @param {HTMLFormElement} sheet */
const lines = (sheet) => [...sheet.querySelectorAll(".sheet > li")].filter((line) => line instanceof HTMLElement);

/** @param {Element} line */
const chosen = (line) => {
  const mark = line.querySelector('input[type="radio"]:checked');
  return mark instanceof HTMLInputElement ? mark : null;
};

/** @param {Element} line */
function touched(line) {
  if (line instanceof HTMLElement && "touched" in line.dataset) return true;
  return [...line.querySelectorAll("input")].some((field) => {
    return field.type === "radio" ? field.checked !== field.defaultChecked : field.value !== field.defaultValue;
  });
}

/** @param {HTMLFormElement} sheet */
function showCounts(sheet) {
  const wanted = (sheet.dataset.sheet || "present").split(" ");
  const came = sheet.querySelector("[data-came]");
  if (came) came.textContent = String(lines(sheet).filter((line) => wanted.includes(chosen(line)?.value || "")).length);
  const seats = sheet.querySelector("[data-seats]");
  if (seats) seats.textContent = (seats.textContent || "").replace(/\d+/, String(lines(sheet).length));
  const changes = sheet.querySelector("[data-changes]");
  const many = lines(sheet).filter(touched).length;
  if (changes) changes.textContent = many ? `${many} ${sheet.dataset.unsaved}` : "";
}

/**
 * On a phone only the mark that is set is shown; a tap on it sets the next one.
 * @param {Event} event
 * @param {() => void} update
 */
function turn(event, update) {
  const label = event.target instanceof Element ? event.target.closest(".marks label") : null;
  if (!label || !PHONE.matches || label.parentElement?.querySelector(":focus-visible")) return;
  const marks = [...(label.parentElement?.querySelectorAll("input") || [])];
  const now = marks.findIndex((mark) => mark.checked);
  if (marks[now] !== label.querySelector("input")) return;
  event.preventDefault();
  const next = marks[now + 1] || marks[marks[0].value ? 0 : 1];
  next.checked = true;
  openMinutes(next);
  update();
}

/** @param {EventTarget | null} mark */
function openMinutes(mark) {
  if (!(mark instanceof HTMLInputElement) || mark.type !== "radio") return;
  const more = mark.closest("li")?.querySelector("details");
  if (more) more.open = mark.value === "late" || Boolean(more.querySelector("input")?.value);
}

/**
 * Lines that nobody touched are not sent, so that they cannot cross another hand's.
 * @param {HTMLFormElement} sheet
 */
function sendTouched(sheet) {
  for (const line of lines(sheet)) {
    if (touched(line)) continue;
    for (const field of line.querySelectorAll("input")) field.disabled = true;
  }
}

/** @param {HTMLFormElement} sheet */
function enable(sheet) {
  for (const field of sheet.querySelectorAll("input:disabled")) field.removeAttribute("disabled");
}

/**
 * @param {HTMLFormElement} sheet
 * @param {() => void} update
 */
function wireNames(sheet, update) {
  const box = sheet.querySelector("[data-narrow]");
  if (!(box instanceof HTMLInputElement)) return;
  box.removeAttribute("hidden");
  const narrow = () => {
    const words = plain(box.value).split(" ").filter(Boolean);
    let shown = 0;
    for (const line of lines(sheet)) {
      const name = plain(line.querySelector(".sheet-who")?.textContent || "");
      const fits = words.every((word) => name.includes(word));
      line.toggleAttribute("hidden", !fits);
      if (fits) shown += 1;
    }
    sheet.querySelector("[data-nobody]")?.toggleAttribute("hidden", shown > 0);
  };
  box.addEventListener("input", narrow);
  box.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    const found = lines(sheet).filter((line) => !line.hasAttribute("hidden"));
    if (found.length !== 1 || !box.value) return;
    mark(found[0], "present");
    box.value = "";
    narrow();
    update();
  });
}

/** @param {string} text */
const plain = (text) => text.toLowerCase().normalize("NFD").replace(/[\u0300-\u036f]/g, "").replace(/\s+/g, " ").trim();

/**
 * @param {Element} line
 * @param {string} value
 */
function mark(line, value) {
  const wanted = line.querySelector(`input[type="radio"][value="${CSS.escape(value)}"]`);
  if (wanted instanceof HTMLInputElement) wanted.checked = true;
}

/**
 * @param {HTMLFormElement} sheet
 * @param {string} value
 */
function markAll(sheet, value) {
  for (const line of lines(sheet)) if (!chosen(line)?.value) mark(line, value);
}
