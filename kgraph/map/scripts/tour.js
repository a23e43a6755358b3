// The guided story: numbered steps that fly from edge to edge with captions.

import { edgeOf, flyTo } from "./canvas.js";
import { graph } from "./data.js";
import { bdi, button, byId, el } from "./dom.js";
import { change, reset, state } from "./state.js";

/** From the first step, over the whole map: a filter could hide what the story tells of. */
export function beginStory() {
  reset();
  change({ focus: "", trail: [], view: "full" });
  goToStep(1);
  byId("story").querySelector(".next")?.focus();
}

export function goToStep(number) {
  const { steps } = graph.story;
  if (number < 1 || number > steps.length) {
    change({ step: 0, selected: "" });
    return;
  }
  const { node, edge } = steps[number - 1];
  if (node) {
    change({ step: number, selected: node });
    flyTo([node]);
    return;
  }
  const [from, relation, to] = edge;
  const told = graph.edges.find((a) => a.from === from && a.relation === relation && a.to === to);
  change({ step: number, selected: edgeOf(from, to, told) });
  flyTo([from, to]);
}

/** The bar with the step's caption, where a story is being told. */
export function showStory() {
  const box = byId("story");
  const { step } = state();
  box.hidden = !step || !graph.story || step > graph.story.steps.length;
  if (box.hidden) return;
  const { title, steps } = graph.story;
  const way = box.contains(document.activeElement) ? document.activeElement.className : null;
  box.replaceChildren(
    el("p", { class: "where", text: `${title} · ${step} of ${steps.length}` }),
    el("p", { class: "caption", "aria-live": "polite" }, bdi(steps[step - 1].caption)),
    el(
      "div",
      { class: "tools" },
      button("‹ Back", () => goToStep(step - 1), { class: "back", disabled: step === 1 }),
      button(step === steps.length ? "End" : "Next ›", () => goToStep(step + 1), { class: "next" }),
      step === steps.length ? null : button("Leave the story", () => goToStep(0), { class: "link" }),
    ),
  );
  if (way) (box.querySelector(`.${way}:not([disabled])`) ?? box.querySelector(".next")).focus();
}
