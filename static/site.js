/* The page works without this file: it hides the buttons that htmx makes superfluous, opens the search with "/", and
   keeps addresses short and the reader's place when htmx brings new results. */
document.documentElement.classList.replace("no-js", "js");
/* Who works at the desk with this browser is shown the way there (see pledges/accounts/desk_hint.py). */
document.addEventListener("DOMContentLoaded", () => {
  const way = document.getElementById("to-the-desk");
  if (way) way.hidden = !/(^|; )desk=1(;|$)/.test(document.cookie);
});
/* A key that is a single character can be turned off (WCAG 2.1.4): on the page about accessibility, for this browser. */
const SLASH = "site.slash";
const slashIsOn = () => { try { return localStorage.getItem(SLASH) !== "off"; } catch { return true; } };
document.addEventListener("DOMContentLoaded", () => {
  const slash = document.getElementById("slash");
  if (slash) slash.checked = slashIsOn();
});
document.addEventListener("change", (event) => {
  if (event.target.id !== "slash") return;
  try { localStorage.setItem(SLASH, event.target.checked ? "on" : "off"); } catch { /* private mode */ }
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || !slashIsOn()) return;
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
/* Copying and sharing. Where the browser lets no page write to the clipboard, the text is selected, to be copied by hand. */
if (navigator.share) document.documentElement.classList.add("can-share");
let silence;
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-copy], [data-share]");
  if (!button) return;
  if (button.dataset.share) {
    navigator.share({ text: button.dataset.text, url: button.dataset.share }).catch(() => {});
    return;
  }
  const source = document.getElementById(button.dataset.copy);
  const news = document.getElementById("copied");
  const say = (text) => {
    news.textContent = text;
    clearTimeout(silence);
    silence = setTimeout(() => { news.textContent = ""; }, 6000);
  };
  const select = () => {
    if (source.select) source.select();
    else getSelection().selectAllChildren(source);
    say(news.dataset.selected);
  };
  if (!navigator.clipboard) return select();
  navigator.clipboard.writeText((source.value ?? source.textContent).trim()).then(() => say(news.dataset.copied), select);
});

/* A link into the log of corrections from before its entry moved on to a later page: the server knows to which. */
document.addEventListener("DOMContentLoaded", () => {
  const anchor = location.hash.slice(1);
  if (!document.getElementById("log-pages") || !/^[cfrw]\d+$/.test(anchor) || document.getElementById(anchor)) return;
  const asked = new URLSearchParams(location.search);
  asked.delete("page");
  asked.set("entry", anchor);
  location.replace(`${location.pathname}?${asked}`);
});

/* The slider of a mandate's days says its day in words while it moves; Page Up and Page Down go ten days. */
const sliderAt = (target) => (target.matches?.("input[type=range][data-words]") ? target : null);
document.addEventListener("input", (event) => {
  const slider = sliderAt(event.target);
  if (!slider) return;
  const written = slider.dataset.first
    ? new Intl.DateTimeFormat({ en: "en-GB" }[document.documentElement.lang] ?? document.documentElement.lang, {
        dateStyle: "long",
        timeZone: "UTC",
      }).format(Date.parse(slider.dataset.first) + (slider.value - 1) * 86400000)
    : "";
  const words = slider.dataset.words.replace("{n}", slider.value).replace("{day}", written);
  slider.setAttribute("aria-valuetext", words);
  document.getElementById("day-said").textContent = words;
});
document.addEventListener("keydown", (event) => {
  const slider = sliderAt(event.target);
  if (!slider || !["PageUp", "PageDown"].includes(event.key)) return;
  event.preventDefault();
  slider.stepUp(event.key === "PageUp" ? 10 : -10);
  slider.dispatchEvent(new Event("input", { bubbles: true }));
});
/* A line above the slider that comes with another day does not move it away from under the finger. */
let sliderTop = 0;
document.addEventListener("htmx:beforeSwap", (event) => {
  const form = event.detail.requestConfig?.elt;
  sliderTop = form?.matches("form.slider") ? form.getBoundingClientRect().top : 0;
});
document.addEventListener("htmx:afterSwap", () => {
  const form = document.querySelector("form.slider");
  if (form && sliderTop) window.scrollBy({ top: form.getBoundingClientRect().top - sliderTop, behavior: "instant" });
});
