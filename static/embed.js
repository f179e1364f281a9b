/* For pages that show an embed: makes each frame as high as what is in it. The address and the messages of this file
   never change (docs/embeds.md):
     an embed to its page:  { type: "embed-height", height: <whole CSS pixels> }
     a page to an embed:    { type: "embed-ask" }, which is answered with the former */
(() => {
  const origin = new URL(document.currentScript.src).origin;
  addEventListener("message", (event) => {
    const { type, height } = Object(event.data);
    if (event.origin !== origin || type !== "embed-height" || !(height > 0 && height < 20000)) return;
    const frame = [...document.querySelectorAll("iframe")].find((each) => each.contentWindow === event.source);
    if (!frame) return;
    const border = getComputedStyle(frame).boxSizing === "border-box" ? frame.offsetHeight - frame.clientHeight : 0;
    frame.style.height = `${Math.ceil(height) + border}px`;
  });
  // Frames that were there before this script have told their height to nobody.
  for (const frame of document.querySelectorAll("iframe")) {
    if (frame.src.startsWith(`${origin}/`)) frame.contentWindow.postMessage({ type: "embed-ask" }, "*");
  }
})();
