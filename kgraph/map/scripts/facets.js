// Filters as a reader sees them: the drawer of facets with their counts, the legend, the chips, the trail.

import { fit } from "./canvas.js";
import { bdi, brief, button, byId, el } from "./dom.js";
import { chips, FACETS } from "./filters.js";
import { glyph } from "./look.js";
import { change, FACET_KEYS, mark, reset, state, toggle } from "./state.js";
import { timeText } from "./timeline.js";
import { count, label } from "./words.js";

const LEGEND = ["polarity", "modality", "negation", "cls"];
const ORDER = {
  polarity: ["+", "-", "0"],
  modality: ["actual", "planned", "possible", "requested", "denied"],
  negation: ["affirmed", "negated"],
  sources: ["1", "2", "3", "4"],
  cls: ["State", "Organization", "Person", "Group", "Instrument", "Event", "Issue", "Place"],
};
const FIRST = 12;
const expanded = new Set();

/** The values of a facet in the order to show them, each with its count; chosen ones are always among them. */
function valuesOf(key, counts) {
  const all = new Map([...state()[key].map((v) => [v, 0]), ...counts[key]]);
  const order = ORDER[key];
  const sorted = [...all].sort((a, b) =>
    order ? order.indexOf(a[0]) - order.indexOf(b[0]) : b[1] - a[1] || (a[0] < b[0] ? -1 : 1),
  );
  return sorted;
}

function option(key, value, number) {
  const chosen = state()[key].includes(value);
  return el(
    "button",
    {
      type: "button",
      class: "option",
      "aria-pressed": String(chosen),
      on: { click: () => toggle(key, value) },
      "data-facet": key,
      "data-value": value,
    },
    glyph(key, value),
    bdi(brief(FACETS[key].read(value), 46), { class: "name" }),
    el("span", { class: "count", text: number.toLocaleString("en") }),
  );
}

function facet(key, counts) {
  const values = valuesOf(key, counts);
  if (!values.length) return null;
  const open = expanded.has(key) ? values : values.slice(0, FIRST);
  const rest = values.length - open.length;
  return el(
    "fieldset",
    {},
    el("legend", { text: FACETS[key].name }),
    ...open.map(([value, number]) => option(key, value, number)),
    rest || expanded.has(key)
      ? button(
          rest ? `${rest} more` : "fewer",
          () => {
            if (!expanded.delete(key)) expanded.add(key);
            showFacets({ counts });
          },
          { class: "link" },
        )
      : null,
  );
}

function confidence() {
  const slider = el("input", {
    type: "range",
    min: 0,
    max: 1,
    step: 0.05,
    id: "confidence",
    value: state().confidence,
  });
  slider.value = state().confidence;
  slider.addEventListener("pointerdown", mark);
  slider.addEventListener("input", () => change({ confidence: Number(slider.value) }, { passing: true }));
  return el(
    "fieldset",
    {},
    el("legend", { text: "Confidence" }),
    el("label", { for: "confidence", text: `at least ${state().confidence.toFixed(2)}` }),
    slider,
  );
}

/** The drawer of filters. What has the keyboard keeps it. */
export function showFacets({ counts }) {
  keeping(byId("facets"), () => {
    const held = document.getElementById("confidence");
    if (held && document.activeElement === held) {
      held.previousElementSibling.textContent = `at least ${state().confidence.toFixed(2)}`;
      for (const old of byId("facets").querySelectorAll("fieldset[data-key]"))
        old.replaceWith(facetBox(old.dataset.key, counts));
      return;
    }
    byId("facets").replaceChildren(...FACET_KEYS.map((key) => facetBox(key, counts)), confidence());
  });
  keeping(byId("legend"), () => {
    byId("legend").replaceChildren(
      ...LEGEND.map((key) =>
        el(
          "div",
          { role: "group", "aria-label": FACETS[key].name },
          ...valuesOf(key, counts).map(([v, n]) => option(key, v, n)),
        ),
      ),
    );
  });
}

function facetBox(key, counts) {
  const box = facet(key, counts) ?? el("fieldset", { hidden: true });
  box.dataset.key = key;
  return box;
}

/** Redraw a part of the page and give the focus back to the control that had it. */
function keeping(box, redraw) {
  const held = box.contains(document.activeElement) ? document.activeElement.dataset : null;
  const find = held?.facet ? `[data-facet="${CSS.escape(held.facet)}"][data-value="${CSS.escape(held.value)}"]` : null;
  const top = box.scrollTop;
  redraw();
  box.scrollTop = top;
  if (find) box.querySelector(find)?.focus();
}

/** The filters in force, each removable, and the trail of nodes that the reader has focused on. */
export function showChips(view) {
  const all = chips(timeText());
  const { focus, trail, hops } = state();
  const crumbs = focus
    ? el(
        "nav",
        { "aria-label": "Trail" },
        button("Whole map", () => leave(), { class: "link" }),
        ...trail.flatMap((key, i) => [
          " › ",
          button(brief(label(key)), () => change({ focus: key, selected: key, trail: trail.slice(0, i) }), {
            class: "link",
          }),
        ]),
        " › ",
        el("strong", {}, bdi(brief(label(focus)))),
        el(
          "span",
          { class: "hops", role: "group", "aria-label": "How far" },
          ...[1, 2, 3].map((n) =>
            button(String(n), () => change({ hops: n }), {
              "aria-pressed": String(n === hops),
              title: `${count(n, "step")} away`,
            }),
          ),
        ),
      )
    : null;
  byId("chips").replaceChildren(
    ...[crumbs].filter(Boolean),
    ...all.map(([text, patch]) =>
      el(
        "button",
        { type: "button", class: "chip", "aria-label": `Take away ${text}`, on: { click: () => change(patch) } },
        bdi(text),
        el("span", { "aria-hidden": "true", text: " ✕" }),
      ),
    ),
    ...(all.length > 1 ? [button("Clear all", reset, { class: "link" })] : []),
  );
  byId("chips").hidden = !all.length && !focus;
  byId("counts").textContent = `${count(view.nodes.size, "node")} · ${count(view.rows.length, "assertion")}`;
}

/** Out of the focus, to all that the filters show. */
export function leave() {
  change({ focus: "", trail: [] });
  fit();
}
