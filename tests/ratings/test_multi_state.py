"""Does the model of moves give the numbers of R's msm, of the matrix exponential, and of known truth?"""

import shutil
import subprocess
from dataclasses import replace
from io import StringIO

import numpy as np
import pandas as pd
import pytest
from beside_r import EFFECTS, MOVES, REFERENCE, msm, panel
from scipy.linalg import expm, expm_frechet

from analysis.inspections.watched import EXIT, NEVER, OPEN, watched
from analysis.ratings.maximum import maximise
from analysis.ratings.multi_state.below_good import Supported, months_saved
from analysis.ratings.multi_state.fit import Triggering, fit_moves, of_survivors
from analysis.ratings.multi_state.intensities import (
    Structure,
    generators,
    structure,
    time_in_states,
    transition_matrices,
)
from analysis.ratings.multi_state.intervals import intervals
from analysis.ratings.multi_state.likelihood import Seen, gradient, log_likelihood, scores
from analysis.simulate.moves import MovesSpec, simulate_moves


def test_equals_r_msm_with_support_that_starts_between_inspections():
    stored, fit = msm(), fit_moves(panel())
    assert fit.maximum.converged
    assert -2 * fit.maximum.log_likelihood == pytest.approx(stored.loc["minus2loglik", "estimate"], abs=1e-4)
    assert fit.theta == pytest.approx(stored.loc[[*MOVES, *EFFECTS], "estimate"].to_numpy(), abs=2e-4)
    error = np.sqrt(np.diagonal(fit.clusters.inverse))[10:]
    assert error == pytest.approx(stored.loc[EFFECTS, "std_error"].to_numpy(), rel=2e-3)


@pytest.mark.skipif(shutil.which("Rscript") is None, reason="needs R with msm, whose data these are")
def test_heart_transplant_data_give_the_published_likelihood():
    """The msm manual prints −2 log L = 3968.798 for these data (Jackson 2011, §2.4), which come with R's msm."""
    asked = subprocess.run(
        ["Rscript", "-e", "write.csv(msm::cav[c('PTNUM', 'years', 'state')], row.names = FALSE)"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    if asked.returncode:
        pytest.skip("R has no msm here")
    rows = pd.read_csv(StringIO(asked.stdout))
    home = pd.factorize(rows["PTNUM"])[0]
    # msm's states run from healthy to ill; here the worst comes first, and death is leaving.
    state = np.where(rows["state"] == 4, EXIT, 3 - rows["state"])
    nobody = np.full(home.max() + 1, NEVER)
    seen = watched(
        home, rows["years"].to_numpy(), state,
        started=nobody, attributes=np.zeros((len(nobody), 0)), breaks=np.zeros(0),
    )  # fmt: skip
    data = Seen(layout=structure(3, []), intervals=intervals(seen))
    ends = (np.full(7, -9.0), np.full(7, 5.0))
    found = maximise(lambda theta: scores(theta, data), np.full(7, np.log(0.2)), ends)
    assert -2 * found.log_likelihood == pytest.approx(3968.798, abs=5e-4)
    stored = pd.read_csv(REFERENCE / "cav.csv", skipinitialspace=True).set_index("name")["estimate"]
    order = ["3-2", "2-1", "2-3", "1-2", "3-4", "2-4", "1-4"]
    assert np.exp(found.theta) == pytest.approx(stored[order].to_numpy(), abs=5e-5)


def dense(layout, q):
    """The generator over the states a home can hold, written out."""
    Q = np.zeros((layout.states, layout.states))
    for s in range(layout.states - 1):
        Q[s, s + 1], Q[s + 1, s] = q[layout.up][s], q[layout.down][s]
    return Q - np.diag(Q.sum(axis=1) + q[layout.exit])


def test_matrix_exponential_integral_and_slopes_are_scipys():
    layout = structure(4, [])
    logs = np.random.default_rng(5).normal(-1, 1, (20, layout.moves))
    parts = generators(layout, logs)
    at, years = np.arange(20), np.linspace(0.001, 9, 20)
    grown = np.exp(parts.values * years)
    slopes = parts.slopes(at, years, grown)
    direction = np.random.default_rng(6).normal(size=(4, 4))
    for u in range(20):
        Q = dense(layout, np.exp(logs[u]))
        assert transition_matrices(parts, years[u])[u] == pytest.approx(expm(Q * years[u]), abs=1e-12)
        both = np.block([[Q, np.eye(4)], [np.zeros((4, 8))]])
        assert time_in_states(parts, years[u])[u] == pytest.approx(expm(both * years[u])[:4, 4:], abs=1e-11)
        V, W = parts.V[:, :, u], parts.W[:, :, u]
        ours = V @ (slopes[:, :, u] * (W @ direction @ V)) @ W
        _, theirs = expm_frechet(Q * years[u], direction * years[u])
        assert ours == pytest.approx(theirs, abs=1e-10)


@pytest.mark.parametrize("triggering", [None, Triggering(worse_sooner=3.0, better_sooner=2.0)], ids=["none", "hidden"])
def test_gradient_is_that_of_the_likelihood(triggering):
    seen = simulate_moves(MovesSpec(n_homes=60, supported=25, worse_sooner=2.0), 3)
    fit = fit_moves(seen, **({} if triggering is None else {"triggering": triggering}))
    theta = fit.theta + np.linspace(-0.2, 0.2, len(fit.theta))
    steps = 1e-5 * np.eye(len(theta))
    ends = [[log_likelihood(theta + way * step, fit.seen).sum() for way in (1, -1)] for step in steps]
    numeric = [(ahead - behind) / 2e-5 for ahead, behind in ends]
    assert scores(theta, fit.seen)[1].sum(axis=0) == pytest.approx(numeric, abs=1e-5)
    weight = np.random.default_rng(1).uniform(0.5, 2, len(fit.seen.intervals.home))
    for weighed in (fit.seen, replace(fit.seen, weight=weight)):  # the quicker way to the sum is the sum
        assert gradient(theta, weighed) == pytest.approx(scores(theta, weighed)[1].sum(axis=0), rel=1e-9, abs=1e-9)


def test_hidden_triggering_is_the_likelihood_written_out():
    """One home, by the matrix exponential of generator less inspection rates."""
    one = watched(
        np.zeros(3, int), np.array([0.0, 0.2, 0.9]), np.array([1, 0, OPEN]),
        started=np.array([0.1]), attributes=np.zeros((1, 0)), breaks=np.zeros(0),
    )  # fmt: skip
    ratios = Triggering(worse_sooner=3.0, better_sooner=2.0).ratios()
    data = Seen(layout=structure(4, [(1, ("up", "down"))]), intervals=intervals(one, (0.5,)), ratios=ratios, pieces=2)
    theta = np.random.default_rng(2).normal(-0.5, 0.5, data.parameters)
    mu = np.exp(theta[12:]).reshape(4, 2)

    def moved(rated, piece, support, years):
        logs = data.layout.log_intensities(theta[:12], np.array([[1.0, support]]))[0]
        return expm((dense(data.layout, np.exp(logs)) - np.diag(mu[rated, piece] * ratios[support][rated])) * years)

    first = (moved(1, 0, 0, 0.1) @ moved(1, 0, 1, 0.1))[1, 0] * mu[1, 0] * ratios[1][1, 0]
    second = (moved(0, 0, 1, 0.5) @ moved(0, 1, 1, 0.2))[0].sum()
    assert log_likelihood(theta, data) == pytest.approx(np.log([first, second]), abs=1e-10)


def test_the_same_inspection_rate_in_every_state_says_nothing():
    seen = simulate_moves(MovesSpec(n_homes=100, supported=40), 4)
    plain = fit_moves(seen)
    told = fit_moves(seen, triggering=Triggering(worse_sooner=1 + 1e-9))
    assert told.theta[: len(plain.theta)] == pytest.approx(plain.theta, abs=1e-3)


def test_months_saved_are_those_of_homes_drawn_one_by_one():
    layout = structure(4, [(1, ("up", "down"))])
    spec = MovesSpec(ratio_up=2.0, ratio_down=0.5)
    theta = np.log([*spec.up, *spec.down, *spec.leave, spec.ratio_up, spec.ratio_down])
    z = np.array([[[1.0, 0.0]], [[1.0, 1.0]]])
    homes = Supported(state=np.array([1]), since=np.array([0.5]), z=z)
    without, with_it = (dense(layout, np.exp(layout.log_intensities(theta, part))[0]) for part in z)
    start = expm(without * 0.5)[1]
    grid = np.linspace(0, 2, 2001)
    below = [[(start / start.sum() @ expm(Q * t))[:2].sum() for t in grid] for Q in (without, with_it)]
    saved = 12 * np.trapezoid(np.subtract(*below), grid)
    assert months_saved(theta, layout, homes, 2.0) == pytest.approx(saved, abs=1e-4)


def test_relabelling_and_order_of_homes_do_not_matter():
    seen = simulate_moves(MovesSpec(n_homes=150, supported=60), 8)
    turn = np.random.default_rng(1).permutation(150)
    order = np.argsort(turn[seen.home], kind="stable")
    other = type(seen)(
        home=turn[seen.home][order], begin=seen.begin[order], end=seen.end[order], rated=seen.rated[order],
        became=seen.became[order], started=seen.started[np.argsort(turn)], attributes=seen.attributes[np.argsort(turn)],
        breaks=seen.breaks,
    )  # fmt: skip
    assert fit_moves(other).theta == pytest.approx(fit_moves(seen).theta, abs=1e-4)


def test_hazard_ratios_are_recovered_and_intervals_hold_them():
    """Six panels here; `bench/ratings.py` runs 600."""
    truth, found, held = np.log([1.5, 0.7]), [], []
    for seed in range(6):
        fit = fit_moves(simulate_moves(MovesSpec(ratio_up=1.5, ratio_down=0.7), seed))
        spread = fit.uncertainty(np.eye(len(fit.theta))[fit.log_ratios])
        found.append(fit.theta[fit.log_ratios] - truth)
        held.append(np.abs(found[-1]) < 3 * spread.std_error)
    assert np.all(held)
    assert np.mean(found, axis=0) == pytest.approx([0, 0], abs=4 * 0.2 / np.sqrt(6))


def up_by_assumption(spec, seed, times=(4.0, 8.0)):
    """Fits, and log ratios up, with inspectors taken to come as fast to improved homes, and so many times as fast."""
    seen = simulate_moves(spec, seed)
    fits = [fit_moves(seen)]
    for assumed in times:
        fits.append(fit_moves(seen, triggering=Triggering(better_sooner=assumed), near=fits[-1]))
    return fits, [fit.theta[fit.log_ratios[0]] for fit in fits]


TOLD = MovesSpec(n_homes=1500, supported=700, ratio_up=1.5, ratio_down=0.7, better_sooner=4.0)


def test_inspectors_who_are_told_bias_the_answer_and_assuming_so_mends_it():
    """One small panel; the bench has larger ones, and `bench/ratings.py` averages over many."""
    fits, up = up_by_assumption(replace(TOLD, n_homes=400, supported=300), 12, (4.0,))
    error = fits[1].uncertainty(np.eye(len(fits[1].theta))[fits[1].log_ratios]).std_error[0]
    assert up[0] > np.log(1.5) + 2 * error
    assert up[1] == pytest.approx(np.log(1.5), abs=2 * error)


@pytest.mark.bench
def test_the_sensitivity_curve_brackets_the_truth():
    """One panel, whose standard error is 0.09."""
    _, up = up_by_assumption(TOLD, 12)
    assert up[0] > np.log(1.5) > up[2]
    assert up[1] == pytest.approx(np.log(1.5), abs=3 * 0.09)


@pytest.mark.bench
def test_inspectors_who_are_told_bias_the_answer():
    _, up = up_by_assumption(replace(TOLD, n_homes=4000, supported=1500), 12)
    assert up[0] > np.log(1.5) + 0.15
    assert up[2] < np.log(1.5) + 0.1
    assert up[1] == pytest.approx(np.log(1.5), abs=0.15)
    assert up[0] > up[1] > up[2]


def test_leaving_out_homes_that_left_overstates_improvement():
    spec = MovesSpec(n_homes=2000, supported=700, leave=(1.2, 0.25, 0.03, 0.03), nursing_leave=1.0)
    seen = simulate_moves(spec, 13)
    layout = structure(4, [])
    logs = np.log([[*spec.up, *spec.down, *spec.leave]])
    truth = transition_matrices(generators(layout, logs), 2.0)[0, 0, 2:].sum()
    with_leaving, without = fit_moves(seen), fit_moves(of_survivors(seen), exits=False)
    z = np.array([[1.0, 0.0, 0.0]])
    modelled, ignored = (
        transition_matrices(generators(f.seen.layout, f.seen.layout.log_intensities(f.theta, z)), 2.0)[0, 0, 2:].sum()
        for f in (with_leaving, without)
    )
    assert modelled == pytest.approx(truth, abs=0.05)
    assert ignored > truth + 0.2


def test_layout_may_be_any_assignment_of_parameters():
    plain = structure(3, [])
    doubled = Structure(states=3, covariate=plain.covariate, acts=plain.acts)
    assert np.array_equal(doubled.log_intensities(np.arange(7.0), np.ones((1, 1)))[0], np.arange(7.0))


def one_way(kind):
    """Four states that are left one way only, as damage of joints is (psoriatic arthritis), and nobody leaves."""
    both = structure(4, [], exits=False)
    kept = both.acts[:, getattr(both, kind)].any(axis=1)
    return Structure(states=4, covariate=both.covariate[kept], acts=both.acts[kept], exits=False)


@pytest.mark.parametrize("kind", ["up", "down"])
def test_one_way_moves_are_the_matrix_exponential_and_their_rates_are_found(kind):
    layout, rates = one_way(kind), np.array([0.5, 0.5, 0.2])
    parts = generators(layout, layout.log_intensities(np.log(rates), np.ones((1, 1))))
    q = np.zeros(layout.moves)
    q[getattr(layout, kind)] = rates
    for years in (0.1, 1.0, 7.0):
        assert transition_matrices(parts, years)[0] == pytest.approx(expm(years * dense(layout, q)), abs=7e-6 * years)
    rng, n, state = np.random.default_rng(2), 400, []
    step = expm(dense(layout, q))
    for _ in range(n):
        state.append([0 if kind == "up" else 3])
        for _ in range(5):
            state[-1].append(int(rng.choice(4, p=np.maximum(step[state[-1][-1]], 0) / step[state[-1][-1]].sum())))
    home, time = np.repeat(np.arange(n), 6), np.tile(np.arange(6.0), n)
    seen = watched(home, time, np.concatenate(state), started=np.full(n, NEVER), attributes=np.zeros((n, 0)),
                   breaks=np.zeros(0))  # fmt: skip
    data = Seen(layout=layout, intervals=intervals(seen))
    found = maximise(lambda theta: scores(theta, data), np.full(3, np.log(0.2)), (np.full(3, -9.0), np.full(3, 5.0)))
    assert found.converged

    def brute(theta):
        q[getattr(layout, kind)] = np.exp(theta)
        P = expm(dense(layout, q))
        return np.log(np.maximum(P[seen.rated, seen.became], 1e-300)).sum()

    assert found.log_likelihood == pytest.approx(brute(found.theta), abs=0.01)
    for k in range(3):
        for way in (-0.02, 0.02):
            assert brute(found.theta + way * np.eye(3)[k]) < brute(found.theta)
