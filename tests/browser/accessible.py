"""What axe-core, the checker of WCAG that most use, finds on a page; what is Streamlit's own is named here, and why."""

import pytest

UPSTREAM = {
    "label": "[data-testid=stFileUploaderDropzoneInput]",
}
"""Rule to where in Streamlit's own parts it is broken, whatever a page does."""
GRAVE = ("serious", "critical")


def grave(page) -> list[str]:
    """Name each serious or critical fault with the parts that have it, but for those upstream."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    found = axe.run(page).response["violations"]
    return [
        f"{fault['id']}: {node['html'][:200]}"
        for fault in found
        if fault["impact"] in GRAVE
        for node in fault["nodes"]
        if not page.evaluate(
            "([at, ours]) => ours && !!document.querySelector(at)?.closest(ours)",
            [node["target"][0], UPSTREAM.get(fault["id"], "")],
        )
    ]
