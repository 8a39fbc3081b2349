"""Every method: what it asks, supposes, when not to use it, its formula and its source. One file of content."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True, kw_only=True)
class Method:
    """One method.

    Parameters
    ----------
    name : str
    asks : str
        The question it answers.
    how : str
        What it does, for somebody who is no statistician.
    sketch : str
        Which picture shows it (`analysis.charts.sketches`).
    supposes : tuple of str
        What must hold for its answer to be right.
    not_when : tuple of str
        When not to use it.
    formula : str
        In TeX.
    letters : str
        What the letters of the formula are.
    source : str
        Where it was published.
    page : str
        The page that uses it.
    """

    name: str
    asks: str
    how: str
    sketch: Literal["parted", "mixture", "expected", "ordered", "limits", "funnel", "drawn", "future"]
    supposes: tuple[str, ...]
    not_when: tuple[str, ...]
    formula: str
    letters: str
    source: str
    page: str


METHODS: dict[str, Method] = {
    "differences": Method(
        name="Difference in differences, with starts at different times",
        asks="Did admissions change in homes that had the intervention, against what was to be expected without it?",
        how="Every home is held against its own past, and its change against the change of homes that did not have "
        "it, "
        "or not yet, in the same months. What all homes share in a month, such as an epidemic, falls out.",
        sketch="parted",
        supposes=(
            "Without it, homes that had it would have changed as the others did.",
            "Nobody changed anything because it was coming, but in the months named as such.",
            "It did nothing to the homes it is compared with.",
        ),
        not_when=(
            "Homes were chosen because of a bad spell just before: they would have got better anyway.",
            "Homes ran apart before the start.",
            "One or two homes had it: no interval can be trusted.",
        ),
        formula=r"E[y_{it}] = E_{it}\,\exp(\alpha_i + \gamma_t + \delta_{gt} D_{it})",
        letters="y admissions and E bed-days of home i in month t; α a home's own level, γ what a month does to all "
        "homes, "
        "δ the effect in homes that started in month g, D whether a home has it.",
        source="Wooldridge (2023), Econometrics Journal 26(3); Borusyak, Jaravel and Spiess (2024), Review of "
        "Economic "
        "Studies 91(6).",
        page="admissions",
    ),
    "matching": Method(
        name="Homes made alike before they are compared",
        asks="What is the answer against homes that were like those with the intervention before anybody had it?",
        how="Homes without it count more, the more they are like those with it in size, kind and past admissions; "
        "homes "
        "unlike any count nothing. Then the same comparison is made.",
        sketch="ordered",
        supposes=("What decided who got it is among what homes are made alike in.", "There are homes alike enough."),
        not_when=(
            "Homes are matched by last year's admissions alone: chance then makes pairs that part again by itself.",
        ),
        formula=r"d = \frac{\bar x_1 - \bar x_0}{\sqrt{(s_1^2 + s_0^2)/2}}",
        letters="d the standardised difference, x̄ means and s² variances of homes with it (1) and without (0); "
        "below 0.1 "
        "homes are called alike.",
        source="Austin (2009), Statistics in Medicine 28(25); Hainmueller (2012), Political Analysis 20(1).",
        page="comparison",
    ),
    "specifications": Method(
        name="Every analysis that could be defended",
        asks="Does the answer hang on choices that somebody else could have made otherwise?",
        how="All combinations of months, homes, weights and errors that could be defended are carried out, and set "
        "side "
        "by side in order. One test asks whether together they say more than chance would.",
        sketch="ordered",
        supposes=("The list holds the choices that matter, and none that nobody would defend.",),
        not_when=("To pick the analysis one likes: the list is there so that nobody can.",),
        formula=r"p = \frac{1 + \#\{|\tilde z^*_b| \ge |\tilde z|\}}{1 + B}",
        letters="z̃ the middle of the curve of all analyses, z̃* the same where homes change places, B times.",
        source="Simonsohn, Simmons and Nelson (2020), Nature Human Behaviour 4.",
        page="comparison",
    ),
    "expected": Method(
        name="Observed over expected, for ratings",
        asks="Did more supported homes get a better rating than homes like them did anyway?",
        how="For every supported home: how often did homes that stood at the same rating on the same day get a "
        "better one "
        "next? Added up, that is what was to be expected; what happened is divided by it.",
        sketch="expected",
        supposes=("Homes not supported are like those supported in what their next rating depends on.",),
        not_when=("Homes were chosen because a new manager had come, or for anything else that makes them better.",),
        formula=r"\frac{O}{E}, \qquad E = \sum_s m_s \frac{k_s}{n_s}",
        letters="O supported homes rated better; m supported homes of a group s, of whose n others k were rated "
        "better.",
        source="Breslow and Day (1987), Statistical Methods in Cancer Research II; mid-P after Lancaster (1961).",
        page="ratings",
    ),
    "synthetic": Method(
        name="Synthetic control, for one council",
        asks="How would one council have gone on, judged by a mixture of others that ran like it before?",
        how="Other councils are mixed so that the mixture runs like this one until the start. Where the two part "
        "afterwards is the effect; every other council, treated as if it had been the one, says what chance does.",
        sketch="mixture",
        supposes=(
            "What the mixture did afterwards is what this council would have done.",
            "None of the others did the same at the same time.",
        ),
        not_when=(
            "The council lies outside all others, so that no mixture runs like it.",
            "The months before the start were themselves a spike.",
        ),
        formula=r"\hat w = \arg\min_{w \ge 0,\ \sum w = 1} \sum_{t < t_0} \Big(y_{1t} - \sum_j w_j y_{jt}\Big)^2",
        letters="y₁ this council and y_j the others in month t before the start t₀; w how much each counts.",
        source="Abadie, Diamond and Hainmueller (2010), Journal of the American Statistical Association 105; "
        "Arkhangelsky and others (2021), American Economic Review 111(12).",
        page="areas",
    ),
    "interrupted": Method(
        name="Interrupted time series",
        asks="Did the level or the slope of one series change when the intervention began?",
        how="The line before the start is drawn on, with its seasons; what happened is held against it, with other "
        "councils as a measure of what happened everywhere.",
        sketch="parted",
        supposes=("Without it, the line would have gone on (alone), or gone on beside the others (controlled).",),
        not_when=("Something else began in the same months.", "There are fewer than two years before the start."),
        formula=r"\log E[y_t] = \beta_0 + \beta_1 t + \beta_2 D_t + \beta_3 (t - t_0) D_t + s(t)",
        letters="y the series, D whether it has begun, β₂ the change of level and β₃ of slope, s the season.",
        source="Bernal, Cummins and Gasparrini (2017), International Journal of Epidemiology 46(1).",
        page="areas",
    ),
    "baseline": Method(
        name="What a home is to be expected to have",
        asks="What would each home's admissions be without anything done: from its own past, but not from its luck?",
        how="A home with a bad year is mostly a home with bad luck. So its own past counts only as far as it tells "
        "more "
        "than chance, and the rest is what homes of its kind have.",
        sketch="drawn",
        supposes=("Homes differ for good about as much as they did.", "They stay open, and as full as they were."),
        not_when=("A home has changed hands or kind: its past tells little of it.",),
        formula=r"\hat\theta_i = \frac{1/v + a_i Y_i}{1/v + a_i \mu_i}",
        letters="θ how many times what is usual a home has; Y what was counted and μ what is usual of its kind; v "
        "how far "
        "homes differ; a how much of the past is no passing spell.",
        source="Robbins (1956); Bühlmann (1967), ASTIN Bulletin 4(3).",
        page="what_if",
    ),
    "projection": Method(
        name="What would happen if",
        asks="What would be averted, and at what cost, if more homes had it?",
        how="A thousand times, everything uncertain is drawn: how strong it is, who takes it up, how homes would "
        "have gone "
        "on, and chance itself. Each draw is one future; twenty of them are shown as dots.",
        sketch="future",
        supposes=("The effect found elsewhere holds here, as far as the interval given for it reaches.",),
        not_when=("What is offered is not what was evaluated.",),
        formula=r"\text{averted} = \sum_{i,t} \mu_{it}\,(1 - \rho_{it})",
        letters="μ admissions expected of home i in month t, ρ what is left of them with the intervention.",
        source="HM Treasury, Green Book (2022); NHS New Hospital Programme demand model, for the form of its outputs.",
        page="what_if",
    ),
    "power": Method(
        name="What a study could find",
        asks="How small an effect would the next evaluation find?",
        how="Years are made up that vary as your homes do, with an effect put in, and evaluated as a real one would "
        "be. "
        "How often it is found is the power.",
        sketch="ordered",
        supposes=("Homes will vary as they did.",),
        not_when=("After the answer is seen: then look at its interval.",),
        formula=r"\text{power}(\rho) = P(\text{interval excludes } 1 \mid \text{rate ratio } \rho)",
        letters="ρ the effect put in.",
        source="Bloom (1995), Evaluation Review 19(5); Hooper and others (2016), Statistics in Medicine 35.",
        page="planning",
    ),
    "control_chart": Method(
        name="Control chart",
        asks="Is a month more than the usual coming and going?",
        how="Limits are learnt from months in which nothing is known to have changed. A point beyond them, or a "
        "long run on "
        "one side, is worth asking about; anything else is noise.",
        sketch="limits",
        supposes=("The months the limits are learnt from were usual.", "Seasons are small, or taken out."),
        not_when=("To say why: a chart says when to ask, not what happened.",),
        formula=r"\bar u \pm 3\sqrt{\bar u / n_t}\;\sigma_z",
        letters="ū the mean rate, n bed-days of month t, σ how much more than chance the months vary.",
        source="Laney (2002), Quality Engineering 14(4); Mohammed and others (2008), Quality and Safety in Health "
        "Care 17.",
        page="monitoring",
    ),
    "funnel": Method(
        name="Funnel plot",
        asks="Which homes stand apart from others like them, further than their size explains?",
        how="Small homes swing widely by chance, large ones do not. The limits narrow with size, and allow for "
        "homes being "
        "different for reasons that are nobody's merit or fault.",
        sketch="funnel",
        supposes=("What is expected of each home is right for its kind.",),
        not_when=("As a league table: the order within the funnel is chance.",),
        formula=r"\left(1 \pm z\sqrt{\tfrac{1}{4E_i} + \tau^2}\right)^2",
        letters="E what is expected of home i, τ how far homes differ, z 1.96 or 3.09.",
        source="Spiegelhalter (2005), Statistics in Medicine 24.",
        page="monitoring",
    ),
}
"""Name in the address to method, in the order in which they are listed."""
