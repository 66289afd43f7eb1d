"""The errors of `nianbao`, each with the exit code that the command line gives for it.

* NianbaoError
  - UsageError       the command cannot mean this (2)
  - DatasetError     there is no dataset, or not of this kind, where one was asked for (3)
  - LockedError           another process writes into the data folder (3)
"""


class NianbaoError(Exception):
    """Root of the tree; the message is one line for a person."""

    exit_code = 3


class UsageError(NianbaoError):
    """Raised for arguments that contradict each other or the folder they point at."""

    exit_code = 2


class DatasetError(NianbaoError):
    """Raised when a dataset is missing or was written by a newer schema."""


class LockedError(NianbaoError):
    """Raised when the lock of the data folder is held."""
