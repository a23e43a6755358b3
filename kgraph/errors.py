"""The one exception that means: the user can mend this."""


class KgraphError(Exception):
    """A mistake in what the user gave: a file, a row, an option, a query, an ontology entry.

    The message is one sentence that names the place and the mend. The command line prints it and leaves with exit
    code 2; a library user catches it.
    """


class DamageError(KgraphError):
    """The store itself is damaged."""


class ServerError(KgraphError):
    """The server that keeps the store does not answer, or not as it should."""


class LimitError(KgraphError):
    """A query was stopped: it reached a limit of time or memory, or was cancelled."""
