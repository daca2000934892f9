// Header: Ctrl-K, menus that close when one clicks elsewhere, the account switch, dismissed notes, "select all".
export function menus() {
  // On a narrow screen the tabs scroll: begin where one is.
  document.querySelector(".tabs [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });
  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
      const search = document.getElementById("search");
      if (search) {
        event.preventDefault();
        search.focus();
        search.select();
      }
    }
    if (event.key === "Escape") closeMenus();
  });
  document.addEventListener("click", (event) => {
    closeMenus(event.target.closest("details.menu"));
    event.target.closest("[data-dismiss]")?.parentElement.remove();
  });
  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-submit]")) event.target.form.requestSubmit();
    if (event.target.matches("[data-all]")) {
      for (const box of document.getElementsByName(event.target.dataset.all)) box.checked = event.target.checked;
    }
  });
}

function closeMenus(except = null) {
  for (const menu of document.querySelectorAll("details.menu[open]")) if (menu !== except) menu.open = false;
}
