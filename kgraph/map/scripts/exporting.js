// Taking the view away: PNG, SVG and CSV of what is shown, a link, a frame, print.

import { canvas, manner, radius } from "./canvas.js";
import { evidence, graph } from "./data.js";
import { brief, byId, el, svg, toast } from "./dom.js";
import { course, fontOf, hull, placeLabels, shownCommunities } from "./labels.js";
import { colour, DASHES, edgeColour, shapeOf } from "./look.js";
import { state, toHash } from "./state.js";
import { cells, HEADINGS } from "./table.js";

function save(blob, ending) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = `${
    brief(graph.about.title, 60)
      .replace(/[^\p{L}\p{N} _-]/gu, "")
      .trim() || "map"
  }.${ending}`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 30000);
}

/** The line that says whence the picture comes. */
export function credit() {
  const { source, licence } = graph.about;
  return [
    source && `Source: ${source}`,
    licence && `Licence: ${licence}`,
    graph.backdrop && `Coasts: ${graph.backdrop.source}`,
    "Made with kgraph",
  ]
    .filter(Boolean)
    .join(" · ");
}

/** What the signs mean, for a picture that travels without the page. */
const MEANING = [
  "Arrow's head: point friendly, bar hostile, open point neutral. Broken line: planned, possible, demanded or denied.",
  "Stroke across: the text says it is not so. Dot at the start and quotation marks: somebody's word.",
];
const HEAD = 46;
const FOOT = 62;

function footLines() {
  return [...MEANING, brief(credit(), 150)];
}

export function exportPng() {
  const from = byId("drawing").querySelector("canvas");
  const ratio = from.width / from.clientWidth;
  const [head, foot] = [HEAD * ratio, FOOT * ratio];
  const to = document.createElement("canvas");
  to.width = from.width;
  to.height = from.height + head + foot;
  const context = to.getContext("2d");
  context.fillStyle = colour("--paper");
  context.fillRect(0, 0, to.width, to.height);
  context.drawImage(from, 0, head);
  context.fillStyle = colour("--ink");
  context.font = `600 ${20 * ratio}px Georgia, serif`;
  context.fillText(brief(graph.about.title, 90), 16 * ratio, 31 * ratio);
  context.fillStyle = colour("--soft");
  context.font = `${11 * ratio}px system-ui, sans-serif`;
  for (const [i, line] of footLines().entries()) context.fillText(line, 16 * ratio, to.height - (44 - 16 * i) * ratio);
  to.toBlob((blob) => save(blob, "png"), "image/png");
}

const HEADS = { "+": "M0 0L-11 5L-11 -5Z", "-": "M-1 -7H2V7H-1Z", 0: "M0 0L-11 5L-8 0L-11 -5Z" };

function drawnEdge(bundle, at, scale) {
  const line = course(bundle.id);
  const how = manner(bundle);
  const [start, end] = [line.at(0), line.at(1)];
  const target = canvas.network.body.nodes[bundle.to];
  const middle = line.via ?? { x: (start.x + end.x) / 2, y: (start.y + end.y) / 2 };
  const slope = Math.atan2(end.y - middle.y, end.x - middle.x);
  const tip = {
    x: target.x - Math.cos(slope) * (radius(bundle.to) + 4),
    y: target.y - Math.sin(slope) * (radius(bundle.to) + 4),
  };
  const [p, q, r] = [at(start), at(middle), at(tip)];
  const paint = {
    stroke: edgeColour(bundle.sign),
    fill: "none",
    "stroke-width": (1.3 + 0.9 * Math.log2(bundle.rows.length)) * Math.min(1, scale),
    "stroke-dasharray": DASHES[how.modality].join(" ") || null,
  };
  const group = svg("g", {}, svg("title", { text: brief(bundle.id, 200) }));
  group.append(
    svg("path", {
      d: `M${p.x.toFixed(1)} ${p.y.toFixed(1)}Q${q.x.toFixed(1)} ${q.y.toFixed(1)} ${r.x.toFixed(1)} ${r.y.toFixed(1)}`,
      ...paint,
    }),
  );
  const angle = (Math.atan2(r.y - q.y, r.x - q.x) * 180) / Math.PI;
  group.append(
    svg("path", {
      d: HEADS[bundle.sign],
      fill: paint.stroke,
      transform: `translate(${r.x.toFixed(1)} ${r.y.toFixed(1)}) rotate(${angle.toFixed(1)}) scale(${Math.min(1, scale).toFixed(2)})`,
    }),
  );
  if (how.attributed) {
    const source = canvas.network.body.nodes[bundle.from];
    const away = Math.atan2(middle.y - source.y, middle.x - source.x);
    const dot = at({
      x: source.x + Math.cos(away) * (radius(bundle.from) + 5),
      y: source.y + Math.sin(away) * (radius(bundle.from) + 5),
    });
    group.append(svg("circle", { cx: dot.x, cy: dot.y, r: 3.4, fill: paint.stroke }));
  }
  if (how.negated) {
    const half = at(line.at(0.33));
    group.append(
      svg("path", {
        d: `M${half.x - 7} ${half.y + 9}L${half.x + 7} ${half.y - 9}`,
        stroke: paint.stroke,
        "stroke-width": 2.2,
      }),
    );
  }
  return group;
}

/** The picture as SVG: the same places, dashes, heads and names as on the screen. */
export function svgOf() {
  const screen = byId("drawing").querySelector("canvas");
  const [width, height] = [screen.clientWidth, screen.clientHeight];
  const scale = canvas.network.getScale();
  const at = (p) => {
    const { x, y } = canvas.network.canvasToDOM({ x: p.x, y: p.y });
    return { x, y: y + HEAD };
  };
  const picture = svg("svg", {
    xmlns: "http://www.w3.org/2000/svg",
    viewBox: `0 0 ${width} ${height + HEAD + FOOT}`,
    width,
    height: height + HEAD + FOOT,
    "font-family": "system-ui, sans-serif",
  });
  picture.append(
    svg("title", { text: brief(graph.about.title, 200) }),
    svg("rect", { width, height: height + HEAD + FOOT, fill: colour("--paper") }),
  );
  const outline = (points) =>
    points
      .map(([x, y]) => at({ x, y }))
      .map(({ x, y }) => `${x.toFixed(1)},${y.toFixed(1)}`)
      .join(" ");
  for (const line of graph.backdrop?.coasts ?? []) {
    const points = Array.from({ length: line.length / 2 }, (_, i) => [line[2 * i], line[2 * i + 1]]);
    picture.append(svg("polygon", { points: outline(points), fill: colour("--land") }));
  }
  if (state().hulls)
    for (const [number, keys] of shownCommunities())
      picture.append(
        svg("polygon", {
          points: outline(hull(keys)),
          fill: colour(`--hull${number % 6}`),
          "fill-opacity": 0.13,
          stroke: colour(`--hull${number % 6}`),
          "stroke-dasharray": [null, "8 5", "2 4"][number % 3],
        }),
      );
  for (const bundle of canvas.bundles.values()) picture.append(drawnEdge(bundle, at, scale));
  for (const key of canvas.view.nodes) {
    const { x, y } = at(canvas.network.body.nodes[key]);
    picture.append(shapeOf(graph.node.get(key).cls, x, y, radius(key) * scale));
  }
  const context = screen.getContext("2d");
  for (const own of placeLabels(context, (p) => canvas.network.canvasToDOM({ x: p.x, y: p.y }), scale, width, height)) {
    const size = Number(/(\d+(\.\d+)?)px/.exec(fontOf(own))[1]);
    picture.append(
      svg("text", {
        text: own.text,
        x: (own.x + own.w / 2).toFixed(1),
        y: (own.y + own.h / 2 + HEAD + size * 0.36).toFixed(1),
        "text-anchor": "middle",
        "font-size": size,
        fill: own.ink,
        stroke: colour("--paper"),
        "stroke-width": 3,
        "paint-order": "stroke",
        "stroke-linejoin": "round",
        "font-weight": own.font === "major" ? 600 : null,
        "font-style": own.font === "quote" ? "italic" : null,
        "text-decoration": own.struck ? "line-through" : null,
      }),
    );
  }
  picture.append(
    svg("text", {
      text: brief(graph.about.title, 90),
      x: 16,
      y: 31,
      "font-size": 20,
      "font-family": "Georgia, serif",
      "font-weight": 600,
      fill: colour("--ink"),
    }),
  );
  for (const [i, text] of footLines().entries()) {
    const y = height + HEAD + FOOT - 44 + 16 * i;
    picture.append(svg("text", { text, x: 16, y, "font-size": 11, fill: colour("--soft") }));
  }
  return new XMLSerializer().serializeToString(picture);
}

export function exportSvg() {
  save(new Blob([svgOf()], { type: "image/svg+xml" }), "svg");
}

/** A cell that no spreadsheet takes for a formula. */
function csvCell(text) {
  const inert = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\n\r]/.test(inert) ? `"${inert.replaceAll('"', '""')}"` : inert;
}

/** What is shown as CSV, one line a sentence. */
export function csvOf() {
  const lines = [[...HEADINGS, "Document", "Link", "Sentence"]];
  for (const row of canvas.view.rows) {
    for (const [number, text] of evidence(row.a)) {
      const { id, url } = graph.documents[number];
      lines.push([...cells(row), id, url ?? "", text]);
    }
  }
  return `${lines.map((line) => line.map(csvCell).join(",")).join("\r\n")}\r\n`;
}

export function exportCsv() {
  save(new Blob(["\ufeff", csvOf()], { type: "text/csv" }), "csv");
}

/** Copy a text; pages from the disk may not use the clipboard's own interface, so that the old way stands behind it. */
function copy(text, done) {
  const holder = document.querySelector("dialog[open]") ?? document.body;
  const box = el("textarea", { "aria-hidden": "true", class: "unseen" });
  box.value = text;
  holder.append(box);
  box.select();
  const copied = document.execCommand("copy");
  box.remove();
  if (copied) toast(done);
  else window.prompt("Copy this:", text);
}

/** The address of this view, with the window on it. */
function address() {
  const { x, y } = canvas.network.getViewPosition();
  const at = [x, y, canvas.network.getScale() * 1000].map(Math.round).join("~");
  const base = location.href.replace(/#.*/s, "");
  return `${base}#${[toHash(), `at=${at}`].filter(Boolean).join("&")}`;
}

/** The window that an address tells, where it does: `at` of `address`. */
export function restoreWindow(hash) {
  const at = new URLSearchParams(hash.slice(1)).get("at")?.split("~").map(Number);
  if (at?.length !== 3 || at.some(Number.isNaN) || at[2] <= 0) return;
  canvas.network.moveTo({ position: { x: at[0], y: at[1] }, scale: at[2] / 1000 });
}

export function copyLink() {
  return copy(address(), "The link to this view is copied.");
}

export function copyFrame() {
  const safe = (text) => text.replaceAll("&", "&amp;").replaceAll('"', "&quot;").replaceAll("<", "&lt;");
  const title = safe(brief(graph.about.title, 90));
  const frame = `<iframe src="${safe(address())}" title="${title}" width="100%" height="600" loading="lazy"></iframe>`;
  return copy(frame, "The code for a frame is copied.");
}
