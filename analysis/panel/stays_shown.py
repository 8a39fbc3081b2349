"""What may be shown of stays in hospital?

Numerator and denominator are counted in bands, home by home, as admissions are (`panel.shown`), from the same months
(`store.let_out`): people in bands of 5, and no more of a part than fits what is told of the whole; days in wider ones
(`DAYS`, `WAITS`), and into a new one only in a month in which admissions go into one, because days say that somebody
was admitted (attack: `tests/disclosure/test_stays_told.py`). A file that changes stays which an earlier one held, later
than on the store's first day, would lay a second set of bands beside the first: then nothing is told.
"""

from dataclasses import replace

import numpy as np
import pandas as pd

from analysis.disclosure import Rule
from analysis.disclosure.estimates import as_shown, bands_entered, in_order, unseen
from analysis.disclosure.nested import paced
from analysis.errors import AnalysisError
from analysis.outcomes import Stays
from analysis.panel.by_registration import CountsByRegistration
from analysis.panel.dense import Panel
from analysis.panel.in_bands import CountsInBands, anchors, counts_in_bands
from analysis.panel.stays import MEASURES, PEOPLE, UNKNOWN, Files, by_month, evenly_over, known_of, sums_of
from analysis.store import Store
from analysis.store.let_out import TOGETHER

HELD_BACK = (PEOPLE - 1) / 2
"""People of a band that is not full, on average."""

CHANGED = """
SELECT (SELECT count(*) FROM load_tables JOIN loads USING (load)
        WHERE "table" = 'hospital_stays' AND replaced > 0 AND loaded > (SELECT min(loaded) FROM loads) + $together)
     + (SELECT count(*) FROM (
            SELECT location_id, date_trunc('month', admitted) FROM hospital_stays JOIN loads USING (load)
            GROUP BY ALL HAVING count(DISTINCT load) > 1
                AND max(loaded) > (SELECT min(loaded) FROM loads) + $together))
"""


def stays_as_shown(panel: Panel, store: Store, outcome: Stays, emergencies: CountsInBands) -> Panel:
    """Give the sums as they may be shown, numerator and denominator in bands.

    Parameters
    ----------
    emergencies : CountsInBands
        What is told of emergency admissions: of a part no more is told than fits it.

    Raises
    ------
    AnalysisError
        Where a later file changed what may have been told.
    """
    files, measure = Files.of(store, outcome), MEASURES[outcome.measure]
    _refuse_changed(store)
    sums = sums_of(files)
    counted_from = store.let_out("counted_from").pipe(lambda told: told.assign(started=told["month"]))
    days, anchor = evenly_over(files, sums.counts), anchors(sums.counts, counted_from)
    bands, whole = Rule(hidden_to=measure.base, base=measure.base), emergencies.on(sums.counts)[0]
    stays = counts_in_bands(sums.of(sums.stays), counted_from, of=emergencies)
    if measure.base == PEOPLE:
        held = counts_in_bands(sums.counts, counted_from, of=stays).held
    else:
        held = days_in_bands(sums.counts.counts, whole, anchor, measure.base)
    shown = _caught_up(as_shown(held, days, anchor, bands), held, whole, anchor)
    few = unseen(held, anchor, bands)
    exposure = panel.exposure
    if measure.over != "bed-days":
        exposure = _of(panel, sums.counts, _caught_up(as_shown(stays.held, days, anchor), stays.held, whole, anchor))
    seen, there = (_of(panel, sums.counts, values.astype(float)) for values in (few, np.ones(few.shape)))
    return replace(
        panel, counts=np.where(exposure > 0, _of(panel, sums.counts, shown), 0.0), exposure=exposure,
        unseen=(seen > 0) & (seen == there), digest="",
        also=_unknown(panel, files, (counted_from, emergencies)),
    )  # fmt: skip


def _unknown(panel: Panel, files: Files, told: tuple[pd.DataFrame, CountsInBands]) -> dict[str, Panel]:
    """Give, as they may be shown, the stays of homes that do not say what is asked, over all stays."""
    known = known_of(files)
    if not known["lacking"].any():
        return {}
    counted_from, emergencies = told
    lacking, stays = (by_month(files, known.rename(columns={name: "n"})) for name in ("lacking", "stays"))
    within = counts_in_bands(stays, counted_from, of=emergencies)
    part = counts_in_bands(lacking, counted_from, of=within)
    days = evenly_over(files, stays)
    shown = [_of(panel, stays, as_shown(held, days, within.anchor)) for held in (part.held, within.held)]
    return {UNKNOWN: replace(panel, counts=shown[0], exposure=shown[1], outcome=UNKNOWN, also={}, digest="")}


def days_in_bands(days: np.ndarray, whole: np.ndarray, anchor: np.ndarray, base: int) -> np.ndarray:
    """Give days, (R, T), that lie in the bands that are told: new ones only where admissions, `whole`, go into one."""
    order = in_order(anchor, days.shape[1])
    entered = bands_entered(np.take_along_axis(days, order, axis=1), anchor, base)
    free = np.take_along_axis(whole, order, axis=1) > 0
    told, _ = paced(entered, np.where(free, entered.sum(axis=1, keepdims=True), 0), anchor)
    return base * np.take_along_axis(told, order, axis=1)  # the order is its own inverse


def _caught_up(shown: np.ndarray, part: np.ndarray, whole: np.ndarray, anchor: np.ndarray) -> np.ndarray:
    """Add what is told at the pace of a whole and is behind it, on average; all of it from what is told.

    Since the whole last went into a band it had `HELD_BACK` more, of which the part has its share, or days in
    proportion: so much is due of it, on either side of the anchor, that its own band does not say. Left out, the
    shorter side would look the lower. Where part and whole went into the same bands they are taken for the same, and
    nothing is due.

    Parameters
    ----------
    shown, part, whole : ndarray, shape (R, T)
        The part as spread over its bands; the smallest in the bands of part and whole.
    """
    due = HELD_BACK * part.sum() / max(whole.sum(), 1)
    after, found = np.arange(shown.shape[1]) >= anchor[:, None], shown.copy()
    for side in (after, ~after):
        total, same = (shown * side).sum(axis=1, keepdims=True), ((part == whole) | ~side).all(axis=1, keepdims=True)
        more = np.divide(total + due, total, out=np.ones_like(total), where=(total > 0) & ~same)
        found = np.where(side, shown * more, found)
    return found


def _of(panel: Panel, of: CountsByRegistration, values: np.ndarray) -> np.ndarray:
    """Add registrations up to the homes and months of a panel; those of no home in it are left out."""
    row, column = panel.units.index.get_indexer(of.homes), (panel.months - of.months[0]).astype(int)
    there = (column >= 0) & (column < len(of.months))
    found = np.zeros(panel.exposure.shape)
    np.add.at(found, row[row >= 0], np.where(there, values[row >= 0][:, np.clip(column, 0, len(of.months) - 1)], 0.0))
    return found


def _refuse_changed(store: Store) -> None:
    with store.reading() as connection:
        [(changed,)] = connection.execute(CHANGED, {"together": TOGETHER}).fetchall()
    if changed:
        raise AnalysisError(
            "A later file gives stays of homes and months again that an earlier file held, and what is told of both "
            "would show the difference.",
            do="Make a new store from the newest files, and load them on one day.",
        )
