"""The bench of the dataset's growth keeps working; what it measures is no matter of tests."""

from pathlib import Path

import pytest

from tests.bench import scale


def test_the_bench_builds_asks_and_writes_its_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scale, "PARSED_SAMPLE", 2)
    found = scale.measure(40, tmp_path / "data", 0.1) | scale.questions(40, tmp_path / "data") | {"changed": 0.1}
    page = scale.page([found])
    assert "| | 40 reports |" in page
    assert "| run again, 10% changed |" in page
    assert all(name in page for name in scale.COMPARED)


def test_every_missed_target_is_named() -> None:
    good = {
        "reports": 100, "parse_ms": 10.0, "write_s": 1.0, "write_changed_s": 0.01, "changed": 0.01, "peak_bytes": 1,
        "duckdb_panel_s": 0.1, "duckdb_cells_s": 0.1,
    }  # fmt: skip
    assert list(scale.misses([good])) == []
    assert list(scale.misses([good | {"peak_bytes": 3 << 30}])) == ["100 reports: peak memory 3.22 GB"]
    assert list(scale.misses([good | {"duckdb_cells_s": 2.0}])) == ["100 reports: a query takes 2.00 s"]
    assert list(scale.misses([good | {"write_changed_s": 1.0}])) == ["100 reports: an update costs 50.5 % of a build"]
    large = good | {"reports": 1000, "write_s": 20.0}
    assert list(scale.misses([good, large])) == ["writing is not linear: 2.00 times as long for each report at 1,000"]
