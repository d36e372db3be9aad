// Who knows "the connected four-point function" of the lectures finds formula, code and claim three clicks from the front page.
import {openPage} from './site.js';

const below = "xpath=//main//h3[contains(., 'onnected four-point function')]/following::a[@href]";

const program = (site, address) => site.files.has('source-' + address?.split('#')[0]);

/** Clicks the first of some links that leads to a program where that is asked for; waits for the page behind it. */
async function follow(tab, links, leadsOn) {
  for (const link of await links.all()) {
    if (!leadsOn(await link.getAttribute('href'))) continue;
    const before = tab.url();
    await link.click();
    await tab.waitForURL(address => address.href !== before, {timeout: 3000});
    return true;
  }
  return false;
}

export async function clicks(browser, site, note) {
  const tab = await openPage(await browser.newContext({viewport: {width: 1280, height: 900}}), site);
  await tab.open(site.onDisk('index.html'));
  const way = ['index.html'], step = async (what, links, leadsOn) => {
    if (!await follow(tab, links, leadsOn)) return note(way.at(-1), `has no link to ${what}`), false;
    return way.push(tab.url().split('/').pop());
  };
  const arrived = await step('the results', tab.locator('main').getByRole('link', {name: /results/i}), () => true) &&
    await step('a program of the connected four-point function', tab.locator(below), address => program(site, address));
  if (arrived)
    for (const [what, selector] of Object.entries({'formula': '.katex-display', 'code': '.code .line', 'claim': '.claims tbody tr'}))
      if (!await tab.locator(selector).first().isVisible().catch(() => false)) note(way.at(-1), `shows no ${what}`);
  return way.join(' → ');
}
