// What of the visible text is cut off, lies over other text, or makes the page wider than its window. Run in the page.
() => {
  const found = [];
  const say = (what, element) => {
    const words = (element.textContent ?? "").trim().slice(0, 40);
    const where = element.closest("[data-testid]")?.dataset.testid ?? element.closest("[class]")?.className ?? "";
    found.push(`${what}: “${words}” in ${element.tagName.toLowerCase()} of ${where}`);
  };
  if (document.documentElement.scrollWidth > innerWidth) found.push(`the page is ${document.documentElement.scrollWidth} px wide`);

  // Text for screen readers only, and what is drawn by libraries with coordinates of their own.
  const ignored = ".cm-editor, .js-plotly-plot, .react-flow__minimap, [aria-hidden=true], option, script, style, noscript, title, [data-testid=hidden-select-container]";
  const shown = (element) => {
    if (element.closest(ignored)) return false;
    const style = getComputedStyle(element);
    const box = element.getBoundingClientRect();
    return style.visibility === "visible" && Number(style.opacity) > 0.1 && box.width > 2 && box.height > 2 && style.clipPath === "none" && style.clip === "auto";
  };
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const texts = [];
  while (walker.nextNode()) {
    const node = walker.currentNode;
    const element = node.parentElement;
    if (node.nodeValue.trim() === "" || !shown(element)) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    for (const box of range.getClientRects()) {
      // The middle of it must be what a person sees: not below the edge of something that scrolls, not under a dialog.
      const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
      if (x < 0 || y < 0 || x > innerWidth || y > innerHeight) continue;
      const top = document.elementFromPoint(x, y);
      if (top !== null && (top === element || element.contains(top) || top.contains(element))) texts.push({ element, box });
    }
    // Cut off by its own box, without the dots that say so.
    const style = getComputedStyle(element);
    const cuts = style.overflowX === "hidden" || style.overflowX === "clip";
    if (cuts && style.textOverflow !== "ellipsis" && element.scrollWidth > element.clientWidth + 1 && element.clientWidth > 0) say("cut off", element);
    const cutsBelow = (style.overflowY === "hidden" || style.overflowY === "clip") && style.webkitLineClamp === "none";
    if (cutsBelow && element.clientHeight > 0 && element.scrollHeight > element.clientHeight + 3) say("cut off below", element);
  }
  texts.sort((one, other) => one.box.y - other.box.y);
  texts.forEach((one, index) => {
    for (const other of texts.slice(index + 1)) {
      if (other.box.y > one.box.bottom) break;
      if (one.element === other.element || one.element.contains(other.element) || other.element.contains(one.element)) continue;
      const across = Math.min(one.box.right, other.box.right) - Math.max(one.box.left, other.box.left);
      const down = Math.min(one.box.bottom, other.box.bottom) - Math.max(one.box.top, other.box.top);
      if (across > 3 && down > 5) say(`over “${(other.element.textContent ?? "").trim().slice(0, 30)}”`, one.element);
    }
  });
  return [...new Set(found)];
}
