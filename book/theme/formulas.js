// Formulas, on the pages of the site and in the printed book.
'use strict';

/** Renders \(…\) and \[…\] with KaTeX, as HTML for the eye and MathML for screen readers. */
function renderFormulas() {
  renderMathInElement(document.body, {
    delimiters: [
      {left: '\\[', right: '\\]', display: true},
      {left: '\\(', right: '\\)', display: false},
    ],
    ignoredTags: ['script', 'noscript', 'style', 'textarea', 'pre', 'code', 'option'],
    ignoredClasses: ['fragment'],
    throwOnError: false,
    strict: false,
  });
}
