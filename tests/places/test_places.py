"""Places: the projection against Snyder's printed example and the sphere, the rest against brute force."""

import numpy as np
import pandas as pd
import pytest

from analysis.places import hexagons, lying, nearest_km, outline, width_for
from analysis.places.hexagons import MOST, WIDTHS_KM
from analysis.places.neighbours import NEAREST, _nearest
from analysis.places.plane import RADIUS_KM, projected
from tests.costs import draws


def test_the_projection_is_snyders_printed_example():
    """Snyder (1987), page 332: R = 3, φ₁ = 40° N, λ₀ = 100° W, φ = 20° S, λ = 100° E."""
    east, north = projected(np.array([-20.0]), np.array([100.0]), middle=(40.0, -100.0), radius=3.0)
    assert (east[0], north[0]) == pytest.approx((-4.2339303, 4.0257775), abs=1e-6)


def test_distances_across_england_are_those_on_the_sphere_and_areas_are_exact():
    rng = np.random.default_rng(1)
    latitude, longitude = rng.uniform(50, 55.8, 400), rng.uniform(-5.7, 1.7, 400)
    east, north = projected(latitude, longitude)
    a, b = rng.integers(0, 400, (2, 3000))
    phi, along = np.radians(latitude), np.radians(longitude)
    inside = (
        np.sin((phi[a] - phi[b]) / 2) ** 2 + np.cos(phi[a]) * np.cos(phi[b]) * np.sin((along[a] - along[b]) / 2) ** 2
    )
    true = 2 * RADIUS_KM * np.arcsin(np.sqrt(inside))
    drawn, far = np.hypot(east[a] - east[b], north[a] - north[b]), true > 1
    assert np.abs(drawn[far] / true[far] - 1).max() < 1 / 800
    for south, west in zip(latitude[:20], longitude[:20], strict=True):
        edge = np.linspace(0, 0.1, 50)
        up, along = (
            np.concatenate([0 * edge, edge, 0 * edge + 0.1, 0.1 - edge]),
            np.concatenate([edge, 0 * edge + 0.1, 0.1 - edge, 0 * edge]),
        )
        x, y = projected(south + up, west + along, middle=(52.9, -2.0))
        area = abs(np.sum(x * np.roll(y, -1) - y * np.roll(x, -1))) / 2
        sphere = RADIUS_KM**2 * np.radians(0.1) * (np.sin(np.radians(south + 0.1)) - np.sin(np.radians(south)))
        assert area == pytest.approx(sphere, rel=1e-5)


def test_a_home_is_in_the_hexagon_whose_middle_is_nearest():
    rng = np.random.default_rng(2)
    east, north = rng.uniform(-60, 60, (2, 1500))
    for width in (5.0, 20.0):
        found = hexagons(east, north, width).to_numpy()
        steps = np.arange(-30, 31)
        lattice = np.stack(np.meshgrid(steps * width, steps * width * np.sqrt(3)), -1).reshape(-1, 2)
        middles = np.concatenate([lattice, lattice + np.array([width / 2, width * np.sqrt(3) / 2])])
        apart = np.hypot(east[:, None] - middles[:, 0], north[:, None] - middles[:, 1])
        assert np.abs(np.hypot(east - found[:, 0], north - found[:, 1]) - apart.min(axis=1)).max() < 1e-3
        assert np.abs(found - middles[apart.argmin(axis=1)]).max() < 1e-3


def test_hexagons_are_as_narrow_as_a_telephone_can_show():
    rng = np.random.default_rng(3)
    country = pd.DataFrame(rng.uniform(-300, 300, (15_000, 2)), columns=["east", "north"])
    width = width_for(country)
    narrower = WIDTHS_KM[WIDTHS_KM.index(width) - 1]
    drawn = [len(hexagons(*country.to_numpy().T, each).drop_duplicates()) for each in (width, narrower)]
    assert drawn[0] <= MOST < drawn[1]
    assert width_for(country.iloc[:5]) == WIDTHS_KM[-1]


def test_neighbours_are_those_of_brute_force_and_a_home_is_not_its_own():
    rng = np.random.default_rng(4)
    places = np.concatenate([rng.uniform(0, 50, (120, 2)), np.repeat(rng.uniform(0, 50, (2, 2)), 9, axis=0)])
    marked = rng.random(len(places)) < 0.3
    apart = np.hypot(*(places[:, None] - places[None]).T)
    np.fill_diagonal(apart, np.inf)
    settled = np.sort(apart, axis=1)[:, NEAREST - 1] < np.sort(apart, axis=1)[:, NEAREST]  # no tie decides who is fifth
    nearest = np.argsort(apart, axis=1, kind="stable")[:, :NEAREST]
    found = _nearest(places)
    assert (np.sort(found[settled], axis=1) == np.sort(nearest[settled], axis=1)).all() and settled.sum() > 100
    assert (found != np.arange(len(places))[:, None]).all()
    told = lying(places, marked, seed=1, lots=99)
    assert told.share == pytest.approx(marked[found[marked]].mean())
    brute = np.hypot(*(places[:20, None] - places[None, 20:]).T).min(axis=0)
    assert nearest_km(places[:20], places[20:]) == pytest.approx(brute)


def test_homes_picked_by_lot_lie_together_as_seldom_as_is_promised():
    """The null of the sentence: marks dealt out by lot, among homes that crowd in towns as real ones do."""
    rng, worlds = np.random.default_rng(5), draws(600)
    said = 0
    for _ in range(worlds):
        towns = rng.uniform(0, 80, (8, 2))
        places = towns[rng.integers(0, 8, 150)] + rng.normal(0, 4, (150, 2))
        marked = rng.permutation(np.arange(150) < rng.integers(8, 60))
        said += lying(places, marked, seed=int(rng.integers(1e9)), lots=199).together
    assert said / worlds <= 0.05 + 3 * np.sqrt(0.05 * 0.95 / worlds)


def test_a_programme_of_one_corner_lies_together_and_too_few_say_nothing():
    rng = np.random.default_rng(6)
    places = rng.uniform(0, 50, (160, 2))
    corner = places.sum(axis=1) < np.sort(places.sum(axis=1))[15]
    found = lying(places, corner, seed=1)
    assert found.together and found.share > 3 * found.by_lot[0]
    assert found.by_lot[0] == pytest.approx((found.marked - 1) / (found.homes - 1), abs=0.01)  # as is known of lots
    assert lying(places, np.arange(160) < 4, seed=1) is None and lying(places, np.arange(160) < 157, seed=1) is None


def test_the_line_is_around_all_homes_or_is_not_there():
    rng = np.random.default_rng(7)
    homes = pd.DataFrame(rng.normal(size=(60, 2)), columns=["east", "north"])
    line = outline(homes).to_numpy()
    assert (line[0] == line[-1]).all()
    a, b = line[:-1], line[1:]
    side, to = (b - a)[:, None], homes.to_numpy()[None] - a[:, None]
    turned = side[..., 0] * to[..., 1] - side[..., 1] * to[..., 0]
    assert (turned >= -1e-9).all()  # every home on the left of every side
    assert outline(homes.iloc[:2]).empty and outline(pd.DataFrame({"east": [0, 1, 2], "north": [0, 1, 2]})).empty
