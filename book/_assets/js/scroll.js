// What is wider than the screen scrolls; this lets the keyboard scroll it too. The theme does
// the same for code.
const WIDE = "mjx-container[display='true'], .pst-scrollable-table-container, .course-widget-stage";

function letFocus() {
  for (const element of document.querySelectorAll(WIDE)) {
    if (element.scrollWidth > element.clientWidth) element.tabIndex = 0;
    else element.removeAttribute("tabindex");
  }
}

new ResizeObserver(letFocus).observe(document.body);
window.MathJax?.startup?.promise?.then(letFocus);
letFocus();
