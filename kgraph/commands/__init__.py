"""The commands of the command line, a file for each family; `kgraph/cli.py` registers them."""
