// What the pages do beyond standing there: the menu of a phone, and marking where the reader is.
'use strict';

const page = decodeURIComponent(location.pathname.split('/').pop()) || 'index.html';

/** Marks the page in the navigation and lists its sections below it. */
function markCurrentPage() {
  // Pages of the reference belong to the library, a source page to its program, a solution to its exercise
  const owner = page.replace(/^source-/, '').replace(/^solution-/, 'exercise-');
  const links = [...document.querySelectorAll('#navigation a')];
  const here = links.find(a => a.getAttribute('href') === owner) ||
               links.find(a => a.getAttribute('href') === 'library.html');
  if (!here) return;
  here.closest('details')?.setAttribute('open', '');
  here.setAttribute('aria-current', here.getAttribute('href') === page ? 'page' : 'true');
  const headings = [...document.querySelectorAll('.contents h2[id]')];
  if (here.getAttribute('href') !== page || headings.length < 2) return;
  const list = document.createElement('ul');
  list.className = 'sections';
  for (const heading of headings) {
    const item = document.createElement('li'), link = document.createElement('a');
    link.href = '#' + heading.id;
    link.append(...[...heading.childNodes].map(node => node.cloneNode(true)));
    link.querySelectorAll('a').forEach(inner => inner.replaceWith(...inner.childNodes));
    item.append(link);
    list.append(item);
  }
  here.after(list);
  followReading(headings, list);
  here.scrollIntoView({block: 'nearest'});
}

/** The navigation shows the programs of the chapter that one is in, and of the others the titles. */
function foldNavigation() {
  const navigation = document.getElementById('navigation');
  navigation.classList.add('folding');
  for (const chapter of navigation.querySelectorAll('.chapter'))
    chapter.classList.toggle('open', !chapter.querySelector(':scope > a') || chapter.querySelector('[aria-current]') !== null);
}

/** Long code shows its beginning and a button for the rest. */
function foldLongCode() {
  for (const code of document.querySelectorAll('.code > .fragment')) {
    const lines = code.querySelectorAll('.line').length;
    if (lines < 60) continue;
    const button = document.createElement('button');
    button.type = 'button';
    button.className = 'unfold';
    const show = open => {
      code.classList.toggle('folded', !open);
      button.setAttribute('aria-expanded', String(open));
      button.textContent = open ? 'Show the beginning alone' : `Show all ${lines} lines`;
    };
    button.addEventListener('click', () => show(code.classList.contains('folded')));
    // What has the focus must be in sight
    code.addEventListener('focusin', () => show(true));
    code.after(button);
    show(false);
  }
}

/** Commands beside the title can be copied. */
function offerCopies() {
  for (const code of document.querySelectorAll('.run code')) {
    const button = document.createElement('button');
    button.type = 'button';
    button.textContent = 'Copy';
    button.addEventListener('click', async () => {
      try {
        await navigator.clipboard.writeText(code.textContent);
        button.textContent = 'Copied';
      } catch {
        getSelection().selectAllChildren(code);
        button.textContent = 'Selected';
      }
      setTimeout(() => { button.textContent = 'Copy'; }, 2000);
    });
    code.after(button);
  }
}

/** Marks in the navigation the section that is being read. */
function followReading(headings, list) {
  if (!('IntersectionObserver' in window)) return;
  const links = [...list.querySelectorAll('a')];
  const mark = () => {
    let current = -1;
    headings.forEach((heading, i) => { if (heading.getBoundingClientRect().top < 160) current = i; });
    links.forEach((link, i) => link.classList.toggle('reading', i === current));
  };
  const observer = new IntersectionObserver(mark, {rootMargin: '-100px 0px -60% 0px'});
  headings.forEach(heading => observer.observe(heading));
}

/** The navigation of a narrow screen opens and closes by its button, and closes with Escape. */
function makeMenu() {
  const button = document.querySelector('.menu');
  const show = open => {
    document.body.classList.toggle('menu-open', open);
    button.setAttribute('aria-expanded', String(open));
  };
  button.addEventListener('click', () => show(!document.body.classList.contains('menu-open')));
  document.getElementById('navigation').addEventListener('click', event => {
    if (event.target.closest('a')) show(false);
  });
  document.addEventListener('keydown', event => {
    if (event.key !== 'Escape' || !document.body.classList.contains('menu-open')) return;
    show(false);
    button.focus();
  });
}

/** What Doxygen leaves out for those who do not see its pages. */
function describeReference() {
  const title = document.querySelector('.headertitle .title');
  if (title && !document.querySelector('h1')) {
    title.setAttribute('role', 'heading');
    title.setAttribute('aria-level', '1');
  } else if (!document.querySelector('h1')) {
    const heading = document.createElement('h1');
    heading.textContent = document.title.split(' · ')[0];
    document.querySelector('.contents')?.prepend(heading);
  }
  document.querySelectorAll('.contents th:not([scope])').forEach(th => th.setAttribute('scope', 'col'));
  // Doxygen links to lists of private classes that it then leaves out
  for (const link of document.querySelectorAll('.summary a[href^="#"]')) {
    if (document.getElementById(link.hash.slice(1)) || document.getElementsByName(link.hash.slice(1)).length) continue;
    (link.nextSibling || link.previousSibling)?.remove();
    link.remove();
  }
  // Its lists link each file twice, once by a picture that we leave out
  document.querySelectorAll('a > .icondoc').forEach(picture => picture.parentElement.remove());
  // Its own windows of results are replaced by ours
  for (const id of ['MSearchSelectWindow', 'MSearchResultsWindow']) document.getElementById(id)?.remove();
  // Code that is wider than its box can be scrolled with the keyboard
  document.querySelectorAll('.fragment').forEach(code => {
    if (code.scrollWidth > code.clientWidth) code.tabIndex = 0;
  });
}

/** Options and names in the text stay on one line; only long code may break. */
function keepShortCodeWhole() {
  for (const code of document.querySelectorAll('.contents code'))
    if (code.textContent.length < 26) code.style.whiteSpace = 'nowrap';
}

/** Headings can be linked to: a sign appears beside the one pointed at. */
function linkHeadings() {
  for (const heading of document.querySelectorAll('.contents h2[id], .contents h3[id]')) {
    const link = document.createElement('a');
    link.className = 'here';
    link.href = '#' + heading.id;
    link.setAttribute('aria-label', 'Link to this section');
    link.textContent = '§';
    heading.append(link);
  }
}

markCurrentPage();
foldNavigation();
makeMenu();
describeReference();
linkHeadings();
keepShortCodeWhole();
foldLongCode();
offerCopies();
renderFormulas();
if (location.hash) document.getElementById(decodeURIComponent(location.hash.slice(1)))?.scrollIntoView();
document.documentElement.classList.add('rendered');
