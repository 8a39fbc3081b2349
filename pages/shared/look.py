"""The look of every page, in one place: the mark, one accent, the answer card, the contents list, and paper.

Two designs were tried; `docs/design.md` says which was taken and why. Colours, letters and widths stand here and in
`.streamlit/config.toml`; those of pictures in `analysis/charts/theme.py`. Nothing is fetched from elsewhere.
"""

from base64 import b64encode

import streamlit as st

ACCENT, INK, SOFT, LINE, PALE = "#12436D", "#0b0c0c", "#48525a", "#d5dce3", "#f4f7f9"
"""The accent is the first colour of every picture; text in `SOFT` on white or `PALE` has more than 7:1."""

MARK = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32" width="32" height="32" role="img" '
    f'aria-label="Homeward"><g fill="none" stroke="{ACCENT}" stroke-width="3" stroke-linecap="round" '
    'stroke-linejoin="round"><path d="M3 14 16 4l13 10"/><path d="M6 23h20M6 20v6M26 20v6"/></g>'
    f'<circle cx="16" cy="23" r="4.5" fill="{ACCENT}"/></svg>'
)
"""A roof, and under it what the product is about: a point with its interval."""

STYLE = f"""<style>
:root {{ --accent: {ACCENT}; --ink: {INK}; --soft: {SOFT}; --line: {LINE}; --pale: {PALE}; }}
[data-testid=stMainBlockContainer] {{ max-width: 60rem; padding: 3.5rem 2.25rem 6rem; margin: 0; }}
[data-testid=stMain] {{ align-items: flex-start; }}
a[data-testid=stPageLink-NavLink]:focus-visible, button:focus-visible, summary:focus-visible, a:focus-visible,
[tabindex]:focus-visible {{
    outline: 3px solid var(--ink) !important; outline-offset: 2px; box-shadow: 0 0 0 6px #ffdd00 !important; }}
[data-testid=stMain] a[data-testid=stPageLink-NavLink] {{ padding-left: 0; }}
[data-testid=stMain] a[data-testid=stPageLink-NavLink] p {{ text-decoration: underline; color: var(--accent); }}
[data-testid=stMain] a[data-testid=stPageLink-NavLink] * {{ white-space: normal; overflow: visible; }}
[data-testid=stMain] .hw-group {{ margin-left: 0; }}
h1 {{ font-size: 2rem !important; padding: 0 0 .25rem !important; }}
h2 {{ font-size: 1.375rem !important; padding: 2.25rem 0 .25rem !important; }}
.hw-lead {{ color: var(--soft); font-size: 1.0625rem; margin: 0; max-width: 46rem; }}
.hw-message {{ font-weight: 700; margin: 0; line-height: 1.45; max-width: 46rem; }}
[data-testid=stMarkdownContainer] p, [data-testid=stMarkdownContainer] li {{ max-width: 46rem; }}

[data-testid=stSidebar] [data-testid=stVerticalBlock] {{ gap: 0; }}
[data-testid=stSidebarHeader] {{ height: 2.5rem; padding-bottom: 0; }}
.hw-brand {{ margin: 0; font-weight: 700; font-size: 1.25rem; padding: .2rem 0 .2rem 2.6rem;
    background: url("data:image/svg+xml;base64,{b64encode(MARK.encode()).decode()}") left center / 2rem no-repeat; }}
.hw-group {{ margin: 1rem 0 .15rem .5rem; font-size: .8125rem; font-weight: 700; color: var(--soft); }}
[data-testid=stSidebar] a[data-testid=stPageLink-NavLink] {{ padding: .1rem .5rem; min-height: 1.75rem; }}
[data-testid=stSidebar] a[aria-current=page] {{ background: var(--accent); }}
[data-testid=stSidebar] a[aria-current=page] p {{ color: #fff; font-weight: 700; }}

[data-testid=stAlertContainer], [data-testid=stAlertContainer] * {{ color: var(--ink) !important; }}
.st-key-whose-data [data-testid=stAlertContainer] {{
    background: var(--pale); color: var(--ink); padding: .4rem .75rem; }}
.st-key-whose-data p {{ font-size: .875rem; max-width: none; }}
.st-key-what-is-asked {{ background: var(--pale); border-radius: 6px; padding: 1rem 1.25rem; margin-top: .5rem; }}

[class*=st-key-card-] {{
    border: 1px solid var(--line); border-top: 5px solid var(--accent); border-radius: 6px; padding: 1.5rem 1.75rem; }}
[class*=st-key-card-] h2 {{ padding-top: 0 !important; font-size: 1rem !important; color: var(--soft); }}
.hw-said {{ font-size: 1rem; line-height: 1.5; margin: 0; }}
.hw-said strong {{ display: block; font-size: 1.375rem; line-height: 1.35; margin-bottom: .5rem; }}
.hw-facts {{ margin: 0 !important; padding: 0 !important; display: grid;
     grid-template-columns: repeat(auto-fill, minmax(8rem, 1fr)); gap: .9rem; }}
.hw-facts dt {{ font-size: .875rem; color: var(--soft); }}
.hw-facts dd {{ margin: 0; font-size: 1.25rem; font-weight: 700; line-height: 1.25; }}
.hw-facts dd small {{ display: block; font-size: .875rem; font-weight: 400; color: var(--soft); }}
.hw-call {{ display: inline-block; margin: 0 0 1rem; padding: .2rem .7rem; border-radius: 4px; font-weight: 700;
    border: 2px solid var(--ink); }}
.hw-call.helped {{ background: var(--accent); border-color: var(--accent); color: #fff; }}
.hw-call.worse {{ background: var(--ink); color: #fff; }}
.hw-call.unbelieved {{ border-style: dashed; }}
.hw-cost {{ font-size: .9375rem; line-height: 1.5; margin: 0; border-top: 1px solid var(--line); padding-top: .9rem; }}

.hw-skip {{ position: absolute; left: -99rem; background: #fff; padding: .25rem .5rem; color: var(--accent);
    z-index: 9; }}
.hw-skip:focus {{ left: 0; top: -2rem; }}
body:not(:has(#answer-in-figures)) .hw-skip {{ display: none; }}
.hw-terms, .hw-contents {{ font-size: .875rem; }}
.hw-terms summary {{ cursor: pointer; color: var(--soft); }}
.hw-terms p {{ margin: .35rem 0 0; max-width: 46rem; }}
.hw-contents summary {{ font-weight: 700; cursor: pointer; }}
.hw-contents ul {{ list-style: none; margin: .4rem 0 0; padding: 0; }}
.hw-contents li {{ margin: .4rem 0; line-height: 1.3; }}
.hw-contents a, .hw-cite a {{ color: var(--accent); }}
.hw-cite {{ font-size: .875rem; line-height: 1.5; margin: 0; overflow-wrap: anywhere; }}
.hw-table {{ overflow-x: auto; }}
.hw-table.long {{ max-height: 36rem; overflow-y: auto; border-bottom: 1px solid var(--line); }}
.hw-table table {{ border-collapse: collapse; width: 100%; font-size: .875rem; line-height: 1.4; }}
.hw-table caption {{ position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }}
.hw-table th, .hw-table td {{ text-align: left; vertical-align: top; padding: .45rem .75rem .45rem 0;
    border-bottom: 1px solid var(--line); min-width: 4.5rem; overflow-wrap: break-word; font-weight: 400; }}
.hw-table thead th {{ font-weight: 700; vertical-align: bottom; background: #fff; position: sticky; top: 0; }}
.hw-table .unbroken {{ overflow-wrap: anywhere; }}
.hw-table .number {{ text-align: right; font-variant-numeric: tabular-nums; min-width: 3.5rem; }}
@media (min-width: 81rem) {{
    .hw-contents {{ position: fixed; right: 1.5rem; top: 5.5rem; width: 11.5rem; max-height: 80vh; overflow: auto;
        border-left: 2px solid var(--line); padding-left: .9rem; }}
}}
@media (max-width: 40rem) {{
    [data-testid=stMainBlockContainer] {{ padding: 3.5rem 1rem 4rem; }}
    .hw-table table {{ font-size: .8125rem; }}
    .hw-table th, .hw-table td {{ padding-right: .5rem; }}
    .hw-table.stacked thead {{ position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }}
    .hw-table.stacked tr {{ display: block; padding: .5rem 0; border-bottom: 1px solid var(--line); }}
    .hw-table.stacked tbody :is(th, td) {{ display: block; border: 0; padding: .1rem 0; text-align: left;
        overflow-wrap: anywhere; }}
    .hw-table.stacked tbody th {{ font-weight: 700; }}
    .hw-table.stacked td::before {{ content: attr(data-name) ": "; color: var(--soft); }}
    .hw-table.stacked td:empty {{ display: none; }}
    [class*=st-key-card-] {{ padding: 1rem; }}
    .hw-said strong {{ font-size: 1.25rem; }}
}}
[data-testid=stCode] .token, [data-testid=stMain] p code {{ color: var(--ink) !important; }}
@media print {{
    .stApp {{ zoom: .77; }}
    [data-testid=stSidebar], header, [data-testid=stToolbar], .hw-contents, button, [data-testid=stPageLink],
    [data-testid=stFileUploader], [data-testid=stElementToolbar], .vega-actions-wrapper {{ display: none !important; }}
    .stApp, .stApp * {{ overflow: visible !important; }}
    .stApp, [data-testid=stAppViewContainer], [data-testid=stMain] {{
        position: static !important; height: auto !important; display: block !important; }}
    [data-testid=stMainBlockContainer] {{ padding: 0; }}
    .hw-table.long {{ max-height: none; }}
    [data-testid=stExpander]:has(details:not([open])), .hw-terms, [data-testid=stCheckbox] {{ display: none; }}
    [data-testid=stVerticalBlock] {{ display: block !important; }}
    [data-testid=stElementContainer]:has(.hw-message),
    [data-testid=stElementContainer]:has(+ * [data-testid=stVegaLiteChart]) {{ break-after: avoid; }}
    [data-testid=stVegaLiteChart], tr {{ break-inside: avoid; }}
    h2, .hw-message {{ break-after: avoid; }}
}}
</style>"""

CONTENTS = '<details class="hw-contents"><summary>On this page</summary><ul></ul></details>'
"""The contents list, empty: the browser fills it from the headings of the page, whichever page it is."""

FILL = """
{
(window.listing || {disconnect() {}}).disconnect()
const fill = () => {
    const fold = document.querySelector('.hw-contents'), heads = [...document.querySelectorAll(
        '[data-testid=stMain] h2[id]')].filter(head => head.innerText.trim())
    document.querySelectorAll('[data-testid=stSidebar] a').forEach(link => {
        if (document.title.startsWith(link.innerText + ' –')) link.setAttribute('aria-current', 'page')
        else link.removeAttribute('aria-current')
    })
    if (!fold) return
    const told = heads.map(head => head.id).join()
    if (fold.dataset.told === told) return
    fold.dataset.told = told
    fold.hidden = heads.length < 3
    if (innerWidth >= 1296) fold.open = true
    fold.querySelector('ul').replaceChildren(...heads.map(head => {
        const item = document.createElement('li'), link = document.createElement('a')
        link.href = '#' + head.id
        link.textContent = head.innerText.trim()
        link.onclick = event => {
            event.preventDefault()
            history.replaceState(history.state, '', location.pathname + location.search + '#' + head.id)
            head.scrollIntoView()
            head.tabIndex = -1
            head.focus({preventScroll: true})
        }
        item.append(link)
        return item
    }))
}
window.listing = new MutationObserver(() => { clearTimeout(window.fills); window.fills = setTimeout(fill, 60) })
window.listing.observe(document.body, {childList: true, subtree: true})
fill()
}
"""
"""Fills the list whenever the headings change, and moves there without asking the server for the page again."""


SKIP = '<a class="hw-skip" href="#answer-in-figures">To the answer in figures</a>'
"""For whoever goes by keys: past the menu and the fields; not there where there is no answer."""


def look() -> None:
    """Lay the look over the page."""
    st.html(STYLE)
    st.html(SKIP)


def contents() -> None:
    """Put the contents list where it belongs."""
    st.html(CONTENTS)
