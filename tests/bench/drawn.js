// In the page that is measured, before anything of the product: notes when metrics arrive, when a point is drawn, and
// how long an empty message from the same server and one frame take. All times are this machine's, in milliseconds.
(() => {
  const now = () => performance.timeOrigin + performance.now();
  const found = { drawn: [], frames: {}, floor: [], sockets: [] };
  window.measured = found;

  const Original = window.WebSocket;
  window.WebSocket = class extends Original {
    constructor(...given) {
      super(...given);
      found.sockets.push(this);
      this.addEventListener("message", ({ data }) => {
        const arrived = now();
        const frame = JSON.parse(data);
        if (frame.type === "metrics") found.frames[frame.rev] = [Date.parse(frame.at), arrived];
        // The answer to a question of ours; the server's own pings say at which number it stands.
        if (frame.type === "ping" && frame.seq === undefined) requestAnimationFrame(() => found.floor.push(now() - Date.parse(frame.at)));
      });
    }
  };

  new MutationObserver((changes) => {
    for (const { target } of changes) {
      if (target.dataset.chartKey !== "curve0") continue;
      // What Plotly has drawn, by its own account, and the frame that shows it.
      const drawn = [target.calcdata[0].length, Number(target.dataset.rev)];
      requestAnimationFrame(() => found.drawn.push([...drawn, now()]));
    }
  }).observe(document, { subtree: true, attributes: true, attributeFilter: ["data-points"] });

  setInterval(() => {
    const socket = found.sockets.at(-1);
    if (socket?.readyState === Original.OPEN) socket.send('{"type": "ping"}');
  }, 271);
})();
