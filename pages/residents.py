"""Residents: did new residents of supported homes go to hospital less than new residents like them?"""

from pages.shared import cached, residents
from pages.shared.figures import show
from pages.shared.frame import errors_shown, frame
from pages.shared.reported import of_evaluation, report_offered
from pages.shared.sections import record

ASKS = (
    "Did people who newly moved into supported homes go to hospital less than people like them who moved into "
    "other homes? For those who hold stays and admissions person by person, by pseudonym."
)


def main() -> None:
    """Draw the page."""
    data = residents.loaded(frame("Residents", ASKS))
    protocol = residents.asked(data)
    if protocol is None:
        return
    with errors_shown():
        source, shown = residents.figures(data, protocol)
        for made in shown:
            show(made)
        record(protocol.to_toml(), source, lambda: residents.files(data, protocol))
        key = ("evaluation", protocol.to_toml())
        report_offered(data, key, lambda: of_evaluation(data, cached.evaluation(data, protocol)))


main()
