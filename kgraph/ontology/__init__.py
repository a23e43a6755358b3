"""The ontology as Python objects: relations, actors and lexicon, read from `ontology/*.csv` and checked at load.

It is the only list: adding a relation, a verb, a country's nickname or a minister means editing a file there.
"""

from kgraph.ontology.intensities import intensities, thing_signs
from kgraph.ontology.plover import PloverType, plover_types
from kgraph.ontology.relations import Relation, relations
from kgraph.ontology.tables import ontology_dir

__all__ = ["PloverType", "Relation", "intensities", "ontology_dir", "plover_types", "relations", "thing_signs"]
