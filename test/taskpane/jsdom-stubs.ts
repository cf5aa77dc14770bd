// jsdom has no layout: what Fluent UI and the virtual list ask for is stubbed here.
class NoResize {
  observe(): void {
    /* Nothing resizes in jsdom. */
  }
  unobserve(): void {
    /* Nothing was observed. */
  }
  disconnect(): void {
    /* Nothing to end. */
  }
}
globalThis.ResizeObserver = NoResize;
globalThis.matchMedia = ((query: string) => ({
  matches: false,
  media: query,
  addEventListener: () => undefined,
  removeEventListener: () => undefined,
})) as unknown as typeof matchMedia;
// The virtual list draws what fits into its box: here one that holds every row of a test.
const heightOf = (element: HTMLElement): number =>
  element.classList.contains('grid-row') ? 32 : 2000;
Object.defineProperties(HTMLElement.prototype, {
  offsetHeight: {
    configurable: true,
    get(this: HTMLElement) {
      return heightOf(this);
    },
  },
  offsetWidth: { configurable: true, get: () => 320 },
  clientWidth: { configurable: true, get: () => 320 },
  clientHeight: { configurable: true, get: () => 2000 },
});
Element.prototype.scrollTo = function scrollTo(): void {
  /* jsdom does not scroll. */
};
