// Keys: arrows walk edges, Escape leaves, / searches, ? shows the keys.

import { canvas, fit, moveNode, zoom } from "./canvas.js";
import { graph } from "./data.js";
import { announce, byId } from "./dom.js";
import { leave } from "./facets.js";
import { focusOn } from "./panel.js";
import { toward } from "./paths.js";
import { change, redo, state, toggle, undo } from "./state.js";
import { goToStep } from "./tour.js";
import { count, label, phrase } from "./words.js";

export const KEYS = [
  ["/", "search"],
  ["arrows", "with the map in focus: to the neighbour in that direction, along its edge"],
  ["[ and ]", "the edges of the node one by one"],
  ["Page Down, Page Up", "the next node by importance, the one before"],
  ["Shift and arrows", "move the node"],
  ["Enter", "read the node or the edge in the panel"],
  ["f", "focus on the node; 1, 2, 3: how far"],
  ["p", "pin the node, so that no filter takes it away"],
  ["h", "hide the node"],
  ["+, −, 0", "nearer, farther, all in view"],
  ["t", "table beside the map, table alone, map alone"],
  ["Ctrl+Z, Ctrl+Y", "undo, redo"],
  ["n, b", "in a story: next step, step back"],
  ["Escape", "leave: dialog, story, selection, path, focus, in that order"],
  ["?", "these keys"],
];

const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const PUSH = 25;
const MODES = ["map", "both", "table"];

let standing = "";
let turn = -1;

/** The node at which the keyboard stands: the one selected, or an end of the edge selected, or the most important. */
function here() {
  const { selected } = state();
  if (canvas.view.nodes.has(selected)) standing = selected;
  const bundle = canvas.bundles.get(selected);
  if (bundle && standing !== bundle.from) standing = bundle.to;
  if (!canvas.view.nodes.has(standing)) standing = graph.ranked.find((key) => canvas.view.nodes.has(key)) ?? "";
  return standing;
}

function walk(direction) {
  const centre = here();
  if (!centre) return;
  if (!state().selected) {
    settle(centre);
    return;
  }
  const place = (key) => canvas.network.getPosition(key);
  const step = toward(canvas.view.rows, centre, direction, place);
  if (!step) {
    announce("no edge leads that way");
    return;
  }
  settle(step.key, phrase(step.rows[0].a));
}

function settle(key, along) {
  standing = key;
  turn = -1;
  change({ selected: key });
  const edges = canvas.view.rows.filter((r) => r.from === key || r.to === key).length;
  announce(
    `${along ? `${along}. Now at ` : ""}${label(key)}, ${graph.node.get(key).cls}, ${count(edges, "assertion")}`,
  );
  canvas.network.moveTo({ position: canvas.network.getPosition(key), animation: false });
}

function round(way) {
  const centre = here();
  const own = [...canvas.bundles.values()].filter((b) => b.from === centre || b.to === centre);
  if (!own.length) return;
  turn = (turn + way + own.length) % own.length;
  change({ selected: own[turn].id });
  standing = centre;
  announce(`${turn + 1} of ${own.length}: ${phrase(own[turn].rows[0].a)}`);
}

/** The next node in the order of importance: also what no edge leads to. */
function leap(way) {
  const order = graph.ranked.filter((key) => canvas.view.nodes.has(key));
  if (order.length) settle(order[(order.indexOf(here()) + way + order.length) % order.length]);
}

function push([dx, dy]) {
  const key = here();
  if (!key) return;
  const { x, y } = canvas.network.getPosition(key);
  moveNode(key, x + dx * PUSH, y + dy * PUSH);
}

function goOut() {
  const s = state();
  if (s.step) goToStep(0);
  else if (s.selected) change({ selected: "" });
  else if (s.path.length) change({ path: [] });
  else if (s.focus) leave();
  else if (document.body.classList.contains("filtering")) byId("filters").click();
  else document.activeElement?.blur();
}

function read() {
  const { selected } = state();
  if (selected) byId("panel").querySelector("h2")?.focus();
  else settle(here());
}

export function nextMode() {
  change({ mode: MODES[(MODES.indexOf(state().mode) + 1) % MODES.length] });
}

const ACTS = {
  "/": () => byId("search").focus(),
  "?": () => byId("help").click(),
  f: () => here() && focusOn(here()),
  p: () => here() && toggle("pinned", here()),
  h: () => here() && change({ hidden: [...state().hidden, here()], selected: "" }),
  "+": () => zoom(1.3),
  "=": () => zoom(1.3),
  "-": () => zoom(1 / 1.3),
  0: () => fit(),
  1: () => change({ hops: 1 }),
  2: () => change({ hops: 2 }),
  3: () => change({ hops: 3 }),
  t: nextMode,
  n: () => state().step && goToStep(state().step + 1),
  b: () => state().step && goToStep(Math.max(1, state().step - 1)),
  "[": () => round(-1),
  "]": () => round(1),
  PageDown: () => leap(1),
  PageUp: () => leap(-1),
  Escape: goOut,
};

export function listenToKeys() {
  document.addEventListener("keydown", (event) => {
    if (document.querySelector("dialog[open]")) return;
    const command = event.ctrlKey || event.metaKey;
    if (event.target.closest("input, textarea, select")) {
      if (event.key === "Escape") event.target.blur();
      return;
    }
    if (command && event.key.toLowerCase() === "z") (event.shiftKey ? redo : undo)();
    else if (command && event.key.toLowerCase() === "y") redo();
    else if (command || event.altKey) return;
    else if (ARROWS[event.key] && event.target.closest("#map")) (event.shiftKey ? push : walk)(ARROWS[event.key]);
    else if (event.key === "Enter" && event.target.closest("#map")) read();
    else if (ACTS[event.key] && !(event.key.startsWith("Page") && !event.target.closest("#map"))) ACTS[event.key]();
    else return;
    event.preventDefault();
  });
}
