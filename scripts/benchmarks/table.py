"""The rows of a benchmark as a table for people."""

from typing import Any

from scripts.benchmarks.bench import Row


def headline(facts: dict[str, Any]) -> str:
    versions = ", ".join(f"{name} {version}" for name, version in facts["versions"].items())
    return (
        f"{facts['date']}: {facts['processor']}, {facts['cores']} cores, {facts['memory_gigabytes']} GB\n"
        f"{facts['system']}\n"
        f"Python {facts['python']}, {versions}\n"
        f"Medians of {facts['repeat']} after {facts['warm_up']} to warm up; "
        "'times' compares with the first row taken in turn with it.\n\n"
        f"{'':8} {'':72} {'median':>9} {'min':>9} {'max':>9} {'':8} {'times':>7} {'peak MB':>8}"
    )


def line(row: Row) -> str:
    """A row of the table."""
    start = f"{row.part:8} {row.name:72}"
    if row.error:
        return f"{start} {row.error}"
    shown = row.to_dict()
    times = f"{row.times:.2f}" if row.times is not None else ""
    peak = f"{row.peak_megabytes:.0f}" if row.peak_megabytes else ""
    spread = " ".join(f"{_number(shown[name]):>9}" for name in ("median", "min", "max"))
    return f"{start} {spread} {row.unit:8} {times:>7} {peak:>8}".rstrip()


def _number(value: float) -> str:
    """Three digits or more: 1,234, 51.2, 4.53, 0.345."""
    return (
        f"{value:,.0f}"
        if value >= 100
        else f"{value:.1f}"
        if value >= 10
        else f"{value:.2f}"
        if value >= 1
        else f"{value:.3f}"
    )
