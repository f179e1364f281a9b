// What is selected in the text comes into the field for a pledge that was missed. Without scripts it is copied by hand.
(function () {
    "use strict";
    const text = document.querySelector(".intake-scroll");
    const field = document.getElementById("id_sentence");
    if (!text || !field) {
        return;
    }
    document.addEventListener("selectionchange", function () {
        const selection = document.getSelection();
        if (!selection || selection.isCollapsed || !text.contains(selection.anchorNode) || !text.contains(selection.focusNode)) {
            return;
        }
        const part = selection.getRangeAt(0).cloneContents();
        part.querySelectorAll(".intake-number").forEach(function (number) {
            number.remove();
        });
        field.value = part.textContent.trim().slice(0, 2000);
    });
})();
