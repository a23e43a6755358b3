// The graph as the page holds it. Blocks of data are JSON, or gzip in base64 that the browser itself opens.

import { byId } from "./dom.js";

/** Filled by `loadGraph`: nodes, edges (one an assertion), relations, documents, communities, story, about, opening. */
export const graph = {};

/** What each assertion rests on, by its number: [document, text, [[role, start, end], ...]]; null until it is there. */
let sentences = null;

async function block(id) {
  const holder = byId(id);
  const text = holder.textContent;
  holder.remove();
  if (holder.type === "application/json") return JSON.parse(text);
  const bytes = Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return JSON.parse(await new Response(stream).text());
}

const DAY = 86400000;

/** The first and the last day, as numbers, of an ISO date, month, year, or interval of them; null where there is none. */
function daysOf(date) {
  if (!date) return null;
  const [first, last] = [date.split("/")[0], date.split("/").at(-1)];
  const [y, m, d] = last.split("-").map(Number);
  const end = d ? Date.UTC(y, m - 1, d) : m ? Date.UTC(y, m, 0) : Date.UTC(y, 11, 31);
  const start = Date.parse(`${first}${"-01".repeat(3 - first.split("-").length)}T00:00:00Z`);
  return Number.isNaN(start) || Number.isNaN(end) ? null : [start / DAY, Math.max(start, end) / DAY];
}

/** Read the graph; ids of nodes become their keys, so that links to a view stay good when the graph grows. */
export async function loadGraph() {
  Object.assign(graph, await block("data"));
  graph.node = new Map();
  const keys = new Map(graph.nodes.map((n) => [n.id, n.key]));
  for (const node of graph.nodes) {
    Object.assign(node, { id: node.key, fold: keys.get(node.fold) });
    graph.node.set(node.key, node);
  }
  for (const edge of graph.edges) {
    Object.assign(edge, { from: keys.get(edge.from), to: keys.get(edge.to) });
    const told = edge.documents
      .map((d) => graph.documents[d].date)
      .filter(Boolean)
      .sort();
    edge.days = daysOf(edge.date) ?? daysOf(told[0]);
  }
  for (const step of graph.story?.steps ?? []) {
    if (step.edge) step.edge = [keys.get(step.edge[0]), step.edge[1], keys.get(step.edge[2])];
    else step.node = keys.get(step.node);
  }
  graph.ranked = [...graph.nodes].sort((a, b) => b.rank - a.rank || (a.key < b.key ? -1 : 1)).map((n) => n.key);
  graph.companion = companions();
  graph.told = new Set(graph.story?.steps.flatMap(({ node, edge }) => (node ? [node] : [edge[0], edge[2]])));
  graph.opening.focus = keys.get(graph.opening.focus) ?? "";
}

/** The most important neighbour of each node, without which it would hang in the air. */
function companions() {
  const place = new Map(graph.ranked.map((key, i) => [key, i]));
  const found = new Map();
  const offer = (key, other) => {
    if (key !== other && !(place.get(found.get(key)) < place.get(other))) found.set(key, other);
  };
  for (const { from, to } of graph.edges) {
    offer(from, to);
    offer(to, from);
  }
  return found;
}

export async function loadSentences() {
  sentences = await block("sentences");
}

/** The evidence of an assertion; empty while the sentences are still being opened. */
export function evidence(edge) {
  return sentences === null ? [] : sentences[edge.id];
}

export function sentencesReady() {
  return sentences !== null;
}

/** Letters to compare by: without case and accents. */
export function plain(text) {
  return text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
}
