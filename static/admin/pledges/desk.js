/* The inbox and a lead's own page by keyboard. Without this file each decision is a button that sends its form and loads
   the page anew; on a lead's own page it is that with this file, too.

   Keys are off while one types, while a dialog is open, and for who switched them off (WCAG 2.1.4); the choice stays in
   this browser. Decisions go out by htmx: the row becomes a line with "Undo", and the next lead has the focus at once. */
(() => {
  const alone = document.getElementById("desk-one");
  const list = alone ?? document.getElementById("result_list");
  const dialog = document.getElementById("desk-keys");
  const toggle = document.getElementById("desk-keys-on");
  if (!list || !dialog || !toggle) return;
  const root = document.documentElement;
  root.classList.add("desk-scripted");

  const STORED = "desk.keys";
  const remember = (on) => { try { localStorage.setItem(STORED, on ? "on" : "off"); } catch { /* private mode */ } };
  const remembered = () => { try { return localStorage.getItem(STORED) !== "off"; } catch { return true; } };
  const switchKeys = (on) => {
    toggle.checked = on;
    root.classList.toggle("desk-keys", on);
    for (const one of list.querySelectorAll("[data-key]")) {
      if (on) one.setAttribute("aria-keyshortcuts", one.dataset.key);
      else one.removeAttribute("aria-keyshortcuts");
    }
  };
  switchKeys(remembered());
  toggle.addEventListener("change", () => { remember(toggle.checked); switchKeys(toggle.checked); });
  document.getElementById("desk-keys-open").addEventListener("click", () => dialog.showModal());
  document.getElementById("desk-keys-close").addEventListener("click", () => dialog.close());

  /* --- where one is */
  const open = () => [...list.querySelectorAll(".desk-lead")];
  const rows = () => [...list.querySelectorAll("[data-lead]")];
  const rowOf = (element) => element?.closest?.("[data-lead]");
  const current = () => rowOf(document.activeElement) ?? list.querySelector(".desk-current");
  const presence = document.getElementById("desk-presence");

  function mark(row) {
    list.querySelector(".desk-current")?.classList.remove("desk-current");
    row?.classList.add("desk-current");
  }
  function go(row) {
    if (!row) return;
    row.focus({ preventScroll: true });
    row.scrollIntoView({ block: "nearest" });
  }
  let moved;
  list.addEventListener("focusin", (event) => {
    const row = rowOf(event.target);
    if (!row || row.classList.contains("desk-current")) return;
    mark(row);
    clearTimeout(moved);
    moved = setTimeout(() => htmx.trigger(presence, "desk:moved"), 400);
  });
  function step(by) {
    if (alone) return alone.querySelector(by > 0 ? "a[rel=next]" : "a[rel=prev]")?.click();
    const all = rows();
    const here = all.indexOf(current());
    go(here < 0 ? all[0] : all[Math.min(Math.max(here + by, 0), all.length - 1)]);
  }
  function after(row) {
    const all = open();
    return all.find((one) => row.compareDocumentPosition(one) & Node.DOCUMENT_POSITION_FOLLOWING) ?? all.findLast((one) => one !== row);
  }

  /* --- what is pressed */
  const typing = (element) =>
    element.closest("textarea, select, [contenteditable], input:not([type=checkbox], [type=button], [type=submit])");

  function choose(summary) {
    const fold = summary.parentElement;
    for (const other of fold.parentElement.querySelectorAll("details[open]")) if (other !== fold) other.open = false;
    fold.open = !fold.open;
    (fold.open ? fold.querySelector("[data-choice]") ?? summary : summary).focus();
  }
  function undo() {
    const last = done.findLast((id) => document.getElementById(id)?.classList.contains("desk-done"));
    const button = last
      ? document.getElementById(last).querySelector("button")
      : document.querySelector(".messagelist button[form=desk-undo]") ?? alone?.querySelector("[data-key=u]");
    button?.click();
  }
  const keys = {
    j: () => step(1),
    k: () => step(-1),
    o: () => current()?.querySelector(".desk-open")?.click(),
    x: () => current()?.querySelector(".action-select")?.click(),
    u: undo,
    "?": () => dialog.showModal(),
  };

  document.addEventListener("keydown", (event) => {
    const target = event.target;
    if (event.key === "Enter" && target.matches(".desk-find-pledge")) event.preventDefault();
    if (event.key === "Escape" && rowOf(target)) {
      const fold = target.closest("details[open]") ?? rowOf(target).querySelector(".desk-choose[open]");
      if (fold) fold.open = false;
      return go(rowOf(target));
    }
    if (!toggle.checked || dialog.open || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.repeat && !"jk".includes(event.key) && !event.key.startsWith("Arrow")) return;
    if (typing(target)) return;
    const row = current();
    const onRow = !alone && (target === row || target === document.body);
    let act = keys[event.key];
    if (event.key === "ArrowDown" && onRow) act = keys.j;
    else if (event.key === "ArrowUp" && onRow) act = keys.k;
    else if (event.key === "Enter" && target === row) act = keys.o;
    else if (/^[1-9]$/.test(event.key)) {
      const choice = row?.querySelector(".desk-choose[open]")?.querySelectorAll("[data-choice]")[event.key - 1];
      act = choice && (() => choice.click());
    } else if (!act && /^[a-z]$/.test(event.key)) {
      const wanted = row?.querySelector(`[data-key="${event.key}"]`);
      act = wanted && (() => (wanted.matches("summary") ? choose(wanted) : wanted.click()));
    }
    if (!act) return;
    event.preventDefault();
    act();
  });

  /* --- what is sent, and what comes back */
  const done = [];
  const ids = (some) => some.map((row) => row.dataset.lead).join(",");
  document.addEventListener("htmx:configRequest", (event) => {
    const { elt, parameters } = event.detail;
    if (elt.id === "desk-more") parameters.shown = ids(rows());
    if (elt !== presence) return;
    parameters.shown = ids(open());
    parameters.at = list.querySelector(".desk-current.desk-lead")?.dataset.lead ?? "";
  });
  document.addEventListener("htmx:beforeRequest", (event) => {
    const row = rowOf(event.detail.elt);
    if (event.detail.requestConfig.verb !== "post" || !row?.matches(".desk-lead") || event.detail.elt === row) return;
    row.setAttribute("aria-busy", "true");
    go(after(row));
  });
  /* After settling: until then htmx has put the old row's classes on the new one. */
  document.addEventListener("htmx:afterSettle", (event) => {
    const asked = event.detail.requestConfig;
    const choices = event.detail.target;
    if (choices.matches?.(".desk-choices") && choices.closest("details[open]")?.contains(document.activeElement)) {
      if (!typing(document.activeElement)) choices.querySelector("[data-choice]")?.focus();
      return;
    }
    if (asked.verb !== "post" || !asked.elt.closest) return;
    const lead = asked.path.match(/\/(\d+)\/\w+\//)?.[1];
    const row = lead && document.getElementById(`row-${lead}`);
    if (!row) return;
    switchKeys(toggle.checked);
    document.getElementById("desk-said").textContent =
      row.querySelector(".desk-words, .desk-refused, .desk-ask p")?.textContent ?? "";
    row.querySelector(".desk-ask [data-choice]")?.focus();
    if (row.matches(".desk-done")) done.push(row.id);
    if (row.matches(".desk-lead") && asked.path.includes("/undo/")) go(row);
    if (document.activeElement === document.body) go(row.matches(".desk-lead") ? row : after(row) ?? row);
    const more = document.getElementById("desk-more");
    if (more && open().length < 15) htmx.trigger(more, "desk:more");
  });
  /* Nobody there, or the session is over: the row stays, and says that nobody knows whether it was decided. */
  for (const name of ["htmx:sendError", "htmx:responseError"]) {
    document.addEventListener(name, (event) => {
      const row = rowOf(event.detail.elt);
      if (!row) return;
      row.removeAttribute("aria-busy");
      row.classList.add("desk-failed");
      const words = document.getElementById("desk-unanswered");
      if (words && !row.querySelector(".desk-refused")) row.querySelector(".desk-story").prepend(words.content.cloneNode(true));
      go(row);
    });
  }
})();
