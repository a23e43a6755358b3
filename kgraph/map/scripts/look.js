// How things look: shapes, colours and dashes, the same on the canvas, in the legend and in an exported SVG.
// Nothing is told by colour alone: classes differ in shape, signs in the arrow's head, modalities in the dash.

import { svg } from "./dom.js";

export const CLASSES = {
  State: { shape: "dot" },
  Organization: { shape: "hexagon" },
  Person: { shape: "dot", hollow: true },
  Group: { shape: "hexagon", hollow: true },
  Instrument: { shape: "square" },
  Event: { shape: "diamond" },
  Issue: { shape: "triangle" },
  Place: { shape: "triangleDown" },
};

export const HEADS = { "+": "arrow", "-": "bar", 0: "vee" };
export const DASHES = { actual: [], planned: [11, 5], possible: [2, 5], requested: [10, 4, 2, 4], denied: [4, 9] };
const COLOURS = { "+": "--plus", "-": "--minus", 0: "--zero" };

const cache = new Map();

/** The value of a colour of the style sheet. */
export function colour(name) {
  if (!cache.has(name)) cache.set(name, getComputedStyle(document.documentElement).getPropertyValue(name).trim());
  return cache.get(name);
}

/** Forget the colours: another theme has others. */
export function forgetColours() {
  cache.clear();
}

export function edgeColour(sign) {
  return colour(COLOURS[sign]);
}

export function nodeColour(cls) {
  return colour(`--${cls.toLowerCase()}`);
}

/** The outline of a shape of radius r about a point, as points; null for a circle. */
export function outline(shape, x, y, r) {
  const turn = (n, from) =>
    Array.from({ length: n }, (_, i) => [
      x + r * Math.cos(from + (i * 2 * Math.PI) / n),
      y + r * Math.sin(from + (i * 2 * Math.PI) / n),
    ]);
  if (shape === "square")
    return [
      [x - r, y - r],
      [x + r, y - r],
      [x + r, y + r],
      [x - r, y + r],
    ];
  if (shape === "diamond") return turn(4, -Math.PI / 2);
  if (shape === "hexagon") return turn(6, 0);
  if (shape === "triangle") return turn(3, -Math.PI / 2);
  if (shape === "triangleDown") return turn(3, Math.PI / 2);
  return null;
}

/** A node's shape as an SVG element. */
export function shapeOf(cls, x, y, r) {
  const { shape, hollow } = CLASSES[cls];
  const paint = {
    fill: hollow ? colour("--paper") : nodeColour(cls),
    stroke: nodeColour(cls),
    "stroke-width": hollow ? 2.5 : 1,
  };
  const points = outline(shape, x, y, r);
  return points
    ? svg("polygon", { points: points.map((p) => p.map((v) => v.toFixed(1)).join()).join(" "), ...paint })
    : svg("circle", { cx: x, cy: y, r, ...paint });
}

/** A small picture of a class, a sign or a modality, for the legend. */
export function glyph(facet, value) {
  const picture = (...children) =>
    svg("svg", { viewBox: "0 0 30 14", width: 30, height: 14, class: "glyph", "aria-hidden": "true" }, ...children);
  if (facet === "cls") {
    const { shape, hollow } = CLASSES[value];
    const paint = { class: hollow ? "hollow" : "full", "data-cls": value };
    const points = outline(shape, 15, 7, 6);
    return picture(
      points
        ? svg("polygon", { points: points.map((p) => p.join()).join(" "), ...paint })
        : svg("circle", { cx: 15, cy: 7, r: 5.5, ...paint }),
    );
  }
  if (facet === "polarity") {
    const heads = { "+": "M20 2l9 5-9 5z", "-": "M25 1h3v12h-3z", 0: "M20 2l8 5-8 5 2.5-5z" };
    return picture(svg("path", { d: `M1 6h22v2H1z${heads[value]}`, class: "sign", "data-sign": value }));
  }
  if (facet === "modality")
    return picture(svg("path", { d: "M1 7H29", class: "dash", "stroke-dasharray": DASHES[value].join(" ") || null }));
  if (facet === "negation")
    return picture(svg("path", { d: value === "negated" ? "M1 7H29M11 13L19 1" : "M1 7H29", class: "dash" }));
  if (facet === "speaker")
    return picture(
      svg("path", { d: "M6 7H29", class: "dash" }),
      value ? svg("circle", { cx: 5, cy: 7, r: 4, class: "sign" }) : null,
    );
  return null;
}
