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
globalThis.ResizeObserver ??= NoResize as unknown as typeof ResizeObserver;
