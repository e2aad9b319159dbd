"""Reports: dictionaries that notebooks show as tables."""
from __future__ import annotations

import html
import math
from typing import Any, Iterable, Mapping


class Report(dict):
    """A dictionary whose HTML form, in a notebook, is one table for its numbers and one for each list of records."""

    def _repr_html_(self) -> str:
        single = [(key, value) for key, value in self.items() if not isinstance(value, (list, dict))]
        parts = [_table(["", ""], single)]
        for key, value in self.items():
            if isinstance(value, Mapping):
                parts.append(f"<h4>{html.escape(key)}</h4>" + Report(value)._repr_html_())
            elif isinstance(value, list) and value and all(isinstance(row, Mapping) for row in value):
                head = list(value[0])
                parts.append(f"<h4>{html.escape(key)}</h4>" + _table(head, ([row.get(name) for name in head] for row in value)))
            elif isinstance(value, list) and value:
                parts.append(f"<h4>{html.escape(key)}</h4><ul>" + "".join(f"<li>{_text(item)}</li>" for item in value) + "</ul>")
        return "".join(parts)


def _text(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:.6g}" if math.isfinite(value) else str(value)
    return "" if value is None else html.escape(str(value))


def _table(head: Iterable[str], rows: Iterable[Iterable[Any]]) -> str:
    title = "".join(f"<th>{html.escape(name)}</th>" for name in head)
    body = "".join("<tr>" + "".join(f"<td>{_text(value)}</td>" for value in row) + "</tr>" for row in rows)
    return f"<table><thead><tr>{title}</tr></thead><tbody>{body}</tbody></table>"
