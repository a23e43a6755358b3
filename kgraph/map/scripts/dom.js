// Making elements. All text of the graph is set as text, never as markup: it is hostile until proven otherwise.

const SVG = "http://www.w3.org/2000/svg";

/** An element with properties (`class`, `text`, `on`, attributes) and children; null children are left out. */
export function el(tag, properties = {}, ...children) {
  return fill(document.createElement(tag), properties, children);
}

/** The same for SVG. */
export function svg(tag, properties = {}, ...children) {
  return fill(document.createElementNS(SVG, tag), properties, children);
}

function fill(node, properties, children) {
  for (const [name, value] of Object.entries(properties)) {
    if (value === undefined || value === null || value === false) continue;
    if (name === "text") node.textContent = value;
    else if (name === "on") for (const [event, act] of Object.entries(value)) node.addEventListener(event, act);
    else node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return node;
}

/** A button of the page. */
export function button(text, act, properties = {}) {
  return el("button", { type: "button", text, on: { click: act }, ...properties });
}

/** Text of the graph, kept apart from the direction of the text around it. */
export function bdi(text, properties = {}) {
  return el("bdi", { text, ...properties });
}

export function byId(id) {
  return document.getElementById(id);
}

const CONTROLS = /[\p{Cc}\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

/** A text for the canvas, an attribute or a file: one line, no control or direction marks, not longer than `most`. */
export function brief(text, most = 24) {
  const points = [
    ...String(text)
      .slice(0, most * 4)
      .replace(CONTROLS, " ")
      .replace(/\s+/g, " ")
      .trim(),
  ];
  return points.length > most || text.length > most * 4
    ? `${points
        .slice(0, most - 1)
        .join("")
        .trimEnd()}…`
    : points.join("");
}

/** Say something to a screen reader. */
export function announce(text) {
  byId("announce").textContent = text;
}

/** A short word to everybody, at the foot of the map. */
export function toast(text) {
  const box = byId("toast");
  box.textContent = text;
  box.hidden = false;
  clearTimeout(toast.timer);
  toast.timer = setTimeout(() => {
    box.hidden = true;
  }, 4000);
}

/** The least and the greatest of some numbers, however many. */
export function extent(numbers) {
  return numbers.reduce(([low, high], n) => [Math.min(low, n), Math.max(high, n)], [Infinity, -Infinity]);
}
