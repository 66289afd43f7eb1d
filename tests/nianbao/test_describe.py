"""The description of the dataset is what the schemas say."""

from nianbao.describe import README, readme
from tests.nianbao.shell import ROOT


def test_the_readme_is_up_to_date() -> None:
    """`python -m nianbao.describe` writes it."""
    assert (ROOT / README).read_text(encoding="utf-8") == readme()
