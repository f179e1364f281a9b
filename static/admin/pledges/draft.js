/* What is typed into a draft is kept three seconds later, and before the form is sent: no word is lost with a session. */
"use strict";
(() => {
    const told = document.getElementById("desk-kept");
    const form = told && told.closest("form");
    if (!form) return;
    const {url, person, kept, lost, found} = told.dataset;
    const place = `typed ${person} ${url}`;
    let typed = false, timer = 0, running = null;

    const inPage = () => {
        const data = new FormData(form);
        for (const [name, value] of [...data]) if (value instanceof File) data.delete(name);
        // Who has logged in again elsewhere has a new token.
        const token = document.cookie.match(/(?:^|; )csrftoken=([^;]+)/);
        if (token) {
            form.elements.csrfmiddlewaretoken.value = token[1];
            data.set("csrfmiddlewaretoken", token[1]);
        }
        return new URLSearchParams(data);
    };
    const inBrowser = (what) => {
        try {
            if (what) localStorage.setItem(place, what); else localStorage.removeItem(place);
        } catch { /* a browser that keeps nothing */ }
    };
    const say = (words, bad = false) => {
        told.textContent = words;
        told.classList.toggle("lost", bad);
    };
    const post = (body, signal) => fetch(url, {method: "POST", body, redirect: "manual", keepalive: String(body).length < 60000, signal});

    async function keep() {
        clearTimeout(timer);
        if (!typed) return true;
        typed = false;
        if (running) running.abort();
        const mine = running = new AbortController();
        const body = inPage();
        try {
            const answer = await post(body, mine.signal);
            if (!answer.ok) throw new Error(answer.status);
            const {at} = await answer.json();
            inBrowser(null);
            say(`${kept} ${at}`);
            return true;
        } catch (error) {
            if (error.name === "AbortError") return false;
            typed = true;
            body.delete("csrfmiddlewaretoken");
            inBrowser(String(body));
            say(lost, true);
            return false;
        }
    }

    form.addEventListener("input", () => {
        typed = true;
        clearTimeout(timer);
        timer = setTimeout(keep, 3000);
    });
    document.addEventListener("visibilitychange", () => { if (document.visibilityState === "hidden") keep(); });
    form.addEventListener("submit", async (event) => {
        if (form.dataset.sending || !typed) return;
        event.preventDefault();
        if (!await keep()) return;
        form.dataset.sending = "yes";
        inPage();
        form.requestSubmit(event.submitter);
    });
    // A page that comes back from the browser's memory may be sent again.
    window.addEventListener("pageshow", () => delete form.dataset.sending);

    // What only this browser kept, since the session had ended, is brought to the desk and offered.
    let rest = null;
    try { rest = localStorage.getItem(place); } catch { /* none */ }
    if (rest) {
        const body = new URLSearchParams(rest);
        body.set("csrfmiddlewaretoken", inPage().get("csrfmiddlewaretoken"));
        post(body).then((answer) => {
            if (!answer.ok) return;
            inBrowser(null);
            const link = document.createElement("a");
            const here = new URL(location.href);
            here.searchParams.set("autosave", "1");
            link.href = here;
            link.textContent = found;
            told.replaceChildren(link);
        }).catch(() => {});
    }
})();
