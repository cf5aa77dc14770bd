/**
 * Tab inside the pane. office.js in Excel on the web walks Tab through a list of its own and takes
 * the key from the browser (excel-web-16.00.debug.js of @microsoft/office-js 1.1.110, lines 5768
 * and 6143, read 2026-11-22). From an element that is not in its list it leaves for the workbook:
 * that is every element with tabindex -1, and those get the focus when a step opens or a button has
 * done its work. From there the browser walks, to the next element on the screen.
 */
export function keepTabInPane(page: Document): void {
  page.addEventListener('keydown', (event) => {
    const from = event.target;
    // office.js listens on the window, behind us.
    if (event.key === 'Tab' && from instanceof Element && from.matches('[tabindex="-1"]'))
      event.stopPropagation();
  });
}
