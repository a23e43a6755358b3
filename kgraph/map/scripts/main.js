// The page's beginning: read the graph, draw it, listen.

import { canvas, draw, fit, zoom } from "./canvas.js";
import { graph, loadGraph, loadSentences } from "./data.js";
import { button, byId, el, toast } from "./dom.js";
import {
  copyFrame,
  copyLink,
  credit,
  csvOf,
  exportCsv,
  exportPng,
  exportSvg,
  restoreWindow,
  svgOf,
} from "./exporting.js";
import { showChips, showFacets } from "./facets.js";
import { shown } from "./filters.js";
import { watchPointer } from "./hover.js";
import { KEYS, listenToKeys, nextMode } from "./keyboard.js";
import { drawBehind, drawLabels } from "./labels.js";
import { forgetColours } from "./look.js";
import { focusOn, showPanel } from "./panel.js";
import { makeSearch } from "./search.js";
import { canRedo, canUndo, change, changesWhatIsShown, onChange, openState, redo, state, undo } from "./state.js";
import { showTable } from "./table.js";
import { makeTimeline, showTimeline } from "./timeline.js";
import { beginStory, showStory } from "./tour.js";

let view = null;

/** Bring the page in step with the state; what is shown is found anew unless only the selection or the mode changed. */
function render(before) {
  if (!before || !view || changesWhatIsShown(before)) view = shown();
  const { mode, hulls, view: folded } = state();
  const modeBefore = document.body.dataset.mode;
  document.body.dataset.mode = mode;
  showChips(view);
  showFacets(view);
  showTimeline(view);
  draw(view); // after those that take room from it
  if (modeBefore !== mode) resized();
  if (before && before.hulls !== hulls) canvas.network.redraw();
  showTable(view);
  showPanel(view);
  showStory();
  byId("undo").disabled = !canUndo();
  byId("redo").disabled = !canRedo();
  byId("principals").setAttribute("aria-pressed", String(folded === "principals"));
  byId("hulls").setAttribute("aria-pressed", String(hulls));
  byId("view").textContent = { map: "Table", both: "Table alone", table: "Map alone" }[mode];
}

/** The drawing has another size now. */
function resized() {
  requestAnimationFrame(() => {
    canvas.network.setSize("100%", "100%");
    canvas.network.redraw();
    fit(false);
  });
}

function listenToDrawing() {
  canvas.network.on("click", ({ nodes: [node], edges: [edge] }) => {
    const { path } = state();
    if (node && path.length === 1 && path[0] !== node) change({ path: [path[0], node], selected: "" });
    else change({ selected: node ?? edge ?? "" });
  });
  canvas.network.on("doubleClick", ({ nodes: [node] }) => {
    if (node) focusOn(node);
  });
}

function listenToButtons() {
  const on = (id, act) => byId(id).addEventListener("click", act);
  on("undo", undo);
  on("redo", redo);
  on("nearer", () => zoom(1.3));
  on("farther", () => zoom(1 / 1.3));
  on("fit", () => fit());
  on("view", nextMode);
  on("principals", () => change({ view: state().view === "full" ? "principals" : "full" }));
  on("hulls", () => change({ hulls: !state().hulls }));
  on("filters", () => {
    const open = document.body.classList.toggle("filtering");
    byId("filters").setAttribute("aria-expanded", String(open));
    resized();
  });
  on("theme", () => setTheme(document.documentElement.dataset.theme === "dark" ? "light" : "dark"));
  on("help", () => byId("keys").showModal());
  on("share", () => byId("sharing").showModal());
  for (const box of document.querySelectorAll("dialog"))
    box.addEventListener("click", (event) => {
      if (event.target === box || event.target.closest("button")) box.close();
    });
  for (const [id, act] of Object.entries({
    png: exportPng,
    svg: exportSvg,
    csv: exportCsv,
    link: copyLink,
    frame: copyFrame,
    print: () => setTimeout(() => window.print(), 50),
  }))
    on(id, act);
  if (graph.story) on("tell", beginStory);
  else byId("tell").hidden = true;
  byId("key-list").append(
    ...KEYS.flatMap(([key, meaning]) => [el("dt", {}, el("kbd", { text: key })), el("dd", { text: meaning })]),
  );
}

const wantsDark = window.matchMedia("(prefers-color-scheme: dark)");

/** Draw the page in this theme. */
function setTheme(theme) {
  document.documentElement.dataset.theme = theme;
  forgetColours();
  render();
}

function wantedTheme() {
  return wantsDark.matches ? "dark" : "light";
}

/** Paper is light, whatever the screen is. */
function listenToPrinting() {
  let screen = "light";
  window.addEventListener("beforeprint", () => {
    screen = document.documentElement.dataset.theme;
    setTheme("light");
    fit(false);
  });
  window.addEventListener("afterprint", () => setTheme(screen));
}

function embedded() {
  if (window.self === window.top) return;
  document.body.classList.add("framed");
  byId("tools").append(button("Open alone", () => window.open(location.href, "_blank", "noopener")));
}

/** The first picture is drawn and the page answers. */
function interactive() {
  performance.mark("kgraph-interactive");
  document.body.dataset.interactive = "yes";
}

async function start() {
  document.documentElement.dataset.theme = wantedTheme();
  canvas.behind = drawBehind;
  canvas.over = drawLabels;
  await loadGraph();
  openState();
  makeTimeline();
  makeSearch();
  embedded();
  onChange(render);
  byId("credit").textContent = credit();
  const told = location.hash;
  render();
  restoreWindow(told);
  listenToDrawing();
  listenToButtons();
  listenToKeys();
  watchPointer();
  listenToPrinting();
  wantsDark.addEventListener("change", () => setTheme(wantedTheme()));
  window.kgraph = { canvas, graph, state, csv: csvOf, svg: svgOf };
  requestAnimationFrame(() => setTimeout(interactive));
  await loadSentences();
  if (state().text) render();
  else showPanel(view);
  document.body.dataset.ready = "yes";
}

start().catch((error) => {
  toast(`The map could not be opened: ${error.message}`);
  throw error;
});
