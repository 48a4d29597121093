"""Writes docs/seed-coverage.md: `python -m tests.seeds`."""

from tests.seeds.page import PAGE, page

if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
