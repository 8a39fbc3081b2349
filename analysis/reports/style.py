"""How does the page look: on a wide screen, on a telephone, on paper?

Dark on white, at least 7:1 for text (WCAG 2.2, 1.4.6), one accent; letters that every computer has. Nothing is fetched:
the page says itself that it may not.
"""

POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
"""What a browser may do for the page: draw what is in it."""

CSS = """
:root { color-scheme: light; --ink: #0b0c0c; --soft: #3d3d3d; --line: #b1b4b6; --accent: #12436d; --pale: #f3f2f1; }
* { box-sizing: border-box; }
body {
  margin: 0; color: var(--ink);
  background: #fff; font: 1.0625rem/1.55 Arial, "Liberation Sans", Helvetica, sans-serif;
}
.skip { position: absolute; left: -99rem; }
.skip:focus { left: 1rem; top: .5rem; padding: .5rem; background: #fff; }
header, main, footer, nav { max-width: 52rem; margin: 0 auto; padding: 0 1rem; }
header { padding-top: 2rem; }
nav { margin-top: 2rem; }
nav ol { columns: 2 18rem; padding-left: 1.4rem; margin: .5rem 0 0; }
nav li { break-inside: avoid; padding: .25rem 0; }
a { color: var(--accent); }
a:focus, .roll:focus { outline: 3px solid var(--accent); outline-offset: 2px; }
h1 { font-size: 2rem; line-height: 1.2; margin: 0 0 .5rem; }
h2 {
  font-size: 1.5rem; line-height: 1.25;
  margin: 3rem 0 .75rem; padding-top: .75rem; border-top: 2px solid var(--accent);
}
header h2 { font-size: 1.1875rem; margin: 1.5rem 0 .4rem; padding: 0; border: 0; }
h3 { font-size: 1.1875rem; line-height: 1.3; margin: 2rem 0 .5rem; }
p, ul, ol { margin: 0 0 .9rem; }
ul { padding-left: 1.3rem; }
li { margin-bottom: .35rem; }
.answer {
  font-size: 1.3125rem; line-height: 1.45;
  padding: .9rem 1.1rem; border-left: 6px solid var(--accent); background: var(--pale);
}
.warning { padding: .8rem 1.1rem; border: 2px solid #801650; border-left-width: 8px; font-weight: bold; }
.caption, footer { font-size: .9375rem; color: var(--soft); }
.label { font-weight: bold; margin-bottom: .3rem; }
figure { margin: 1rem 0 .75rem; }
svg, img { display: block; max-width: 100%; height: auto; }
.narrow { display: none; }
.roll { overflow-x: auto; margin: 0 0 1.25rem; }
table { border-collapse: collapse; font-size: .9375rem; line-height: 1.35; width: 100%; }
caption { text-align: left; font-weight: bold; padding: .4rem 0; }
th, td { text-align: left; vertical-align: top; padding: .4rem .75rem .4rem 0; border-bottom: 1px solid var(--line); }
thead th { border-bottom: 2px solid var(--ink); vertical-align: bottom; }
tbody th { font-weight: normal; min-width: 6.5rem; }
tbody td:not(.number) { min-width: 5rem; }
.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
.small table { font-size: .8125rem; }
.small .number { font-family: "Liberation Mono", Consolas, Menlo, monospace; font-size: .75rem; }
pre {
  white-space: pre-wrap; overflow-wrap: anywhere;
  background: var(--pale); padding: 1rem; font: .9375rem/1.45 "Liberation Mono", Consolas, Menlo, monospace;
}
td, th, p, li { overflow-wrap: break-word; }
footer { padding-top: 2rem; padding-bottom: 3rem; }
@media (max-width: 600px) {
  body { font-size: 1rem; }
  h1 { font-size: 1.5rem; }
  h2 { font-size: 1.25rem; }
  .answer { font-size: 1.125rem; }
  .both .broad { display: none; }
  .both .narrow { display: block; }
}
@page { size: A4; margin: 18mm 17mm; }
@media print {
  body { font-size: 10pt; line-height: 1.4; }
  header, main, footer { max-width: none; padding: 0; }
  nav, .skip, .take { display: none; }
  main { break-before: page; }
  h1 { font-size: 20pt; }
  h2 { font-size: 14pt; margin-top: 1.5em; }
  header h2 { font-size: 11.5pt; }
  h3 { font-size: 11.5pt; }
  .answer { font-size: 13pt; }
  h2, h3, .label, caption { break-after: avoid; }
  figure, tr, .answer, .warning, li { break-inside: avoid; }
  thead { display: table-header-group; }
  .roll { overflow: visible; }
  table, .caption, footer { font-size: 8.5pt; }
  .small table { font-size: 6.5pt; }
  .small .number { font-size: 6pt; }
  .both .broad { display: block; }
  .both .narrow { display: none; }
  .broad svg { max-width: 165mm; }
}
"""
