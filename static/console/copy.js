// <button data-copy="text"> and <button data-copy-from="id of an element">
export function copying() {
  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-copy], [data-copy-from]");
    if (!button) return;
    const source = button.dataset.copyFrom && document.getElementById(button.dataset.copyFrom);
    const text = source ? source.textContent : button.dataset.copy;
    const done = await write(text);
    button.classList.toggle("copied", done);
    toast(done ? "Copied." : "The browser did not allow copying.");
    setTimeout(() => button.classList.remove("copied"), 1500);
  });
}

async function write(text) {
  if (navigator.clipboard) {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch {
      /* not allowed: try the old way */
    }
  }
  // Plain HTTP on another machine has no clipboard API.
  const area = document.createElement("textarea");
  area.value = text;
  area.className = "hidden";
  document.body.append(area);
  area.select();
  const done = document.execCommand("copy");
  area.remove();
  return done;
}

export function toast(text) {
  const list = document.querySelector(".toasts");
  if (!list) return;
  const line = document.createElement("p");
  line.className = "toast";
  line.textContent = text;
  list.append(line);
  setTimeout(() => line.remove(), 4000);
}
