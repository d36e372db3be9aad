// What runs inside a page, and what it tells.

/** Everything about the page that does not depend on its width, once its fonts are there. */
export async function look() {
  await document.fonts.ready;
  const text = node => node.textContent.trim().replace(/\s+/g, ' ').slice(0, 60);
  const all = selector => [...document.querySelectorAll(selector)];

  /** Text that a reader sees, without code and formulas. */
  const prose = [];
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode())
    if (walk.currentNode.textContent.trim() && !walk.currentNode.parentElement.closest('script, style, .katex, pre, code, .fragment'))
      prose.push(walk.currentNode);

  const ids = all('[id]').map(element => element.id);
  const levels = all('main :is(h1, h2, h3, h4, h5, h6)').map(heading => Number(heading.localName[1]));
  return {
    wrong: {
      'formula not rendered': prose.filter(node => /\\[()[\]]|\\f[$[\]]|\$[^ ]/.test(node.textContent)).map(text),
      'formula KaTeX cannot read': all('.katex-error, .katex [mathcolor="#cc0000"]').map(text),
      'formula without MathML': all('.katex').filter(formula => !formula.querySelector('math')).map(text),
      'broken image': all('img').filter(image => image.complete && !image.naturalWidth).map(image => image.src),
      'image without alternative text': all('img:not([alt])').map(image => image.src),
      'id used twice': ids.filter((id, i) => ids.indexOf(id) !== i),
      'lacks': ['header', 'nav#navigation', 'main', 'footer'].filter(name => !document.querySelector(name)),
      'table head without scope': all('main th:not([scope])').map(text),
      'titles of the first level that are not one':
        [all('h1, [role=heading][aria-level="1"]').length].filter(count => count !== 1),
      'entries of the navigation marked as current that are not one':
        [all('#navigation [aria-current]').length].filter(count => count !== 1),
    },
    skippedLevels: levels.filter((level, i) => i > 0 && level > levels[i - 1] + 1).map(level => `h${level}`),
    formulas: all('.katex').length,
  };
}

/** Where the links and pictures of a page lead, and what links can lead to: of this page, or of another from its HTML. In that,
    scripts have not yet removed the links of a summary that lead nowhere. */
export function links(html) {
  const page = html === undefined ? document : new DOMParser().parseFromString(html, 'text/html');
  if (html !== undefined) page.querySelectorAll('.summary').forEach(summary => summary.remove());
  const all = selector => [...page.querySelectorAll(selector)];
  const references = [['a[href]', 'href'], ['img[src]', 'src'], ['script[src]', 'src'], ['link[href]', 'href']].flatMap(
    ([selector, attribute]) => all(selector).map(element => ({tag: element.localName, address: element.getAttribute(attribute)})));
  return {
    references: references.filter(({address}) => !address.startsWith('javascript:')),
    ids: [...all('[id]').map(element => element.id), ...all('a[name]').map(anchor => anchor.name)],
  };
}

/** Elements that stick out of the screen although nothing around them scrolls. */
export function stickingOut() {
  const edge = document.documentElement.clientWidth + 1;
  if (document.documentElement.scrollWidth <= edge) return [];
  const out = [...document.body.querySelectorAll('*')].filter(element => {
    if (!element.checkVisibility() || element.closest('.hidden, .skip') || element.getBoundingClientRect().right <= edge) return false;
    for (let up = element.parentElement; up && up !== document.body; up = up.parentElement)
      if (getComputedStyle(up).overflowX !== 'visible') return false;
    return true;
  });
  return out.slice(0, 1).map(element => `<${element.localName} class="${element.className}"> ${element.textContent.trim().slice(0, 60)}`);
}

/** Text too close in colour to what lies behind it (WCAG AA: 4.5, for large text 3); axe knows more, and takes ten times as long. */
export function faint() {
  const channels = color => (color.match(/[\d.]+/g) ?? []).map(Number);
  const luminance = color => {
    const [r, g, b] = channels(color).map(c => c / 255).map(c => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const behind = element => {
    for (let up = element; up; up = up.parentElement) {
      const color = getComputedStyle(up).backgroundColor, [, , , alpha = 1] = channels(color);
      if (alpha > 0.5) return color;
    }
    return getComputedStyle(document.documentElement).colorScheme === 'dark' ? 'rgb(18, 18, 18)' : 'rgb(255, 255, 255)';
  };
  const found = [];
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const element = walk.currentNode.parentElement;
    if (!walk.currentNode.textContent.trim() || element.closest('.hidden, .skip, .lines, .here, .katex-mathml') || !element.checkVisibility()) continue;
    const style = getComputedStyle(element);
    if (style.opacity < 0.9) continue;
    const [dark, light] = [luminance(style.color), luminance(behind(element))].sort((a, b) => a - b);
    const contrast = (light + 0.05) / (dark + 0.05);
    if (contrast < (parseFloat(style.fontSize) >= 24 ? 3 : 4.5))
      found.push(`${contrast.toFixed(1)} of ${walk.currentNode.textContent.trim().slice(0, 60)}`);
  }
  return found.slice(0, 3);
}

/** What axe-core finds that is serious or critical: with its slow rules on colours, or by all others. */
export async function violations(colours) {
  const rules = ['color-contrast', 'link-in-text-block'];
  const options = {resultTypes: ['violations'], preload: false};
  if (colours) options.runOnly = {type: 'rule', values: rules};
  else options.rules = Object.fromEntries(rules.map(rule => [rule, {enabled: false}]));
  // KaTeX hides what it draws from screen readers, and gives them MathML
  const {violations} = await axe.run({exclude: ['.katex']}, options);
  // so that a link that is nothing but a formula has a name, of which axe does not know
  for (const violation of violations)
    if (violation.id === 'link-name')
      violation.nodes = violation.nodes.filter(({target}) => !document.querySelector(target[0])?.querySelector('.katex'));
  return violations.filter(({nodes, impact}) => nodes.length && ['serious', 'critical'].includes(impact))
    .map(({id, nodes}) => `${id} at ${nodes.length} places, first ${nodes[0].html.slice(0, 90)}`);
}
