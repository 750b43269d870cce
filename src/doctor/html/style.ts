/** Of the page: one column that fits a phone, light or dark as the reader's machine has it. Colours have a contrast of 4.5 and more. */
export const style = `
:root {
  color-scheme: light dark;
  --back: #fff; --text: #1b1f24; --soft: #57606a; --line: #d0d7de; --panel: #f6f8fa;
  --error: #b3201c; --warning: #7a4b00; --note: #0a58ad; --ok: #176b32;
}
@media (prefers-color-scheme: dark) {
  :root {
    --back: #0f1318; --text: #e6edf3; --soft: #9aa5b1; --line: #343c45; --panel: #191f26;
    --error: #ff8a80; --warning: #e3b341; --note: #79b8ff; --ok: #67d182;
  }
}
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 1rem; max-width: 60rem; background: var(--back); color: var(--text);
  font: 1rem/1.5 system-ui, sans-serif; overflow-wrap: anywhere; }
h1 { font-size: 1.5rem; line-height: 1.25; margin: 0 0 .5rem; }
h2 { font-size: 1.2rem; margin: 2rem 0 .5rem; border-bottom: 1px solid var(--line); }
h3 { font-size: 1.05rem; margin: 0 0 .25rem; }
p { margin: .25rem 0; }
a { color: var(--note); }
article, details { background: var(--panel); border: 1px solid var(--line); border-radius: .4rem; padding: .75rem; margin: .75rem 0; }
article { border-inline-start: .3rem solid var(--line); }
article.error { border-inline-start-color: var(--error); }
article.warning { border-inline-start-color: var(--warning); }
article.note { border-inline-start-color: var(--note); }
details { padding: .4rem .75rem; margin: .3rem 0; }
summary { cursor: pointer; }
code, pre { font: .9em/1.45 ui-monospace, monospace; }
pre { margin: .4rem 0; padding: .5rem; background: var(--back); border: 1px solid var(--line); border-radius: .3rem;
  white-space: pre-wrap; }
dl { margin: .25rem 0; } dt { color: var(--soft); } dd { margin: 0 0 .4rem; }
ul { margin: .25rem 0; padding-inline-start: 1.2rem; }
.soft { color: var(--soft); }
.error-text { color: var(--error); font-weight: 600; }
.warning-text { color: var(--warning); font-weight: 600; }
.note-text { color: var(--note); font-weight: 600; }
.ok-text { color: var(--ok); font-weight: 600; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: start; vertical-align: top; padding: .3rem .5rem; border-bottom: 1px solid var(--line); }
.matrix th { font-weight: 600; white-space: nowrap; }
.matrix td { min-width: 6rem; }
.bytes { display: flex; flex-wrap: wrap; gap: .2rem; padding: 0; margin: .4rem 0; list-style: none; }
.bytes li { font: .8rem/1.3 ui-monospace, monospace; text-align: center; padding: .15rem .3rem; border: 1px solid var(--line);
  border-radius: .2rem; background: var(--back); }
.bytes li span { display: block; }
.bytes .differs { border-color: var(--error); outline: 1px solid var(--error); }
.bytes .unmasked { opacity: .75; border-style: dotted; }
@media print { details > * { display: block; } }
`;
