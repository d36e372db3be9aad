// A test of the tests: a copy of the fixture's site is broken in many ways, and each must be reported.
import {cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {pages} from './pages.js';
import {openSite} from './site.js';
import {use} from './use.js';

/** File, what is replaced in it, by what, and what must be said of it. */
const brokenPages = [
  ['tides.html', '</main>', '<script>undefined.sea</script></main>', 'tides.html: says: error'],
  ['tides.html', '</main>', '<img alt="" src="http://elsewhere.example/tide.png"></main>', 'tides.html: says: asks for http://elsewhere'],
  ['notation.html', '</main>', '<p>Left as it was: \\( x </p></main>', 'notation.html: formula not rendered'],
  ['notation.html', '</main>', '<p>\\(\\ebb\\)</p></main>', 'notation.html: formula KaTeX cannot read'],
  ['sections.html', '</main>', '<a href="ebb.html">ebb</a></main>', 'sections.html: broken link: ebb.html'],
  ['sections.html', '</main>', '<a href="tides.html#ebb">ebb</a></main>', 'sections.html: no such anchor: tides.html#ebb'],
  ['atlas.html', '</main>', '<img alt="none" src="none.svg"></main>', 'atlas.html: broken image'],
  ['atlas.html', '</main>', '<img src="icon.svg"></main>', 'atlas.html: image without alternative text'],
  ['times.html', '</main>', '<p id="main">Again</p></main>', 'times.html: id used twice: main'],
  ['times.html', '</main>', '<div style="width: 400px">Wide</div></main>', 'times.html: wider than a screen of 360'],
  ['times.html', '</main>', '<div style="width: 1300px">Wider</div></main>', 'times.html: wider than a screen of 1280'],
  ['exercises.html', '</main>', '<p style="color: #999; background: #fff">Pale</p></main>', 'exercises.html: contrast in light colours: 2.8 of Pale'],
  ['library.html', '</main>', '<p style="color: light-dark(#000, #333)">Gone at night</p></main>', 'library.html: axe in dark colours: color-contrast'],
  ['library.html', '</main>', '<button></button></main>', 'library.html: axe: button-name'],
  ['tides-moon.html', '<footer', '<div', 'tides-moon.html: lacks: footer'],
  ['tides-moon.html', '</main>', '<h2>Two</h2><h4>Four</h4></main>', 'tides-moon.html: heading two levels'],
  ['tides-moon.html', '</main>', '<table><tr><th>Ebb</th></tr></table></main>', 'tides-moon.html: table head without scope'],
  ['tides-sun.html', '</main>', '<h1>Another</h1></main>', 'tides-sun.html: titles of the first level that are not one: 2'],
  ['tides-sun.html', 'href="tides.html"', 'aria-current="true" href="tides.html"', 'tides-sun.html: entries of the navigation marked as current'],
  ['exercise-high_tide.html', '</main>', `<!--${'x'.repeat(1.5e6)}--></main>`, 'exercise-high_tide.html: weighs'],
];
/** The same for what readers do. */
const brokenDeeds = [
  ['book.css', 'filter: var(--night)', 'filter: none', 'theme: figures do not follow'],
  ['theme.js', 'try { localStorage.setItem(key, theme); } catch { /* refused */ }', 'localStorage.setItem(key, theme);',
    'theme without storage: '],
  ['tides-moon.html', 'href="#main"', 'href="#mein"', 'skip link: the first Tab'],
  ['claims.js', 'row.hidden = !(', 'row.hidden = false && !(', 'filter and sort: the field of words filters nothing'],
  ['book.js', "event.key !== 'Escape'", "event.key !== 'Esc'", 'menu: Escape does not close'],
  ['exercise-high_tide.html', '<details class="hint"', '<details open class="hint"', 'hints: a hint stands open'],
  ['book.js', 'writeText(code.textContent)', "writeText('ebb')", "copy: copies 'ebb'"],
  ['search.js', 'link.href = hit.address', "link.href = '#'", "search for 'high_tide': does not find"],
  ['index.html', '<head>', '<head><script>for (const end = Date.now() + 1500; Date.now() < end;);</script>', 'index.html: the first paint'],
];

export async function catches(browser, site, note) {
  const copy = mkdtempSync(join(tmpdir(), 'broken-book-')), faults = [...brokenPages, ...brokenDeeds];
  try {
    cpSync(site.root, copy, {recursive: true});
    for (const [file, from, to] of faults) {
      const text = readFileSync(join(copy, file), 'utf8');
      if (!text.includes(from)) note(file, `has no ${from}, so that it cannot be broken`);
      writeFileSync(join(copy, file), text.replaceAll(from, to));
    }
    const broken = await openSite(copy), said = [];
    const collect = (where, words) => said.push(`${where}: ${words}`);
    await pages(browser, broken, collect);
    await use(browser, broken, collect, ['high_tide=exercise-high_tide.html']);
    broken.close();
    for (const [file, , , words] of faults)
      if (!said.some(line => line.startsWith(words))) note(file, `nobody says '${words}'`);
    return `${faults.length} faults`;
  } finally {
    rmSync(copy, {recursive: true});
  }
}
