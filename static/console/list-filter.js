// <input data-filters="id of a list">: leaves the items that hold the text. Ticks on hidden items stay.
for (const input of document.querySelectorAll("[data-filters]")) {
  const items = [...document.getElementById(input.dataset.filters).children];
  const count = input.parentElement.querySelector("[data-filter-count]");
  const texts = items.map((item) => item.textContent.toLowerCase());
  input.addEventListener("input", () => {
    const wanted = input.value.trim().toLowerCase();
    let shown = 0;
    items.forEach((item, place) => {
      item.hidden = !texts[place].includes(wanted);
      if (!item.hidden) shown += 1;
    });
    count.textContent = wanted ? `${shown} of ${items.length}` : "";
  });
  input.addEventListener("keydown", (event) => {
    if (event.key === "Enter") event.preventDefault();
  });
}
