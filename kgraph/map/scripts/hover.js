// Under the pointer: what a node or an edge is, in a line, before any click.

import { canvas } from "./canvas.js";
import { graph } from "./data.js";
import { brief, byId } from "./dom.js";
import { count, phrase } from "./words.js";

const MANY = 3000;
const MOST = 3;

let waiting = false;

/** The lines that tell what lies at a point of the drawing; none where nothing does. */
function linesAt(point) {
  const { network, bundles, view } = canvas;
  const node = network.getNodeAt(point);
  if (node) {
    const { label, cls } = graph.node.get(node);
    const own = view.rows.filter((r) => r.from === node || r.to === node).length;
    return [`${brief(label, 80)} (${cls}), ${count(own, "assertion")}`];
  }
  const edge = bundles.size > MANY ? undefined : network.getEdgeAt(point);
  if (edge === undefined) return [];
  const { rows } = bundles.get(edge);
  const lines = [...new Set(rows.map((r) => brief(phrase(r.a), 110)))];
  return lines.length > MOST ? [...lines.slice(0, MOST), `and ${lines.length - MOST} more`] : lines;
}

function show({ x, y }) {
  waiting = false;
  const box = byId("hint");
  const lines = linesAt({ x, y });
  box.hidden = !lines.length;
  byId("drawing").classList.toggle("pointing", lines.length > 0);
  if (!lines.length) return;
  box.textContent = lines.join("\n");
  const { clientWidth, clientHeight } = byId("drawing");
  box.style.left = `${Math.max(4, Math.min(x + 14, clientWidth - box.offsetWidth - 6))}px`;
  box.style.top = `${y + 24 + box.offsetHeight > clientHeight ? y - box.offsetHeight - 12 : y + 20}px`;
}

export function watchPointer() {
  const drawing = byId("drawing");
  drawing.addEventListener("pointermove", (event) => {
    if (waiting || event.pointerType === "touch") return;
    waiting = true;
    const { left, top } = drawing.getBoundingClientRect();
    const point = { x: event.clientX - left, y: event.clientY - top, held: event.buttons };
    requestAnimationFrame(() => show(point.held ? { x: -99, y: -99 } : point));
  });
  drawing.addEventListener("pointerleave", () => {
    byId("hint").hidden = true;
  });
}
