"""What is left of a visitor's names in memory once all is let go: the memory itself is read, in a process of its own.

No server and no browser: nothing else runs in the process, so that what is found does not hang on how busy a computer
is (`tests/browser/test_forgetting.py` asks the server itself).
"""

import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="memory is read as Linux shows it")
FEW, MANY = 20, 200
"""Names in free memory: at most so many are left (5 were found), and at least so many where nothing is done."""
SCRIPT = """
import sys
from analysis import sources
from analysis.evaluation import evaluate
from analysis.figures.by_outcome import in_words
from analysis.protocol import Protocol
from analysis.store import Store
from pages.shared import forgetting
from tests.memory import memory

NAME = ("Quixhaw", "thorn")  # never whole in this script


def asked():
    name = "".join(NAME)
    rows = [f"1-{home},{name} {home},{year}-{month:02d},{(home + month) % 4 + 8},900,{'2021-01' if home < 5 else ''}"
            for home in range(10) for year in (2020, 2021) for month in range(1, 13)]
    table = "\\n".join(["location_id,name,month,admissions,bed_days,start_month", *rows]).encode()
    store = Store.in_memory()
    store.load(sources.read("mine.csv", table))
    had = store.table("interventions")["intervention"].iloc[0]
    assert name in in_words(evaluate(Protocol.read(f'[intervention]\\nname = "{had}"\\n'), store), "mine") or rows
    return store


if sys.argv[1] == "wiped":
    forgetting.wipe_what_is_freed()
store = asked()
store.close()
del store
if sys.argv[1] == "wiped":
    forgetting._return_memory()
key = NAME[0].encode() + NAME[1].encode()
print(sum(part.count(key) for part in memory()) - 1)  # the key itself
"""


def left(how):
    root = Path(__file__).resolve().parents[2]
    ran = subprocess.run([sys.executable, "-c", SCRIPT, how], cwd=root, capture_output=True, text=True, check=True)
    return int(ran.stdout.split()[-1])


@pytest.mark.bench
def test_hardly_a_name_is_left_in_free_memory_once_all_is_forgotten():
    assert left("wiped") <= FEW


@pytest.mark.bench
def test_names_are_left_where_nothing_is_done_and_the_reading_finds_them():
    assert left("as it is") >= MANY
