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
    // Whether the form may be sent: not when it would only reach the login, or nobody.
    async function keep() {
        clearTimeout(timer);
        if (!typed) return true;
        typed = false;
        const body = inPage();
        let answer = null;
        try {
            answer = await fetch(url, {method: "POST", body, redirect: "manual", keepalive: String(body).length < 60000});
        } catch { /* no connection */ }
        if (answer && answer.ok) {
            inBrowser(null);
            say(`${kept} ${(await answer.json()).at}`);
            return true;
        }
        typed = true;
        body.delete("csrfmiddlewaretoken");
        inBrowser(String(body));
        say(lost, true);
        return answer !== null && answer.type !== "opaqueredirect";
    }
    const keepNow = () => running = Promise.resolve(running).then(keep);

    form.addEventListener("input", () => {
        typed = true;
        clearTimeout(timer);
        timer = setTimeout(keepNow, 3000);
    });
    document.addEventListener("visibilitychange", () => { if (document.visibilityState === "hidden") keepNow(); });
    // From wherever one types to the preview.
    form.addEventListener("keydown", (event) => {
        if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.repeat || event.isComposing) return;
        event.preventDefault();
        form.elements._preview?.click();
    });
    form.addEventListener("submit", async (event) => {
        if (form.dataset.sending || !(typed || running)) return;
        event.preventDefault();
        const {submitter} = event;
        if (!await keepNow()) return;
        form.dataset.sending = "yes";
        inPage();
        form.requestSubmit(submitter);
    });
    // A page that comes back from the browser's memory may be sent again.
    window.addEventListener("pageshow", () => delete form.dataset.sending);

    // What only this browser kept, since the session had ended, is brought to the desk and offered.
    let rest = null;
    try { rest = localStorage.getItem(place); } catch { /* none */ }
    if (rest) {
        const body = new URLSearchParams(rest);
        body.set("csrfmiddlewaretoken", inPage().get("csrfmiddlewaretoken"));
        fetch(url, {method: "POST", body, redirect: "manual"}).then((answer) => {
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
