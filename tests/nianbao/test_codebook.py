"""The checked-in codebook is the one that the templates give."""

import json
from pathlib import Path

import pytest

from nianbao.codebook import as_json, as_markdown, write
from parsers.report import CODES
from parsers.template import load

DOCS = Path(__file__).parents[2] / "docs"


@pytest.mark.parametrize(("name", "written"), [("codebook.json", as_json), ("codebook.md", as_markdown)])
def test_the_checked_in_codebook_is_up_to_date(name: str, written: object) -> None:
    assert callable(written)
    checked_in = (DOCS / name).read_text(encoding="utf-8")
    assert checked_in == written(load()), "run: python -m nianbao.codebook"


def test_every_identity_and_code_has_a_line_in_both_languages() -> None:
    page = as_markdown(load())
    identities = [identity for table in load().tables for identity in table.identities] + list(load().identities)
    for identity in identities:
        assert f"| `{identity.id}` |" in page
        assert identity.description in page
        assert identity.description_en in page
    for name, code in CODES.items():
        assert f"| `{name}` | {code.severity} | {code.zh} | {code.en} |" in page


def test_write_gives_readable_files(tmp_path: Path) -> None:
    json_path, markdown_path = write(tmp_path)
    loaded = json.loads(json_path.read_text(encoding="utf-8"))
    balance = next(i for t in loaded["tables"] for i in t["identities"] if i["id"] == "REQ_BALANCE")
    assert balance["equation"] == "received_new + carried_over_in = concluded_total + carried_over_out"
    assert loaded["tables"][0]["cells"] == {"format_2019": 6, "format_2021": 6}
    assert markdown_path.read_text(encoding="utf-8").startswith("# Codebook")
