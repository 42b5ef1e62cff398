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
  // What of a box its surroundings let through: dots may stand for the rest of it.
  const uncut = (element, { x, y, right, bottom }) => {
    const left = { x, y, right, bottom };
    for (let around = element; around !== null && around !== document.body; around = around.parentElement) {
      const style = getComputedStyle(around);
      if (style.overflowX === "visible" && style.overflowY === "visible") continue;
      const box = around.getBoundingClientRect();
      if (style.overflowX !== "visible") [left.x, left.right] = [Math.max(left.x, box.x), Math.min(left.right, box.right)];
      if (style.overflowY !== "visible") [left.y, left.bottom] = [Math.max(left.y, box.y), Math.min(left.bottom, box.bottom)];
    }
    return { ...left, width: left.right - left.x, height: left.bottom - left.y };
  };
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const texts = [];
  while (walker.nextNode()) {
    const node = walker.currentNode;
    const element = node.parentElement;
    if (node.nodeValue.trim() === "" || !shown(element)) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    for (const whole of range.getClientRects()) {
      const box = uncut(element, whole);
      if (box.width < 2 || box.height < 2) continue;
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
