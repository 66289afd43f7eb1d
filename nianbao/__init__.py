"""How do people use it: command line, Python API, dataset (step 7: dataset).

    import nianbao
    ds = nianbao.open("data")
    ds.panel()
    nianbao.parse("report.pdf")

Stands on `crawler` and `parsers`; knows nothing of HTML, PDF or HTTP details. Importing it is cheap: the dataframe and
document libraries are loaded at the first call that needs them.
"""

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nianbao.dataset import Dataset
    from parsers.report import Report

__version__ = "0.1.0"
__all__ = ["Dataset", "__version__", "open", "parse"]


def open(data: str | Path = "data") -> "Dataset":  # noqa: A001  the name of the public contract
    """The dataset of a data folder, as it stands now. Raises DatasetError when the folder holds none."""
    from nianbao.dataset import Dataset

    return Dataset(Path(data))


def parse(path: str | Path) -> "list[Report]":
    """What a file says, never empty: a document without a report gives one with that status. Raises OSError when the
    file cannot be opened."""
    from nianbao.documents import parse_file

    return list(parse_file(Path(path)))


def __getattr__(name: str) -> object:
    if name == "Dataset":
        from nianbao.dataset import Dataset

        return Dataset
    raise AttributeError(f"module 'nianbao' has no attribute {name!r}")
