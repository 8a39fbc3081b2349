"""How is a count said with what is counted?"""


def counted(count: float, one: str, many: str = "") -> str:
    """Count: "1 home", "4,000 homes"; `many` is the word for several, where that is not `one` and an s."""
    return f"{count:,.0f} {one if count == 1 else many or f'{one}s'}"
