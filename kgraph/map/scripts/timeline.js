// The time slider: how many assertions each stretch of time has, a window over it, and a button that plays.

import { calm } from "./canvas.js";
import { graph } from "./data.js";
import { button, byId, el, extent, svg } from "./dom.js";
import { change, mark, state } from "./state.js";
import { dayName } from "./words.js";

const BARS = 60;
const TICK = 700;

let span = null;
let playing = null;
let parts = null;

/** The chip's text for the days chosen. */
export function timeText() {
  const { since, until } = state();
  if (!span) return "";
  return `${dayName(since || span[0])} to ${dayName(until || span[1])}`;
}

export function makeTimeline() {
  const dated = graph.edges.filter((a) => a.days);
  if (!dated.length) return;
  span = extent(dated.flatMap((a) => a.days));
  if (span[0] === span[1]) return;
  const slider = (name) => el("input", { type: "range", min: span[0], max: span[1], step: 1, "aria-label": name });
  parts = {
    from: slider("First day shown"),
    to: slider("Last day shown"),
    text: el("output", {}),
    play: button("▶ Play", play),
    bars: svg("svg", { preserveAspectRatio: "none", "aria-hidden": "true", viewBox: `0 0 ${BARS} 20` }),
  };
  for (const end of [parts.from, parts.to]) {
    end.addEventListener("pointerdown", mark);
    end.addEventListener("keydown", (event) => {
      if (/Arrow|Page|Home|End/.test(event.key) && !event.repeat) mark();
    });
    end.addEventListener("input", () => {
      stop();
      const [a, b] = [Number(parts.from.value), Number(parts.to.value)].sort((x, y) => x - y);
      setWindow(a, b);
    });
  }
  byId("timeline").hidden = false;
  byId("timeline").replaceChildren(
    parts.play,
    el("div", { class: "track" }, parts.bars, parts.from, parts.to),
    parts.text,
  );
}

function setWindow(since, until) {
  change({ since: since <= span[0] ? 0 : since, until: until >= span[1] ? 0 : until }, { passing: true });
}

/** Show the window that is chosen, over the counts of what the other filters leave. */
export function showTimeline(view) {
  if (!parts) return;
  const { since, until } = state();
  parts.from.value = since || span[0];
  parts.to.value = until || span[1];
  for (const end of [parts.from, parts.to]) end.setAttribute("aria-valuetext", dayName(Number(end.value)));
  parts.text.textContent = timeText();
  const width = (span[1] - span[0] + 1) / BARS;
  const heights = new Array(BARS).fill(0);
  for (const row of view.scope) {
    if (row.a.days && row.fails.every((f) => f === -1)) {
      const bar = Math.floor(((row.a.days[0] + row.a.days[1]) / 2 - span[0]) / width);
      heights[Math.min(BARS - 1, bar)] += 1;
    }
  }
  const top = Math.max(1, ...heights);
  parts.bars.replaceChildren(
    ...heights.map((n, i) => {
      const day = span[0] + (i + 0.5) * width;
      const inside = day >= (since || span[0]) - width && day <= (until || span[1]) + width;
      return svg("rect", {
        x: i + 0.1,
        width: 0.8,
        y: 20 - (18 * n) / top,
        height: (18 * n) / top,
        class: inside ? "in" : "out",
      });
    }),
  );
}

function stop() {
  clearInterval(playing);
  playing = null;
  parts.play.textContent = "▶ Play";
}

/** The window grows from the first day to the last; a second press stops. */
function play() {
  if (playing) {
    stop();
    return;
  }
  mark();
  const step = Math.max(1, Math.round((span[1] - span[0]) / 40));
  let day = span[0];
  parts.play.textContent = "❚❚ Stop";
  const tick = () => {
    setWindow(span[0], day);
    if (day >= span[1]) stop();
    day += step;
  };
  tick();
  playing = setInterval(tick, calm() ? TICK * 2 : TICK);
}
