// A button that may be pressed again only after some seconds counts them down; the server refuses anyway.

/**
 * @param {HTMLButtonElement} button
 * @param {number} end
 */
function countDown(button, end) {
  const left = Math.ceil((end - Date.now()) / 1000);
  const shown = button.querySelector("[data-left]");
  if (shown) shown.textContent = left > 0 ? `(${left})` : "";
  button.disabled = left > 0;
  if (left > 0) setTimeout(countDown, 1000, button, end);
}

for (const button of document.querySelectorAll("button[data-wait]")) {
  if (button instanceof HTMLButtonElement) countDown(button, Date.now() + Number(button.dataset.wait) * 1000);
}
