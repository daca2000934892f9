// <a href="…" data-dialog>: the page opens in a dialog. Without this script it is simply a page.
// The server sends it without its frame when the header X-Dialog is there; forms in it post to the page itself.
export function dialogs() {
  const dialog = document.getElementById("dialog");
  if (!dialog || !dialog.showModal) return;
  document.addEventListener("click", async (event) => {
    const link = event.target.closest("a[data-dialog]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    event.preventDefault();
    await open(dialog, link);
  });
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog || event.target.closest("[data-close]")) {
      event.preventDefault();
      dialog.close();
    }
  });
  // Searching inside a dialog stays inside it.
  dialog.addEventListener("submit", async (event) => {
    if ((event.target.getAttribute("method") || "get").toLowerCase() !== "get") return;
    event.preventDefault();
    const query = new URLSearchParams(new FormData(event.target));
    const path = event.target.getAttribute("action") || dialog.dataset.url.split("?")[0];
    await fill(dialog, `${path}?${query}`);
  });
  document.querySelector("[data-focus]")?.focus();
}

async function open(dialog, link) {
  const filled = await fill(dialog, link.href);
  if (!filled) {
    location.href = link.href;
    return;
  }
  if (!dialog.open) dialog.showModal(); // open: a link inside it, whose page took the place of the one before
  focusFirst(dialog);
  dialog.addEventListener("close", () => link.isConnected && link.focus(), { once: true });
}

async function fill(dialog, url) {
  try {
    const answer = await fetch(url, { headers: { "X-Dialog": "1" } });
    if (!answer.ok || answer.redirected) return false;
    dialog.innerHTML = await answer.text();
  } catch {
    return false;
  }
  dialog.dataset.url = url;
  // A form without an address of its own posts to the page it came from, not to the one under the dialog.
  for (const form of dialog.querySelectorAll("form[method=post]:not([action])")) form.setAttribute("action", url);
  dialog.setAttribute("aria-labelledby", "dialog-title");
  return true;
}

function focusFirst(dialog) {
  dialog.querySelector("input:not([type=hidden], [type=checkbox]), select, textarea, .buttons .button")?.focus();
}
