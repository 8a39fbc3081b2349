"""Residents: did new residents of supported homes go to hospital less than new residents like them?"""

from pages.shared import residents
from pages.shared.frame import errors_shown, frame
from pages.shared.whole import show_whole

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
        show_whole(data, protocol)


main()
