/* Proposes an address as the title or name is typed, until somebody types one. Without this file, an address that is left
   empty is made when the form is saved. */
"use strict";
for (const address of document.querySelectorAll("[data-made-from]")) {
    if (address.value) continue;
    const parts = JSON.parse(address.dataset.madeFrom)
        .map(ids => ids.map(id => document.getElementById(id)).filter(Boolean));
    const words = () => parts.map(fields => fields.map(field => field.value.trim()).find(Boolean) ?? "").join(" ").trim();
    let proposed = "", timer = 0, asked = 0;

    const propose = async () => {
        const number = ++asked;
        const answer = await fetch(`${address.dataset.proposals}?${new URLSearchParams({text: words()})}`);
        if (!answer.ok || number !== asked || address.value !== proposed) return;
        address.value = proposed = (await answer.json()).address;
    };
    for (const field of parts.flat()) {
        field.addEventListener("input", () => {
            if (address.value !== proposed) return;
            clearTimeout(timer);
            timer = setTimeout(() => propose().catch(() => {}), 250);
        });
    }
}
