#pragma once
// How the HTML form of an analysis looks. The ladder's middle column has a lifeline for each end and an arrow between them.

#include <string_view>

namespace ikescope::present {

inline constexpr std::string_view html_style = R"css(
:root { color-scheme: light dark; --ink: #1d2733; --soft: #5d6b7a; --line: #d5dce3; --paper: #fff; --card: #f6f8fa;
  --red: #b3261e; --amber: #8a5a00; --blue: #1f5fa8; --green: #1d7a3a; }
@media (prefers-color-scheme: dark) { :root { --ink: #dfe6ee; --soft: #96a3b1; --line: #37424e; --paper: #14191f; --card: #1c232b;
  --red: #ff8a80; --amber: #ffc15e; --blue: #8ab8f0; --green: #7bd694; } }
body { font: 15px/1.5 system-ui, "Segoe UI", "DejaVu Sans", sans-serif; color: var(--ink); background: var(--paper);
  max-width: 64rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.5rem; } h2 { font-size: 1.2rem; margin: 2.2rem 0 .4rem; border-top: 1px solid var(--line); padding-top: 1.2rem; }
h3 { font-size: 1rem; margin: 0; } h4 { font-size: .85rem; margin: .9rem 0 .2rem; color: var(--soft); }
small { color: var(--soft); font-weight: normal; margin-left: .6em; }
.files { list-style: none; padding: 0; } p { margin: .35rem 0; }
.verdict { font-weight: 600; } .verdict.error { color: var(--red); } .verdict.good { color: var(--green); }
dl { display: grid; grid-template-columns: 7rem 1fr; gap: .15rem .8rem; } dt { color: var(--soft); } dd { margin: 0; overflow-wrap: anywhere; }
pre, code, .time, .frame, .content, .label { font-family: ui-monospace, "DejaVu Sans Mono", Consolas, monospace; font-size: .86em; }
pre { background: var(--paper); border: 1px solid var(--line); border-radius: 4px; padding: .6rem .8rem; overflow-x: auto; margin: .3rem 0; }
.ladder { border-collapse: collapse; width: 100%; margin: 1rem 0; }
.ladder td, .ladder th { padding: .15rem .6rem; vertical-align: top; text-align: left; font-weight: normal; }
.ladder th { color: var(--soft); font-size: .86em; vertical-align: bottom; } .ladder .time, .ladder .frame { text-align: right; white-space: nowrap; }
.ladder .ends { padding: .15rem 0; } .ends span { float: left; } .ends span + span { float: right; }
.ladder .lane { position: relative; text-align: center; border-left: 2px solid var(--line); border-right: 2px solid var(--line); min-width: 22rem; }
.lane .label { position: relative; z-index: 1; background: var(--paper); padding: 0 .4em; font-weight: 600; }
.lane.right::before, .lane.left::before { content: ""; position: absolute; left: 4px; right: 4px; top: .95em; border-top: 1.5px solid currentColor; }
.lane.right::after, .lane.left::after { content: ""; position: absolute; top: calc(.95em - 4px); border: 4.5px solid transparent; }
.lane.right::after { right: 1px; border-left: 7px solid currentColor; border-right: 0; }
.lane.left::after { left: 1px; border-right: 7px solid currentColor; border-left: 0; }
.right { color: var(--blue); } .left { color: var(--amber); } .bad .lane, .bad .content, .bad .mark { color: var(--red); }
.repeated .lane { opacity: .65; } .opened .content { color: var(--green); } .repeated .content, .sealed .content { color: var(--soft); }
.mark { color: var(--soft); margin-left: .8em; font-size: .86em; }
article { background: var(--card); border-left: 4px solid var(--blue); border-radius: 4px; padding: .8rem 1rem; margin: .8rem 0; }
article.error { border-color: var(--red); } article.warning { border-color: var(--amber); }
.severity { text-transform: uppercase; font-size: .8em; letter-spacing: .04em; color: var(--blue); }
.error .severity { color: var(--red); } .warning .severity { color: var(--amber); }
.title { font-weight: 600; } .source { color: var(--soft); font-size: .86em; }
.evidence { margin: .2rem 0; padding-left: 0; list-style: none; } .evidence li { padding-left: 6rem; position: relative; overflow-wrap: anywhere; }
.evidence span { position: absolute; left: 0; color: var(--amber); } .evidence .proved { color: var(--green); }
.summary { border-top: 1px solid var(--line); padding-top: 1rem; margin-top: 2rem; font-weight: 600; }
@media print { body { max-width: none; margin: 0; } article, tr { break-inside: avoid; } }
)css";

} // namespace ikescope::present
