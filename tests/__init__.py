"""Tests mirror the packages; `tests.specimens` is the one generator of synthetic reports."""
