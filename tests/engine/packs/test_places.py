"""Keys of a TOML text are found on their lines, whatever stands before them."""

from __future__ import annotations

import tomlkit
from hypothesis import given
from hypothesis import strategies as st

from engine.packs.places import locate

TEXT = '''\
# a comment with [brackets] and "quotes"
title = "a # b"
text = """
[not.a.table]
key = 1
"""
list = [
    "one", # two
    ["three"],
]
inline = { a = 1, b = "}" }

[table]
dotted.name = 1
"quoted key" = 'it''s'

[[rows]]
x = 1
[[rows]]
x = 2
[rows.below]
y = 3
'''.replace("it''s", "it is")


def test_that_keys_are_found_behind_strings_lists_and_comments() -> None:
    lines = locate(TEXT)
    assert lines[("title",)] == 2
    assert lines[("text",)] == 3
    assert lines[("list",)] == 7
    assert lines[("inline",)] == 11
    assert lines[("table", "dotted", "name")] == 14
    assert lines[("table", "quoted key")] == 15
    assert lines[("rows", 1, "x")] == 20
    assert lines[("rows", 1, "below", "y")] == 22
    assert ("not", "a") not in lines


@given(st.lists(st.text(max_size=30), min_size=1, max_size=8))
def test_that_any_text_in_values_leaves_the_next_keys_where_they_are(values: list[str]) -> None:
    document = tomlkit.document()
    for index, value in enumerate(values):
        document.add(f"key{index}", tomlkit.item(value))
    text = tomlkit.dumps(document)
    lines = locate(text)
    for index in range(len(values)):
        assert text.split("\n")[lines[(f"key{index}",)] - 1].startswith(f"key{index} = ")
