// Run in the page: from now on, at every frame, where is every node, handle and edge of the canvas, and how large?
// Whatever is elsewhere than when it was first seen is written down.
() => {
  const first = new Map();
  const held = { frames: 0, moved: [] };
  window.still = held;
  const round = (number) => Math.round(number * 100) / 100;
  const place = (element) => {
    const box = element.getBoundingClientRect();
    return [box.x, box.y, box.width, box.height].map(round).join(" ");
  };
  const look = () => {
    held.frames += 1;
    const seen = [];
    for (const node of document.querySelectorAll(".react-flow__node")) {
      const name = node.dataset.id;
      seen.push([`node ${name}`, place(node)]);
      for (const inner of node.querySelectorAll("article, figure")) seen.push([`${inner.tagName} of ${name}`, place(inner)]);
      for (const handle of node.querySelectorAll(".react-flow__handle")) seen.push([`handle ${handle.dataset.handleid} of ${name}`, place(handle)]);
    }
    for (const edge of document.querySelectorAll(".react-flow__edge")) {
      const path = edge.querySelector("path");
      seen.push([`edge ${edge.dataset.id}`, `${path.getAttribute("d")} ${place(path)}`]);
    }
    for (const [name, now] of seen) {
      const was = first.get(name);
      if (was === undefined) first.set(name, now);
      else if (was !== now && held.moved.length < 20) held.moved.push(`${name}: ${was} → ${now}`);
    }
    held.seen = [...first.keys()];
    requestAnimationFrame(look);
  };
  look();
}
