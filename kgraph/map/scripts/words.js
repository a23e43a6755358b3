// Assertions, dates and numbers in words.

import { graph } from "./data.js";

export const POLARITY = {
  "+": { sign: "+", name: "friendly" },
  "-": { sign: "−", name: "hostile" },
  0: { sign: "○", name: "neutral" },
};
export const MODALITY = {
  actual: "done or held",
  planned: "planned",
  possible: "possible",
  requested: "demanded",
  denied: "denied",
};
const GROUPS = { TIES: "Standing ties" };

export function label(key) {
  return graph.node.get(key).label;
}

export function relationLabel(edge) {
  return graph.relations[edge.relation].label;
}

export function polarity(edge) {
  return graph.relations[edge.relation].polarity;
}

export function group(edge) {
  return graph.relations[edge.relation].group;
}

export function groupName(name) {
  return GROUPS[name] ?? name.charAt(0) + name.slice(1).toLowerCase();
}

export function count(number, one, many = `${one}s`) {
  return `${number.toLocaleString("en")} ${number === 1 ? one : many}`;
}

/** "China opposes sanctions on North Korea", as one text; "not:" where the document denies it. */
export function phrase(edge) {
  return `${label(edge.from)} ${edge.negated ? "not: " : ""}${relationLabel(edge)} ${label(edge.to)}`;
}

/** What stands beside the phrase: how, who says so, when, how sure, how many sources. */
export function circumstances(edge) {
  return [
    edge.negated ? "not so, the text says" : "",
    edge.modality === "actual" ? "" : MODALITY[edge.modality],
    edge.speaker ? `said by ${edge.speaker}` : "",
    when(edge.date),
    `confidence ${edge.confidence.toFixed(2)}`,
    count(edge.sources, "independent source"),
  ].filter(Boolean);
}

/** An ISO date, month, year or interval in words: "9 July 2006". */
export function when(date) {
  if (!date) return "";
  const [first, last] = [date.split("/")[0], date.split("/").at(-1)];
  return first === last ? one(first) : `${one(first)} to ${one(last)}`;
}

function one(date) {
  const parts = date.split("-");
  const options = { timeZone: "UTC", year: "numeric", month: parts[1] && "long", day: parts[2] && "numeric" };
  return new Date(`${date}${"-01".repeat(3 - parts.length)}T00:00:00Z`).toLocaleDateString("en-GB", options);
}

/** A day given as a number. */
export function dayName(day) {
  return new Date(day * 86400000).toLocaleDateString("en-GB", {
    timeZone: "UTC",
    year: "numeric",
    month: "short",
    day: "numeric",
  });
}
