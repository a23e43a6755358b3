// Walks over what is shown: neighbourhoods, shortest paths, the next node in a direction.

function adjacency(rows) {
  const near = new Map();
  const add = (a, b, row) => {
    if (!near.has(a)) near.set(a, new Map());
    const own = near.get(a);
    if (!own.has(b)) own.set(b, []);
    own.get(b).push(row);
  };
  for (const row of rows) {
    add(row.from, row.to, row);
    add(row.to, row.from, row);
  }
  return near;
}

/** The nodes at most so many edges away, whichever way the edges point. */
export function neighbourhood(rows, centre, hops) {
  const near = adjacency(rows);
  const found = new Set([centre]);
  let rim = [centre];
  for (let i = 0; i < hops; i += 1) {
    rim = rim.flatMap((key) => [...(near.get(key)?.keys() ?? [])]).filter((key) => !found.has(key) && found.add(key));
  }
  return found;
}

/** The steps of a shortest path, each with its rows; an empty list where there is none. */
export function shortestPath(rows, from, to) {
  const near = adjacency(rows);
  const before = new Map([[from, null]]);
  const queue = [from];
  for (const key of queue) {
    if (key === to) break;
    for (const next of near.get(key)?.keys() ?? []) {
      if (!before.has(next)) {
        before.set(next, key);
        queue.push(next);
      }
    }
  }
  if (!before.has(to)) return [];
  const steps = [];
  for (let key = to; before.get(key) !== null; key = before.get(key)) {
    steps.unshift({ from: before.get(key), to: key, rows: near.get(before.get(key)).get(key) });
  }
  return steps;
}

/** The neighbour of a node that lies best in a direction ([1, 0] is right), by their places; null where none does. */
export function toward(rows, centre, direction, place) {
  const near = adjacency(rows).get(centre);
  const at = place(centre);
  let best = null;
  let most = 0.3;
  for (const key of near?.keys() ?? []) {
    const [dx, dy] = [place(key).x - at.x, place(key).y - at.y];
    const far = Math.hypot(dx, dy) || 1;
    const fit = (dx * direction[0] + dy * direction[1]) / far - far / 20000;
    if (fit > most) [best, most] = [key, fit];
  }
  return best && { key: best, rows: near.get(best) };
}
