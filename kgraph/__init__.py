"""kgraph: a knowledge-graph builder for international relations."""
