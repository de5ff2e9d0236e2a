/**
 * The look and the few manners of the audit page. Both are inline and pinned by their SHA-256 in the page's content
 * security policy, so that nothing else can run even if an escaper fails. A test recomputes the pins.
 */
export const pageStylePin = 'sha256-x29FBdJU/QlBFKjjA6x8hZXNeOOapBVSpi8NxUyn0d0='
export const pageScriptPin = 'sha256-s0VbHhILPP9bRkoISccOg1tbcWrPNledQ7FgLWDsNK4='

/** Light and dark value of each role. Text reaches 4.5:1 and marks 3:1 on `paper` and `card`; a test computes it. */
export const pageColors = {
  paper: ['#faf8f3', '#15171a'],
  card: ['#ffffff', '#1d2024'],
  ink: ['#22262b', '#e9e6e0'],
  soft: ['#5b616a', '#a9b0b9'],
  line: ['#e0dcd2', '#343940'],
  accent: ['#25598a', '#8fc0ec'],
  meeting: ['#3f5d9d', '#8eaae6'],
  focus: ['#2b7d60', '#63c198'],
  fragment: ['#a7681a', '#dca955'],
  try: ['#8c3d60', '#e59cba'],
  improve: ['#85580a', '#e0b561'],
  keep: ['#1f6b4c', '#7dcda4'],
  nodata: ['#5b616a', '#a9b0b9'],
} as const satisfies Readonly<Record<string, readonly [light: string, dark: string]>>

const colorRoles = Object.entries(pageColors)
  .map(([role, [light, dark]]) => `--${role}:light-dark(${light},${dark})`)
  .join(';')

export const pageStyle = `
:root{color-scheme:light dark;${colorRoles}}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%;scroll-padding-top:1rem}
body{margin:0;background:var(--paper);color:var(--ink);font:1rem/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif;overflow-wrap:anywhere}
header,main,footer{max-width:66rem;margin:0 auto;padding:0 clamp(1rem,4vw,2.5rem)}
h1,h2{font-family:ui-serif,"Iowan Old Style",Palatino,Georgia,"Noto Serif",serif;font-weight:600;text-wrap:balance}
h1{font-size:clamp(2rem,6vw,3rem);line-height:1.1;margin:.2rem 0 .8rem;letter-spacing:-.01em}
h2{font-size:1.55rem;line-height:1.2;margin:0 0 .25rem}
h3{font-size:1.1rem;line-height:1.35;margin:0}
h4{font-size:.95rem;margin:1.4rem 0 .4rem}
p{margin:.4rem 0}
a{color:var(--accent);text-underline-offset:.2em}
:focus-visible{outline:3px solid var(--accent);outline-offset:2px;border-radius:3px}
.skip{position:absolute;left:1rem;top:-4rem;background:var(--card);padding:.5rem 1rem;z-index:2}
.skip:focus{top:.5rem}
.soft,.lead,figcaption,caption{color:var(--soft)}
.lead{max-width:44rem;margin:0 0 1rem}
header{padding-top:2.2rem}
.brand{font-weight:650;color:var(--accent);letter-spacing:.02em;margin:0}
.sample,.note{border-left:4px solid var(--improve);background:var(--card);padding:.5rem .9rem;margin:1rem 0}
nav ul{list-style:none;display:flex;flex-wrap:wrap;gap:.3rem 1.2rem;padding:0;margin:1.2rem 0 0}
nav a{display:inline-block;padding:.25rem 0}
.key{display:flex;flex-wrap:wrap;gap:1px;background:var(--line);border:1px solid var(--line);border-radius:10px;overflow:hidden;margin:1.6rem 0 0}
.key>div{flex:1 1 11.5rem;background:var(--card);padding:1rem 1.2rem;display:flex;flex-direction:column}
.key dt{font-size:.9rem;color:var(--soft)}
.key dd{margin:0}
.key .big{font:600 1.6rem/1.3 ui-serif,"Iowan Old Style",Palatino,Georgia,"Noto Serif",serif;font-variant-numeric:tabular-nums}
main>section,#meetings>section{margin:3rem 0 0}q{display:block;color:var(--soft)}
.charts{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,24rem),1fr));gap:1.2rem}
figure{margin:0;background:var(--card);border:1px solid var(--line);border-radius:10px;padding:1rem 1.2rem;min-width:0}
.charts+figure{margin-top:1.2rem}
figcaption{font-size:.92rem;margin-bottom:.5rem}
figcaption b{color:var(--ink);display:block;font-size:1rem}
svg{display:block;width:100%;height:auto;max-width:34rem}
svg text{font:11px system-ui,sans-serif;fill:var(--soft)}
svg .name{fill:var(--ink)}
svg .grid{stroke:var(--line)}
svg .axis{stroke:var(--soft)}
svg .hatch{stroke:var(--fragment);stroke-width:2.6}
.m{fill:var(--meeting)}.f{fill:var(--focus)}
.r{stroke:var(--fragment);stroke-width:1.2}
.span{stroke:var(--ink);stroke-width:1.4}
.scroll+.scroll,.scroll+h3,.scroll+details{margin-top:1rem}
.short{max-width:28rem}
details>summary{cursor:pointer;min-height:2rem;padding:.25rem 0;color:var(--accent);width:fit-content}
summary:hover,a:hover{text-decoration-thickness:2px}
summary:hover{text-decoration:underline}
.card{background:var(--card);border:1px solid var(--line);border-left:5px solid var(--tone);border-radius:10px;padding:1.1rem 1.3rem .8rem;margin:1rem 0}
.try-without{--tone:var(--try)}.improve{--tone:var(--improve)}.worth-keeping{--tone:var(--keep)}.not-enough-data{--tone:var(--nodata)}
h2 .count{font:500 1rem system-ui,sans-serif;color:var(--soft)}
.head{display:flex;flex-wrap:wrap;gap:.2rem 1.6rem;justify-content:space-between}
.head>div{flex:1 1 19rem;min-width:0}
.head p{margin:.1rem 0 0;font-size:.92rem}
h3 .no{color:var(--tone);font-variant-numeric:tabular-nums;margin-right:.35em}
.cost{display:flex;flex-wrap:wrap;gap:.2rem 1.4rem;margin:.1rem 0 0}@media(min-width:56rem){.cost{display:grid;grid-template-columns:5rem 6.4rem 10.6rem 4rem;gap:0 1rem}.cost div:first-child:nth-last-child(3){grid-column-start:2}}
.cost div{display:flex;flex-direction:column}
.cost dt{white-space:nowrap;font-size:.8rem;color:var(--soft)}
.cost dd{margin:0;font-weight:600;font-variant-numeric:tabular-nums}
.answer{margin:.7rem 0 .5rem;max-width:46rem}
.reasons{list-style:none;padding:0;margin:.4rem 0;display:grid;gap:.3rem;max-width:50rem}
.reasons li{display:grid;grid-template-columns:6.6rem 1fr;gap:.8rem}
.side{font-size:.86rem;font-weight:650;padding-top:.09rem}
.skip-side{color:var(--try)}.keep-side{color:var(--keep)}.improve-side{color:var(--improve)}.unknown-side{color:var(--nodata)}
.advice{margin:.7rem 0;max-width:50rem}
.advice b{color:var(--tone)}
.scroll{overflow-x:auto}
table{border-collapse:collapse;width:100%;font-size:.92rem;font-variant-numeric:tabular-nums;overflow-wrap:break-word}
bdi,q{overflow-wrap:anywhere}
.card caption{position:absolute;clip-path:inset(50%);width:1px;height:1px;overflow:hidden}
caption{text-align:left;padding:.4rem 0;font-size:.9rem}
th,td{text-align:left;vertical-align:top;padding:.35rem .9rem .35rem 0;border-bottom:1px solid var(--line);min-width:4.2rem}
thead th{font-size:.85rem;color:var(--soft);font-weight:600}
.n{text-align:right;white-space:nowrap}
th[scope=row]{font-weight:500}
.steps div{display:grid;grid-template-columns:6.6rem 1fr;gap:.8rem;padding:.25rem 0}
.steps dd{margin:0}
.steps dt{color:var(--soft)}
blockquote{margin:.4rem 0;padding:.6rem .9rem;background:var(--paper);border-radius:6px;max-width:46rem}
blockquote+button{margin-bottom:.7rem}
#filter{display:flex;flex-wrap:wrap;gap:.8rem 1.2rem;align-items:end;margin:2.5rem 0 0}
[hidden]{display:none!important}
label{display:flex;flex-direction:column;font-size:.88rem;gap:.2rem;color:var(--soft)}
input,select,button{font:inherit;color:var(--ink);background:var(--card);border:1px solid var(--soft);border-radius:7px;padding:.35rem .7rem;min-height:2.4rem;max-width:100%}
button{cursor:pointer}
button:hover{border-color:var(--accent);color:var(--accent)}
code{font:.92em ui-monospace,"SF Mono",Consolas,monospace}
footer{margin-top:3rem;padding-bottom:3rem;font-size:.92rem}
@media(max-width:30rem){.reasons li,.steps div{grid-template-columns:1fr;gap:0}.card,figure{padding:.9rem .9rem .6rem}}
@media(prefers-reduced-motion:no-preference){html{scroll-behavior:smooth}}
@media print{@page{size:A4;margin:14mm}:root{color-scheme:light}html{font-size:8.6pt}body{line-height:1.4;background:#fff}
header,main,footer{padding:0;max-width:none}h2,h3,h4{break-after:avoid}
nav,#filter,.skip,.print-off,details:not([open]){display:none}.card,figure,.key>div,tr{break-inside:avoid}
main>section,#meetings>section{margin-top:6mm}.card{padding:2mm 3mm;margin:2mm 0}figure{padding:2mm 3mm}
.charts{grid-template-columns:1fr 1fr;gap:4mm}svg{max-width:92mm}footer{margin-top:6mm;padding:0}}
`

export const pageScript = `
(() => {
  const one = selector => document.querySelector(selector)
  const all = selector => [...document.querySelectorAll(selector)]
  const form = one('#filter')
  if (!form) return
  const words = one('#words')
  const section = one('#section')
  const status = one('#shown')
  const toggle = one('#open-all')
  const cards = all('.card')
  form.hidden = false
  all('[data-copy]').forEach(button => { button.hidden = false })
  const apply = () => {
    const wanted = words.value.trim().toLowerCase()
    let shown = 0
    for (const card of cards) {
      const fits = (!section.value || card.dataset.section === section.value) &&
        (!wanted || card.querySelector('.head').textContent.toLowerCase().includes(wanted))
      card.hidden = !fits
      if (fits) shown++
    }
    for (const part of all('#meetings > section')) part.hidden = !part.querySelector('.card:not([hidden])')
    status.textContent = shown + ' of ' + cards.length + ' series shown'
  }
  words.addEventListener('input', apply)
  section.addEventListener('change', apply)
  form.addEventListener('submit', event => event.preventDefault())
  toggle.addEventListener('click', () => {
    const open = toggle.getAttribute('aria-pressed') !== 'true'
    toggle.setAttribute('aria-pressed', String(open))
    for (const card of cards) for (const part of card.querySelectorAll('details')) part.open = open
  })
  document.addEventListener('click', async event => {
    const button = event.target.closest('[data-copy]')
    if (!button) return
    const source = document.getElementById(button.dataset.copy)
    const label = button.textContent
    let done = true
    try {
      await navigator.clipboard.writeText(source.textContent)
    } catch {
      getSelection().selectAllChildren(source)
      done = document.execCommand('copy')
    }
    status.textContent = button.textContent = done ? 'Copied' : 'Selected: copy it with your keyboard'
    setTimeout(() => { button.textContent = label }, 2500)
  })
})()
`
