"""A process's memory, read as an attacker would who may."""

from collections.abc import Iterator


def memory(pid: int | str = "self") -> Iterator[bytes]:
    """Yield every readable part of a process's memory; on Linux."""
    with open(f"/proc/{pid}/maps") as maps, open(f"/proc/{pid}/mem", "rb", 0) as held:  # noqa: PTH123 - not a file
        for line in maps.readlines():  # all at once: reading its own, a process moves what is listed
            span, rights = line.split()[:2]
            if "r" in rights and "[v" not in line:
                low, high = (int(end, 16) for end in span.split("-"))
                try:
                    held.seek(low)
                    yield held.read(high - low)
                except OSError:
                    continue
