"""What to do: a plan, carried out on what a store holds.

The second door. A frozen plan (`scenarios.Scenario`, `planning.AdmissionsPlan` or `RatingsPlan`,
`targets.TargetingPlan`) and a store give an answer, which page and command line share: `what_if`, `studies`, `targets`.
"""
