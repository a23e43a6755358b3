// The drawing: pyvis's network in vis-network, kept in step with what is shown.

import { graph } from "./data.js";
import { byId, extent } from "./dom.js";
import { CLASSES, colour, DASHES, edgeColour, HEADS, nodeColour } from "./look.js";
import { change, state } from "./state.js";
import { polarity } from "./words.js";

/** The network, what draws under and over it, and what it shows now: `bundles` by id, the assertions that one edge stands for. */
export const canvas = {
  network: null,
  behind: null,
  over: null,
  bundles: new Map(),
  nodes: null,
  edges: null,
  seen: null,
};

/** The edges to draw: assertions of one direction and sign are one, unless the reader has opened them up. */
function bundlesOf(rows) {
  const opened = new Set(state().opened);
  const found = new Map();
  for (const row of rows) {
    const sign = polarity(row.a);
    const pair = `${row.from}>${row.to}`;
    const whole = `${pair}:${sign}`;
    const id = opened.has(whole) ? `${pair}:${row.a.relation}` : whole;
    if (!found.has(id)) found.set(id, { id, whole, from: row.from, to: row.to, sign, rows: [] });
    found.get(id).rows.push(row);
  }
  const beside = new Map();
  for (const bundle of found.values()) {
    const both = bundle.from < bundle.to ? `${bundle.from}>${bundle.to}` : `${bundle.to}>${bundle.from}`;
    if (!beside.has(both)) beside.set(both, []);
    beside.get(both).push(bundle);
  }
  const many = found.size > graph.about.many;
  for (const group of beside.values()) {
    const turn = new Map();
    for (const bundle of group) {
      const nth = turn.get(bundle.from) ?? 0;
      turn.set(bundle.from, nth + 1);
      bundle.bend = group.length === 1 ? (many ? 0 : 0.06) : 0.13 + 0.17 * nth;
    }
  }
  return found;
}

/** The id of the edge that an assertion between two nodes is drawn in. */
export function edgeOf(from, to, a) {
  const whole = `${from}>${to}:${polarity(a)}`;
  return state().opened.includes(whole) ? `${from}>${to}:${a.relation}` : whole;
}

/** Do all the rows of a bundle say it as ...? What is so of some only is told in the panel. */
export function manner(bundle) {
  const modalities = new Set(bundle.rows.map((r) => r.a.modality));
  return {
    modality: modalities.has("actual") ? "actual" : bundle.rows[0].a.modality,
    negated: bundle.rows.every((r) => r.a.negated),
    attributed: bundle.rows.every((r) => r.a.speaker !== null),
  };
}

function edgeLook(bundle, dim) {
  const how = manner(bundle);
  const own = edgeColour(bundle.sign);
  const dashes = DASHES[how.modality];
  return {
    id: bundle.id,
    from: bundle.from,
    to: bundle.to,
    color: {
      color: own,
      highlight: own,
      hover: own,
      opacity: dim ? 0.12 : canvas.bundles.size > graph.about.many ? 0.35 : 0.85,
    },
    width: 1.3 + 0.9 * Math.log2(bundle.rows.length),
    dashes: dashes.length ? dashes : false,
    smooth: bundle.bend ? { enabled: true, type: "curvedCW", roundness: bundle.bend } : false,
    arrows: {
      to: { enabled: true, type: HEADS[bundle.sign], scaleFactor: bundle.sign === "-" ? 0.75 : 0.6 },
      from: { enabled: how.attributed, type: "circle", scaleFactor: 0.4 },
    },
  };
}

/** The radius of a node in the drawing's own units. */
export function radius(key) {
  return graph.node.get(key).size;
}

function nodeLook(key, dim) {
  const node = graph.node.get(key);
  const { shape, hollow } = CLASSES[node.cls];
  const own = nodeColour(node.cls);
  const paint = {
    background: hollow ? colour("--paper") : own,
    border: state().pinned.includes(key) ? colour("--accent") : own,
  };
  const place = canvas.places.get(key) ?? node;
  return {
    id: key,
    shape,
    size: radius(key),
    x: place.x * squeeze(),
    y: place.y * squeeze(),
    color: { ...paint, highlight: { ...paint, border: colour("--accent") }, hover: paint },
    opacity: dim ? 0.2 : 1,
  };
}

/** The nodes and edges that stand out in a view, where something is chosen; null where all are alike. */
function standing(view) {
  const s = state();
  if (view.path) {
    const keys = new Set(s.path);
    for (const step of view.path) keys.add(step.from).add(step.to);
    const ids = new Set(view.path.flatMap((step) => step.rows));
    return { node: (key) => keys.has(key), edge: (b) => b.rows.some((r) => ids.has(r)) };
  }
  if (!s.selected || canvas.bundles.size > 3000) return null;
  if (canvas.bundles.has(s.selected)) {
    const { from, to } = canvas.bundles.get(s.selected);
    return { node: (key) => key === from || key === to, edge: (b) => b.id === s.selected };
  }
  if (!view.nodes.has(s.selected)) return null;
  const near = new Set([
    s.selected,
    ...view.rows.filter((r) => r.from === s.selected || r.to === s.selected).flatMap((r) => [r.from, r.to]),
  ]);
  return { node: (key) => near.has(key), edge: (b) => b.from === s.selected || b.to === s.selected };
}

/** Bring a data set to these items with as few changes as can be. */
function bring(set, seen, items) {
  const next = new Map(items.map((item) => [item.id, item]));
  const prints = new Map(items.map((item) => [item.id, JSON.stringify(item)]));
  set.remove([...seen.keys()].filter((id) => !next.has(id)));
  set.update(items.filter((item) => seen.get(item.id) !== prints.get(item.id)));
  return prints;
}

/** Draw what `filters.shown` gave. */
export function draw(view) {
  if (view !== canvas.view) canvas.bundles = bundlesOf(view.rows);
  const stand = standing(view);
  if (view === canvas.view && !stand && !canvas.stand) {
    select();
    return;
  }
  canvas.view = view;
  canvas.places = new Map(state().moved.map(movedTo));
  canvas.stand = stand;
  const nodes = [...view.nodes].map((key) => nodeLook(key, stand && !stand.node(key)));
  const edges = [...canvas.bundles.values()].map((b) => edgeLook(b, stand && !stand.edge(b)));
  if (!canvas.network) {
    start(nodes, edges);
    return;
  }
  canvas.seen.edges = bring(canvas.edges, canvas.seen.edges, edges);
  canvas.seen.nodes = bring(canvas.nodes, canvas.seen.nodes, nodes);
  select();
}

function start(nodes, edges) {
  canvas.nodes = new vis.DataSet(nodes);
  canvas.edges = new vis.DataSet(edges);
  canvas.seen = {
    nodes: new Map(nodes.map((n) => [n.id, JSON.stringify(n)])),
    edges: new Map(edges.map((e) => [e.id, JSON.stringify(e)])),
  };
  canvas.network = new vis.Network(byId("drawing"), { nodes: canvas.nodes, edges: canvas.edges }, graph.options);
  const { network } = canvas;
  byId("drawing").querySelector(".vis-network").tabIndex = -1; // one stop for Tab, and that one has a name
  network.on("beforeDrawing", canvas.behind);
  network.on("afterDrawing", canvas.over);
  network.on("dragEnd", ({ nodes: [key] }) => {
    if (!key) return;
    const { x, y } = network.getPosition(key);
    moveNode(key, x, y);
  });
  fit(false);
  select();
}

/** The node and the place of an entry of `moved`. */
function movedTo(entry) {
  const [x, y] = entry.split("~").slice(-2).map(Number);
  return [entry.split("~").slice(0, -2).join("~"), { x: x || 0, y: y || 0 }];
}

const squeezes = new Map();
const ROOM = 9000;

/** By how much places draw together where only the core of a large graph is shown, so that each node has some room. */
function squeeze() {
  const { backbone, focus } = state();
  if (!backbone || focus || graph.backdrop) return 1;
  if (!squeezes.has(backbone)) {
    const core = graph.ranked.slice(0, backbone).map((key) => graph.node.get(key));
    const [wide, high] = ["x", "y"].map((axis) => extent(core.map((n) => n[axis]))).map(([low, top]) => top - low);
    squeezes.set(backbone, Math.min(1, Math.sqrt((core.length * ROOM) / Math.max(1, wide * high))));
  }
  return squeezes.get(backbone);
}

/** Set a node to another place. */
export function moveNode(key, left, top) {
  const [x, y] = [left / squeeze(), top / squeeze()];
  const others = state().moved.filter((entry) => movedTo(entry)[0] !== key);
  change({ moved: [...others, `${key}~${Math.round(x)}~${Math.round(y)}`] });
}

function select() {
  const { selected } = state();
  if (canvas.bundles.has(selected))
    canvas.network.setSelection({ nodes: [], edges: [selected] }, { highlightEdges: false });
  else if (canvas.view.nodes.has(selected))
    canvas.network.setSelection({ nodes: [selected], edges: [] }, { highlightEdges: false });
  else if (canvas.network.getSelectedNodes().length || canvas.network.getSelectedEdges().length)
    canvas.network.unselectAll();
}

/** Bring these nodes into the window, with room for their names and for the buttons above. */
function frame(keys, largest, animation) {
  const { clientWidth: width, clientHeight: height } = byId("drawing");
  if (!keys.length || !width) return;
  const places = keys.map((key) => canvas.network.getPosition(key));
  const [left, right] = extent(places.map((p) => p.x));
  const [top, low] = extent(places.map((p) => p.y));
  const aside = Math.min(100, width * 0.15);
  const scale = Math.min(
    largest,
    (width - 2 * aside) / Math.max(1, right - left),
    (height - 110) / Math.max(1, low - top),
  );
  const position = { x: (left + right) / 2, y: (top + low) / 2 - 12 / scale };
  canvas.network.moveTo({ position, scale: Math.max(0.02, scale), animation: calm() ? false : animation });
}

/** All that is shown in the window. */
export function fit(animation = { duration: 350, easingFunction: "easeInOutQuad" }) {
  frame([...canvas.view.nodes], 1.15, animation);
}

/** Fly so that some nodes are well in view. */
export function flyTo(keys) {
  frame(
    keys.filter((key) => canvas.view.nodes.has(key)),
    1.1,
    { duration: 600, easingFunction: "easeInOutCubic" },
  );
}

export function zoom(factor) {
  canvas.network.moveTo({ scale: canvas.network.getScale() * factor, animation: calm() ? false : { duration: 150 } });
}

export function calm() {
  return window.matchMedia("(prefers-reduced-motion: reduce)").matches;
}
