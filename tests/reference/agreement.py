"""How far is the engine from R, quantity by quantity, and how far does it move when it must not?

R's results are those stored beside this file (rates.R); the tests hold each to its own tolerance, here they stand in
one table. A relative difference is |ours − R's| / |R's|, the largest of each quantity. Admissions averted and
covariances pass through zero; there it is relative to the largest of R's in the same table.
"""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pandas as pd
from option_cases import Case, cases
from reference_panels import as_design, as_panel, covariance, facts, rows, stored

from analysis.admissions import StaggeredRates

PANELS = ("staggered", "unbalanced", "no_never", "one_start", "overdispersed")
"""Panels in which every treated start x month has events."""
GROUPINGS = ("overall", "event_time", "cohort", "calendar")
LEFT_OUT = ("one_start",)
"""Of the panels that R refitted without each home, the quickest."""


def against_r() -> pd.DataFrame:
    """One row per quantity: quantity, numbers, largest_relative_difference."""
    found = pd.DataFrame(_differences(), columns=["quantity", "difference"])
    by_quantity = found.explode("difference").groupby("quantity", sort=False)["difference"]
    return by_quantity.agg(numbers="count", largest_relative_difference="max").reset_index()


def _differences() -> Iterator[tuple[str, np.ndarray]]:
    for panel in PANELS:
        yield from _panel(panel)
    for panel in LEFT_OUT:
        yield "rate ratio without each home", _without_each_home(panel)


def _panel(name: str) -> Iterator[tuple[str, np.ndarray]]:
    usual, corrected = (_fitted(name, vcov) for vcov in ("CR1", "CR2"))
    factor = facts(f"{name}_effects")["G"] / (facts(f"{name}_effects")["G"] - 1)
    theirs = stored(f"{name}_effects")
    for by in GROUPINGS:
        r, ours, plain = theirs.query("by == @by"), _ratios(corrected, by), _ratios(usual, by)
        yield "rate ratio", _apart(ours["estimate"], np.exp(r["log_rate_ratio"]))
        yield "CR1 standard error", _apart(_log_error(plain), r["log_rate_ratio_cr0"] * np.sqrt(factor))
        yield "CR2 standard error", _apart(_log_error(ours), r["log_rate_ratio_cr2"])
        yield "Bell–McCaffrey degrees of freedom", _apart(_degrees(corrected, by), r["df"])
        yield "admissions averted", _apart(_averted(corrected, by), r["averted"], whole=True)
    yield "covariance of the event study", _covariance(usual, name, factor)


def _fitted(name: str, vcov):
    frame = rows(name)
    return StaggeredRates(vcov=vcov, permutations=0, subgroups=()).fit(as_panel(frame), as_design(frame))


def _of_term(effects, by: str, term: str) -> pd.DataFrame:
    table = effects.tidy(by).query("term == @term")
    return table[table[by] >= 0] if by == "event_time" else table


def _ratios(effects, by: str) -> pd.DataFrame:
    return _of_term(effects, by, "rate_ratio")


def _averted(effects, by: str) -> pd.Series:
    return _of_term(effects, by, "admissions_averted")["estimate"]


def _log_error(table: pd.DataFrame) -> pd.Series:
    return table["std_error"] / table["estimate"]


def _degrees(effects, by: str) -> pd.Series:
    df = effects.diagnostics["degrees_of_freedom"].query("by == @by")
    return (df[df["key"].astype(int) >= 0] if by == "event_time" else df)["df"]


def _covariance(effects, name: str, factor: float) -> np.ndarray:
    times = effects.tidy("event_time").query("term == 'rate_ratio'")["event_time"].to_numpy()
    after = times >= 0
    theirs = covariance(f"{name}_event_time_covariance", list(times[after])) * factor
    return _apart(effects.covariance["event_time"][np.ix_(after, after)], theirs, whole=True)


def _without_each_home(name: str) -> np.ndarray:
    frame, theirs = rows(name), stored(f"{name}_without_home")
    model = StaggeredRates(vcov="CR1", leads=0, subgroups=(), permutations=0)
    kept = (frame[frame["home"] != home] for home in theirs["home"])
    return _apart([_overall(model, as_panel(k), as_design(k)) for k in kept], np.exp(theirs["log_rate_ratio"]))


def _overall(model, panel, design) -> float:
    return model.fit(panel, design).tidy()["estimate"].iloc[0]


def _apart(ours, theirs, *, whole: bool = False) -> np.ndarray:
    ours, theirs = np.ravel(ours).astype(float), np.ravel(theirs).astype(float)
    return np.abs(ours - theirs) / (np.abs(theirs).max() if whole else np.abs(theirs))


def options_against_statsmodels() -> pd.DataFrame:
    """One row per option: its rate ratio, and how far ratio, CR1 and CR2 errors and degrees of freedom are apart."""
    return pd.DataFrame([_option(case) for case in cases()])


def _option(case: Case) -> dict[str, object]:
    theirs, ours, usual = case.theirs(), case.ours(), case.ours("CR1")
    pairs = {
        "ratio_apart": (np.exp(ours["log_ratio"]), np.exp(theirs["log_ratio"])),
        "cr1_error_apart": (usual["error"], theirs["cr1"]),
        "cr2_error_apart": (ours["error"], theirs["cr2"]),
        "df_apart": (ours["df"], theirs["df"]),
    }
    apart = {name: float(_apart(*pair)[0]) for name, pair in pairs.items()}
    return {"option": case.name, "rate_ratio": np.exp(ours["log_ratio"])} | apart


def invariances() -> pd.DataFrame:
    """What must change nothing, and how far the overall rate ratio and its error move: change, ratio, error."""
    frame = rows("unbalanced")
    panel, design = as_panel(frame), as_design(frame)
    order = np.random.default_rng(20261122).permutation(len(design.start))
    shuffled = replace(
        panel, digest="", units=panel.units.iloc[order], counts=panel.counts[order], exposure=panel.exposure[order]
    )
    moved = replace(design, start=design.start[order], included=design.included[order])
    renamed = replace(panel, digest="", units=panel.units.set_axis([f"Z{k}" for k in order[::-1]]).rename_axis("unit"))
    scale = 0.1 + 5 * np.random.default_rng(1).random((len(order), 1))
    rescaled = replace(panel, digest="", exposure=panel.exposure * scale)
    changes = {
        "homes in another order": (shuffled, moved),
        "homes under other names": (renamed, design),
        "bed-days of each home in other units": (rescaled, design),
    }
    return _moved((panel, design), changes)


def _moved(original: tuple, changes: dict[str, tuple]) -> pd.DataFrame:
    model = StaggeredRates(permutations=0, subgroups=())
    fits = {name: model.fit(*pair).tidy().iloc[0] for name, pair in {"": original, **changes}.items()}
    base = fits.pop("")
    found = [
        (name, *(abs(fit[col] / base[col] - 1) for col in ("estimate", "std_error"))) for name, fit in fits.items()
    ]
    return pd.DataFrame(found, columns=["change", "rate_ratio_moves_by", "error_moves_by"])
