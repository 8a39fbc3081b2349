"""One word, one meaning: no two classes have one name, and words that are taken stand where CONTRIBUTING says."""

import re
from collections import defaultdict
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
RESERVED = (ROOT / "CONTRIBUTING.md").read_text("utf-8").partition("## Words that are taken")[2]
PARTICIPLES = set(re.search(r"Participles \(\*(.*?)\*\)", RESERVED)[1].split(", "))


MODULES = {path: path.read_text("utf-8") for path in sorted((ROOT / "analysis").rglob("*.py"))}


def names(kind: str) -> dict[str, set[str]]:
    """Every name that modules give to something of a kind in their outermost lines, and where."""
    where = defaultdict(set)
    for path, text in MODULES.items():
        for name in re.findall(rf"^{kind} (\w+)", text, re.MULTILINE):
            where[name].add(path.relative_to(ROOT).as_posix())
    return where


def test_no_two_classes_have_one_name():
    public = {name: places for name, places in names("class").items() if not name.startswith("_")}
    assert {name: places for name, places in public.items() if len(places) > 1} == {}


def test_words_that_are_taken_stand_where_it_is_said():
    classes, rows = names("class"), re.findall(r"((?:`\w+`, )*`\w+`) \(`(analysis/[\w/.]+)`\)", RESERVED)
    assert len(rows) >= 15
    for listed, place in rows:
        room = place.removesuffix("/__init__.py")  # a package may make it in a module of its own
        for name in re.findall(r"\w+", listed):
            assert [at for at in classes[name] if at.startswith(room)], (name, place)


def test_no_participle_names_a_module_or_a_function():
    assert [path.name for path in MODULES if path.stem in PARTICIPLES] == []
    assert names("def").keys() & PARTICIPLES == set()
