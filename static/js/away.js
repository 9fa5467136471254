// A form marked data-away leads out of the house, to WhatsApp; whoever comes back finds the page as it stands by then.

/** @param {ParentNode} part */
export function wireAway(part) {
  let left = false;
  part.addEventListener("submit", (event) => {
    if (event.target instanceof HTMLFormElement && "away" in event.target.dataset) left = true;
  });
  const look = () => {
    if (left && document.visibilityState === "visible") window.location.reload();
  };
  document.addEventListener("visibilitychange", look);
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) look();
  });
}

/** @param {ParentNode} part */
export function wireCopy(part) {
  for (const button of part.querySelectorAll("button[data-copy]")) {
    const text = document.getElementById(button.getAttribute("data-copy") ?? "");
    if (!(text instanceof HTMLTextAreaElement) || !navigator.clipboard) continue;
    button.removeAttribute("hidden");
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(text.value);
      const [before, after] = button.querySelectorAll("span");
      before?.setAttribute("hidden", "");
      after?.removeAttribute("hidden");
    });
  }
}
