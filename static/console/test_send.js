// Test send: a number to try fills the field and asks; on a narrow screen the answer is brought into view.
// Without this script the numbers are links that ask, and the answer is a page.
document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-try]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  document.getElementById("id_to").value = link.dataset.try;
  document.getElementById("question").requestSubmit(document.getElementById("explain"));
});

document.addEventListener("htmx:afterSettle", (event) => {
  if (event.detail.elt.id !== "ask" && event.detail.target?.id !== "ask") return;
  const wrong = document.querySelector("#question .wrong input, #question .wrong textarea, #question .wrong select");
  if (wrong) {
    wrong.focus();
    return;
  }
  const answer = document.getElementById("why-one") ?? document.getElementById("answer");
  // The button that asked may be gone with what was swapped: the keyboard goes on where the answer is.
  if (document.activeElement === document.body) answer?.focus({ preventScroll: true });
  const top = answer?.getBoundingClientRect().top;
  if (answer && (top > window.innerHeight * 0.6 || top < 0)) {
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    answer.scrollIntoView({ block: "start", behavior: calm ? "auto" : "smooth" });
  }
});
