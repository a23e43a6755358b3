// The same assertions as a table: sortable, and readable without eyes.

import { edgeOf, flyTo } from "./canvas.js";
import { bdi, button, byId, el } from "./dom.js";
import { change, state } from "./state.js";
import { count, label, MODALITY, POLARITY, polarity, relationLabel, when } from "./words.js";

const STEP = 200;
const COLUMNS = [
  ["Subject", (r) => label(r.from)],
  ["Relation", (r) => `${r.a.negated ? "not: " : ""}${relationLabel(r.a)}`],
  ["Object", (r) => label(r.to)],
  ["Sign", (r) => POLARITY[polarity(r.a)].name],
  ["Modality", (r) => MODALITY[r.a.modality]],
  ["Said by", (r) => r.a.speaker ?? ""],
  ["Date", (r) => when(r.a.date), (r) => r.a.date ?? ""],
  ["Confidence", (r) => r.a.confidence.toFixed(2), (r) => r.a.confidence],
  ["Sources", (r) => String(r.a.sources), (r) => r.a.sources],
];

let sorting = { column: 8, down: true };
let length = STEP;

/** The columns' names, and the cells of a row: for the table and for CSV. */
export const HEADINGS = COLUMNS.map(([name]) => name);
export function cells(row) {
  return COLUMNS.map(([, read]) => read(row));
}

function sorted(rows) {
  const [, read, key] = COLUMNS[sorting.column];
  const by = key ?? read;
  const way = sorting.down ? -1 : 1;
  const keyed = rows.map((row) => [by(row), row]);
  keyed.sort(([a, r], [b, q]) => way * (typeof a === "number" ? a - b : a.localeCompare(b, "en")) || r.a.id - q.a.id);
  return keyed.map(([, row]) => row);
}

function open(row) {
  change({ selected: edgeOf(row.from, row.to, row.a) });
  flyTo([row.from, row.to]);
}

/** Fill the table, where it is in view. */
export function showTable(view, all = false) {
  if (state().mode === "map") return;
  if (!all) length = STEP;
  const box = byId("table");
  const held = document.activeElement?.dataset?.column;
  const heads = COLUMNS.map(([name], i) => {
    const way = i === sorting.column ? (sorting.down ? "descending" : "ascending") : "none";
    const sort = button(
      name,
      () => {
        sorting = { column: i, down: i === sorting.column ? !sorting.down : false };
        showTable(view);
      },
      { "data-column": i },
    );
    sort.append(el("span", { "aria-hidden": "true", text: { none: "", ascending: " ↑", descending: " ↓" }[way] }));
    return el("th", { scope: "col", "aria-sort": way }, sort);
  });
  const rows = sorted(view.rows);
  const body = rows.slice(0, length).map((row) => {
    const [first, ...rest] = cells(row);
    const link = button("", () => open(row), { class: "link" });
    link.append(bdi(first));
    return el(
      "tr",
      {
        class: row.a.negated ? "not" : "",
        "data-id": row.a.id,
        on: { click: (event) => event.target.closest("button") || open(row) },
      },
      el("th", { scope: "row" }, link),
      ...rest.map((text) => el("td", {}, bdi(text))),
    );
  });
  box.replaceChildren(
    el(
      "table",
      {},
      el("caption", { text: `${count(view.rows.length, "assertion")} shown` }),
      el("thead", {}, el("tr", {}, ...heads)),
      el("tbody", {}, ...body),
    ),
    ...(rows.length > length
      ? [
          button(`Show ${Math.min(STEP, rows.length - length)} more of ${rows.length - length}`, () => {
            length += STEP;
            showTable(view, true);
          }),
        ]
      : []),
  );
  if (held) box.querySelector(`[data-column="${CSS.escape(held)}"]`)?.focus();
}
