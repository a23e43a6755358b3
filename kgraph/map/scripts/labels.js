// Names on the drawing. They keep their size at every zoom, the more important ones come first, and one that would lie
// over another is left out until there is room. The same places serve the picture and the exported SVG.

import { canvas, manner, radius } from "./canvas.js";
import { graph } from "./data.js";
import { brief } from "./dom.js";
import { bundleLabel } from "./filters.js";
import { colour, edgeColour } from "./look.js";
import { state } from "./state.js";
import { POLARITY } from "./words.js";

const FACE = '"Source Sans 3", "Segoe UI", "Noto Sans", system-ui, sans-serif';
const FONTS = {
  major: `600 13.5px ${FACE}`,
  minor: `13px ${FACE}`,
  edge: `11.5px ${FACE}`,
  quote: `italic 11.5px ${FACE}`,
};
const CELL = 60;
const EDGE_NAMES = 260;

const widths = new Map();

function widthOf(context, font, text) {
  const key = font + text;
  if (!widths.has(key)) {
    context.font = FONTS[font];
    widths.set(key, context.measureText(text).width);
  }
  return widths.get(key);
}

/** A sheet that knows which of its parts are taken. */
class Sheet {
  constructor() {
    this.cells = new Map();
  }

  *#around(box) {
    for (let x = Math.floor(box.x / CELL); x <= Math.floor((box.x + box.w) / CELL); x += 1)
      for (let y = Math.floor(box.y / CELL); y <= Math.floor((box.y + box.h) / CELL); y += 1) yield `${x},${y}`;
  }

  free(box, own) {
    for (const cell of this.#around(box))
      for (const other of this.cells.get(cell) ?? [])
        if (
          other.own !== own &&
          box.x < other.x + other.w &&
          other.x < box.x + box.w &&
          box.y < other.y + other.h &&
          other.y < box.y + box.h
        )
          return false;
    return true;
  }

  take(box) {
    for (const cell of this.#around(box)) {
      if (!this.cells.has(cell)) this.cells.set(cell, []);
      this.cells.get(cell).push(box);
    }
  }
}

/** The middle of a drawn edge, and the point that bends it, in the drawing's own units. */
export function course(id) {
  const edge = canvas.network.body.edges[id];
  if (!edge?.edgeType) return null;
  const via = edge.edgeType.getViaNode?.();
  return { at: (t) => edge.edgeType.getPoint(t, via), via: via?.x === undefined ? null : via };
}

/** The names that find room in a window of this size, each with its box in pixels. */
export function placeLabels(context, toPixels, scale, width, height) {
  const sheet = new Sheet();
  const placed = [];
  const { bundles, view, stand } = canvas;
  const spots = new Map();
  for (const key of view.nodes) {
    const node = canvas.network.body.nodes[key];
    if (!node) continue;
    const at = toPixels(node);
    if (at.x < -60 || at.y < -30 || at.x > width + 60 || at.y > height + 30) continue;
    const r = radius(key) * scale;
    spots.set(key, { ...at, r });
    if (r > 3) sheet.take({ x: at.x - r, y: at.y - r, w: 2 * r, h: 2 * r, own: key });
  }
  const order = [...spots.keys()].sort((a, b) => weight(b) - weight(a));
  for (const key of order) {
    if (stand && !stand.node(key)) continue;
    const { cls, label } = graph.node.get(key);
    const font = cls === "State" || cls === "Organization" ? "major" : "minor";
    const text = brief(label);
    const w = widthOf(context, font, text) + 6;
    const { x, y, r } = spots.get(key);
    const tries = [
      [x - w / 2, y + r + 2],
      [x - w / 2, y - r - 19],
      [x + r + 3, y - 8],
      [x - r - w - 3, y - 8],
    ];
    const boxes = tries.map(([bx, by]) => ({ x: bx, y: by, w, h: 17, own: key })).filter((b) => sheet.free(b, key));
    const box = boxes.find((b) => b.x >= 0 && b.x + w <= width) ?? boxes[0];
    if (!box) continue;
    sheet.take(box);
    placed.push({ ...box, text, font, kind: "node", id: key, ink: colour("--ink") });
  }
  if (bundles.size <= EDGE_NAMES || scale > 0.9 || stand)
    placeEdgeLabels(context, toPixels, width, height, sheet, placed);
  return placed;
}

function weight(key) {
  const s = state();
  return (
    graph.node.get(key).rank +
    (key === s.selected || s.path.includes(key) || s.focus === key ? 10 : 0) +
    (s.pinned.includes(key) ? 5 : 0)
  );
}

function placeEdgeLabels(context, toPixels, width, height, sheet, placed) {
  const { bundles, stand } = canvas;
  for (const bundle of [...bundles.values()].sort((a, b) => b.rows.length - a.rows.length)) {
    if (stand && !stand.edge(bundle)) continue;
    const line = course(bundle.id);
    if (!line) continue;
    const how = manner(bundle);
    const words = `${POLARITY[bundle.sign].sign} ${bundleLabel(bundle.rows)}`;
    const text = how.attributed ? `“${words}”` : words;
    const font = how.attributed ? "quote" : "edge";
    const w = widthOf(context, font, text) + 6;
    for (const t of [0.5, 0.38, 0.62, 0.28, 0.72]) {
      const { x, y } = toPixels(line.at(t));
      const box = { x: x - w / 2, y: y - 8, w, h: 15, own: bundle.id };
      if (x < 0 || y < 0 || x > width || y > height || !sheet.free(box, bundle.id)) continue;
      sheet.take(box);
      placed.push({
        ...box,
        text,
        font,
        kind: "edge",
        id: bundle.id,
        struck: how.negated,
        ink: edgeColour(bundle.sign),
      });
      break;
    }
  }
}

export function fontOf(placed) {
  return FONTS[placed.font];
}

/** Draw names, and the strokes through edges that are negated, over vis-network's picture. */
export function drawLabels(context) {
  const { network } = canvas;
  const ratio = context.canvas.width / context.canvas.clientWidth;
  const scale = network.getScale();
  context.save();
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.lineCap = "round";
  const stroke = Math.min(1, Math.max(0.3, scale * 1.3));
  for (const bundle of canvas.bundles.values()) {
    if (!manner(bundle).negated || (canvas.stand && !canvas.stand.edge(bundle))) continue;
    const at = course(bundle.id)?.at(0.33);
    if (!at) continue;
    const { x, y } = network.canvasToDOM(at);
    context.strokeStyle = edgeColour(bundle.sign);
    context.lineWidth = 2.2 * stroke;
    context.beginPath();
    context.moveTo(x - 7 * stroke, y + 9 * stroke);
    context.lineTo(x + 7 * stroke, y - 9 * stroke);
    context.stroke();
  }
  canvas.labels = placeLabels(
    context,
    (p) => network.canvasToDOM({ x: p.x, y: p.y }),
    scale,
    context.canvas.clientWidth,
    context.canvas.clientHeight,
  );
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.lineJoin = "round";
  for (const own of canvas.labels) {
    const [x, y] = [own.x + own.w / 2, own.y + own.h / 2];
    context.font = FONTS[own.font];
    context.direction = own.kind === "edge" ? "ltr" : "inherit";
    context.strokeStyle = colour("--paper");
    context.lineWidth = 4;
    context.strokeText(own.text, x, y);
    context.fillStyle = own.ink;
    context.fillText(own.text, x, y);
    if (own.struck) context.fillRect(own.x + 2, y - 0.5, own.w - 4, 1.4);
  }
  context.restore();
}

/** The outline of a community: the convex hull of its nodes with a margin. */
export function hull(keys) {
  const points = keys.flatMap((key) => {
    const { x, y } = canvas.network.body.nodes[key];
    return Array.from({ length: 12 }, (_, i) => [
      x + 46 * Math.cos((i * Math.PI) / 6),
      y + 46 * Math.sin((i * Math.PI) / 6),
    ]);
  });
  points.sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  const cross = (o, a, b) => (a[0] - o[0]) * (b[1] - o[1]) - (a[1] - o[1]) * (b[0] - o[0]);
  const half = (list) => {
    const out = [];
    for (const p of list) {
      while (out.length > 1 && cross(out.at(-2), out.at(-1), p) <= 0) out.pop();
      out.push(p);
    }
    return out.slice(0, -1);
  };
  return [...half(points), ...half([...points].reverse())];
}

/** The communities that are shown, each with its number and its nodes. */
export function shownCommunities() {
  const groups = new Map();
  for (const key of canvas.view.nodes) {
    const { community } = graph.node.get(key);
    if (community === null) continue;
    if (!groups.has(community)) groups.set(community, []);
    groups.get(community).push(key);
  }
  return [...groups].filter(([, keys]) => keys.length > 1);
}

/** Coasts and hulls, under vis-network's picture. */
export function drawBehind(context) {
  const trace = (points) => {
    context.beginPath();
    for (const [x, y] of points) context.lineTo(x, y);
    context.closePath();
  };
  context.save();
  context.lineJoin = "round";
  if (graph.backdrop) {
    context.fillStyle = colour("--land");
    for (const line of graph.backdrop.coasts) {
      trace(Array.from({ length: line.length / 2 }, (_, i) => [line[2 * i], line[2 * i + 1]]));
      context.fill();
    }
  }
  if (state().hulls) {
    for (const [number, keys] of shownCommunities()) {
      trace(hull(keys));
      context.fillStyle = colour(`--hull${number % 6}`);
      context.globalAlpha = 0.13;
      context.fill();
      context.globalAlpha = 0.6;
      context.strokeStyle = context.fillStyle;
      context.setLineDash([[], [8, 5], [2, 4]][number % 3]);
      context.lineWidth = 1.5;
      context.stroke();
    }
  }
  context.restore();
}
