"""The ontology as Python objects: relations, actors and lexicon, read from `ontology/*.csv` and checked at load.

It is the only list: adding a relation, a verb, a country's nickname or a minister means editing a file there.
"""

from kgraph.ontology.intensities import intensities, thing_signs
from kgraph.ontology.relations import PLOVER_QUADS, Relation, relations
from kgraph.ontology.tables import ontology_dir

__all__ = ["PLOVER_QUADS", "Relation", "intensities", "ontology_dir", "relations", "thing_signs"]
