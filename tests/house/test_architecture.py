"""The map is held to the code: every path and name in docs/architecture.md is there, and no room is missing."""

import re
import tomllib
from importlib import import_module
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TEXT = (ROOT / "docs" / "architecture.md").read_text("utf-8")
PATHS = sorted(set(re.findall(r"`((?:analysis|pages|tests|app)[\w/.]*)`", TEXT)))


def test_every_path_is_there():
    assert [path for path in PATHS if not (ROOT / path).exists()] == []


def test_every_path_of_the_glossary_is_there():
    text = (ROOT / "docs" / "glossary.md").read_text("utf-8")
    assert [path for path in re.findall(r"`(analysis/[\w/.]*)`", text) if not (ROOT / path).exists()] == []


def test_every_room_is_on_the_map():
    rooms = {
        path.stem for path in (ROOT / "analysis").iterdir() if path.suffix == ".py" or (path / "__init__.py").exists()
    }
    named = {Path(path).stem for path in PATHS if path.startswith("analysis/")}
    assert rooms - {"__init__"} <= named


def test_every_name_is_where_it_says():
    for names, place in re.findall(r"`([A-Z]+)`\s\(`analysis/([\w/]+)\.py`\)", TEXT):
        module = import_module(f"analysis.{place.removesuffix('/__init__').replace('/', '.')}")
        assert hasattr(module, names)


def test_the_map_stands_in_the_order_of_the_layers():
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]["contracts"]
    layers = next(contract["layers"] for contract in contracts if contract["containers"] == ["analysis"])
    height = {room.strip(): n for n, line in enumerate(layers) for room in line.split("|")}
    table = TEXT.partition("Inside `analysis")[0]
    told = [height[Path(path).stem] for path in re.findall(r"`analysis/([\w.]+)`", table) if Path(path).stem in height]
    assert told == sorted(told, reverse=True)
