/* The page works without this file: it hides the buttons that htmx makes superfluous, opens the search with "/", and
   keeps addresses short and the reader's place when htmx brings new results. */
document.documentElement.classList.replace("no-js", "js");
document.addEventListener("keydown", (event) => {
  if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest("input, textarea, select, [contenteditable]")) return;
  const search = document.querySelector("main input[type=search], header input[type=search]");
  if (search) {
    event.preventDefault();
    search.focus();
  }
});

document.addEventListener("htmx:configRequest", (event) => {
  const data = event.detail.formData;
  for (const name of new Set(data.keys())) {
    const values = data.getAll(name).filter((value) => value !== "");
    // Of a choice of one the last counts: the day of one's own stands after the periods.
    const single = document.querySelector(`input[type=radio][name="${name}"]`);
    data.delete(name);
    for (const value of single ? values.slice(-1) : values) data.append(name, value);
  }
});
/* The link to the other language leads to what is asked for now, not to what the page was opened with. */
document.addEventListener("htmx:pushedIntoHistory", () => {
  for (const link of document.querySelectorAll("a.language")) link.search = location.search;
});
/* New results come with folds of their own: what the reader had opened stays open, and the focus where it was. So it
   does in the line of the edition, which comes anew while somebody may stand on one of its links. */
let opened = [];
let focused = "";
document.addEventListener("htmx:beforeSwap", () => {
  opened = [...document.querySelectorAll("details[id][open]")].map((fold) => fold.id);
  focused = document.activeElement.id;
});
document.addEventListener("htmx:afterSwap", () => {
  for (const id of opened) document.getElementById(id)?.setAttribute("open", "");
  // What was taken away by its own link is gone: the count says what is left.
  if (focused && document.activeElement === document.body)
    (document.getElementById(focused) ?? document.getElementById("count"))?.focus();
});
