"""Write kgraph/map/geography.json: coast lines and the centroid of each country, from Natural Earth (public domain).

    npm install --prefix /tmp/atlas world-atlas@2.0.2
    python docs/map_geography.py /tmp/atlas/node_modules/world-atlas

Coasts are those of the 1:110 million map; the centroid is that of the largest polygon at 1:50 million, so that Alaska
does not draw the United States towards Canada.
"""

import json
import sys
from pathlib import Path

import pycountry

Ring = list[tuple[float, float]]
_TARGET = Path(__file__).parent.parent / "kgraph" / "map" / "geography.json"


def arcs_of(topology: dict) -> list[Ring]:
    """TopoJSON's delta-coded arcs as longitude and latitude."""
    (scale_x, scale_y), (left, low) = topology["transform"]["scale"], topology["transform"]["translate"]
    found = []
    for arc in topology["arcs"]:
        x = y = 0
        ring = []
        for dx, dy in arc:
            x, y = x + dx, y + dy
            ring.append((x * scale_x + left, y * scale_y + low))
        found.append(ring)
    return found


def ring_of(indexes: list[int], arcs: list[Ring]) -> Ring:
    """The ring of arcs; a negative index is an arc backwards."""
    ring: Ring = []
    for i in indexes:
        ring += (arcs[i] if i >= 0 else arcs[~i][::-1])[1 if ring else 0 :]
    return ring


def unrolled(ring: Ring) -> Ring:
    """The ring without jumps from one side of the world to the other; longitudes may pass 180."""
    out = [ring[0]]
    for longitude, latitude in ring[1:]:
        out.append((longitude - 360 * round((longitude - out[-1][0]) / 360), latitude))
    return out


def area_and_centre(ring: Ring) -> tuple[float, float, float]:
    """The area in square degrees and the centroid of a ring, which may cross the antimeridian."""
    ring = unrolled(ring)
    area = x = y = 0.0
    for (x0, y0), (x1, y1) in zip(ring, ring[1:] + ring[:1], strict=True):
        cross = x0 * y1 - x1 * y0
        area, x, y = area + cross / 2, x + (x0 + x1) * cross, y + (y0 + y1) * cross
    return (abs(area), x / (6 * area), y / (6 * area)) if area else (0.0, *ring[0])


def polygons(geometry: dict) -> list[list[list[int]]]:
    """The polygons of a geometry, each a list of rings."""
    return [geometry["arcs"]] if geometry["type"] == "Polygon" else geometry["arcs"]


def main(folder: Path) -> None:
    land = json.loads((folder / "land-110m.json").read_text())
    arcs = arcs_of(land)
    coasts = [
        [round(v, 1) for point in unrolled(ring_of(rings[0], arcs)) for v in point]
        for geometry in land["objects"]["land"]["geometries"]
        for rings in polygons(geometry)
    ]
    countries = json.loads((folder / "countries-50m.json").read_text())
    arcs = arcs_of(countries)
    centres = {}
    for geometry in countries["objects"]["countries"]["geometries"]:
        known = pycountry.countries.get(numeric=geometry.get("id", ""))
        if known:
            best = max(area_and_centre(ring_of(rings[0], arcs)) for rings in polygons(geometry))
            centres[known.alpha_3] = [round((best[1] + 180) % 360 - 180, 1), round(best[2], 1)]
    data = {"source": "Natural Earth, public domain", "centroids": dict(sorted(centres.items())), "coasts": coasts}
    _TARGET.write_text(json.dumps(data, separators=(",", ":")) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
