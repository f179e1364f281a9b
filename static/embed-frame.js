/* In an embed: tells the page around it how high the embed is, whenever that changes and when asked (see embed.js). */
(() => {
  if (parent === self) return;
  const tell = () => {
    const height = Math.ceil(document.body.getBoundingClientRect().height);
    parent.postMessage({ type: "embed-height", height }, "*"); // to whoever shows it: a height is no secret
  };
  tell();
  addEventListener("load", tell);
  new ResizeObserver(tell).observe(document.body); // rests while the frame is out of view
  addEventListener("message", (event) => {
    if (event.source === parent && Object(event.data).type === "embed-ask") tell();
  });
})();
