// Runs inside every page of the site, before anything else, and tells the frame around it what it saw.
'use strict';
(() => {
const errors = [];
addEventListener('error', event => {
  const source = event.target && (event.target.src || event.target.href);
  errors.push(source ? 'cannot load ' + source : event.message);
}, true);
addEventListener('unhandledrejection', event => errors.push('rejected: ' + event.reason));
for (const level of ['error', 'warn']) console[level] = (...words) => errors.push(`console.${level}: ` + words.join(' '));

const text = node => node.textContent.trim().replace(/\s+/g, ' ').slice(0, 60);
const visible = element => element.checkVisibility() && !element.closest('.hidden, .skip, [inert]');

/** Text nodes that a reader sees, without code and formulas. */
function* prose() {
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const parent = walk.currentNode.parentElement;
    if (walk.currentNode.textContent.trim() && !parent.closest('script, style, .katex, pre, code, .fragment')) yield walk.currentNode;
  }
}

const rawFormulas = () => [...prose()].filter(node => /\\[()[\]]|\\f[$[\]]|\$[^ ]/.test(node.textContent)).map(text);

/** Elements that stick out of the screen although nothing around them scrolls. */
function stickingOut() {
  const edge = document.documentElement.clientWidth + 1;
  if (document.documentElement.scrollWidth <= edge) return [];
  return [...document.body.querySelectorAll('*')].filter(element => {
    if (!visible(element) || element.getBoundingClientRect().right <= edge) return false;
    for (let up = element.parentElement; up && up !== document.body; up = up.parentElement)
      if (getComputedStyle(up).overflowX !== 'visible') return false;
    return true;
  }).slice(0, 1).map(element => `<${element.localName} class="${element.className}"> ${text(element)}`);
}

const channels = color => (color.match(/[\d.]+/g) || []).map(Number);
function luminance(color) {
  const linear = channels(color).slice(0, 3).map(c => c / 255).map(c => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
  return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2];
}
function background(element) {
  for (let up = element; up; up = up.parentElement) {
    const color = getComputedStyle(up).backgroundColor, [, , , alpha = 1] = channels(color);
    if (alpha > 0.5) return color;
  }
  return 'rgb(255, 255, 255)';
}

/** Text whose colour is too close to what lies behind it (WCAG AA: 4.5, for large text 3). */
function faint() {
  const found = [];
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const element = walk.currentNode.parentElement, style = getComputedStyle(element);
    if (!walk.currentNode.textContent.trim() || !visible(element) || style.opacity < 0.9 || element.closest('.lines, .here, .lineno, .katex-mathml')) continue;
    const [dark, light] = [luminance(style.color), luminance(background(element))].sort((a, b) => a - b);
    const contrast = (light + 0.05) / (dark + 0.05);
    if (contrast < (parseFloat(style.fontSize) >= 24 ? 3 : 4.5)) found.push(`${contrast.toFixed(1)}: ${text(element)}`);
  }
  return found.slice(0, 3);
}

/** Where links lead and what is loaded. */
function references() {
  const list = [];
  for (const [selector, attribute] of [['a[href]', 'href'], ['img[src]', 'src'], ['script[src]', 'src'], ['link[href]', 'href']])
    for (const element of document.querySelectorAll(selector)) {
      const address = element.getAttribute(attribute);
      if (!address.startsWith('javascript:')) list.push({tag: element.localName, address});
    }
  return list;
}

async function searched() {
  const query = new URLSearchParams(location.search).get('find');
  if (!query) return null;
  const field = document.getElementById('search');
  field.value = query;
  field.dispatchEvent(new Event('input'));
  await new Promise(resolve => setTimeout(resolve, 500));
  return [...document.querySelectorAll('#results [role=option] a')].map(a => a.getAttribute('href'));
}

addEventListener('load', async () => {
  await document.fonts.ready;
  await new Promise(resolve => setTimeout(resolve, 50));
  const images = [...document.images];
  parent.postMessage({
    page: location.pathname.split('/').pop(),
    width: innerWidth,
    found: await searched(),
    errors,
    rawFormulas: rawFormulas(),
    badFormulas: [...document.querySelectorAll('.katex-error, .katex [mathcolor="#cc0000"]')].map(text),
    formulas: document.querySelectorAll('.katex').length,
    mathml: document.querySelectorAll('.katex math').length,
    stickingOut: stickingOut(),
    faint: faint(),
    references: references(),
    loaded: performance.getEntriesByType('resource').map(entry => entry.name),
    brokenImages: images.filter(image => image.complete && !image.naturalWidth).map(image => image.src),
    imagesWithoutText: images.filter(image => !image.hasAttribute('alt')).map(image => image.src),
    ids: [...document.querySelectorAll('[id], a[name]')].map(element => element.id || element.name),
    twice: [...document.querySelectorAll('[id]')].map(e => e.id).filter((id, i, all) => all.indexOf(id) !== i),
    titles: document.querySelectorAll('h1, [role=heading][aria-level="1"]').length,
    landmarks: ['header', 'nav#navigation', 'main', 'footer'].filter(name => !document.querySelector(name)),
    current: document.querySelectorAll('#navigation [aria-current]').length,
    tablesWithoutScope: document.querySelectorAll('main th:not([scope])').length,
  }, '*');
});
})();
