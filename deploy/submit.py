"""What spark-submit is given: the command line of kgraph."""

from kgraph.cli import main

main()
