/** The few things of a browser that excel-web-16.00.js touches while it loads in Node. */

const nothing = (): void => undefined;

function element(): Record<string, unknown> {
  return {
    style: {},
    href: '',
    setAttribute: nothing,
    appendChild: nothing,
    addEventListener: nothing,
    getElementsByTagName: () => [],
  };
}

const storage = {
  length: 0,
  getItem: () => null,
  setItem: nothing,
  removeItem: nothing,
  key: () => null,
};

/** A window whose _richApiNativeBridge leads to our host. */
export function browserLike(bridge: object): Record<string, unknown> {
  const document = {
    ...element(),
    createElement: element,
    getElementById: () => null,
    querySelectorAll: () => [],
    head: element(),
    body: element(),
    documentElement: element(),
    readyState: 'complete',
    domain: 'localhost',
    cookie: '',
  };
  const window: Record<string, unknown> = {
    ...shared(),
    document,
    name: '',
    addEventListener: nothing,
    attachEvent: nothing,
    sessionStorage: storage,
    localStorage: storage,
    navigator: { userAgent: 'node', platform: 'node' },
    history: {},
    external: {},
    location: {
      search: '',
      hash: '',
      href: 'https://localhost/',
      origin: 'https://localhost',
      protocol: 'https:',
      hostname: 'localhost',
    },
    fetch: () => Promise.reject(new Error('office.js asks for nothing from the net here')),
    CustomFunctionMappings: {},
    _richApiNativeBridge: bridge,
  };
  for (const name of ['window', 'self', 'globalThis', 'top', 'parent']) window[name] = window;
  return window;
}

/** The same constructors on both sides: a Date or Error of the add-in is one of ours. */
function shared(): Record<string, unknown> {
  const { console, clearTimeout, clearInterval } = globalThis;
  const { Promise, URL, JSON, Date, Math, Object, Array, Error, performance } = globalThis;
  const { queueMicrotask } = globalThis;
  return {
    ...{ console, clearTimeout, clearInterval, queueMicrotask },
    setTimeout: quietTimeout,
    setInterval: quietInterval,
    ...{ Promise, URL, JSON, Date, Math, Object, Array, Error, performance },
  };
}

const LONG_MS = 10_000;

/** Timers of office.js that only watch and clean up must not keep a finished test run alive. */
function quietTimeout(run: () => void, ms = 0): NodeJS.Timeout {
  const timer = setTimeout(run, ms);
  return ms >= LONG_MS ? timer.unref() : timer;
}

function quietInterval(run: () => void, ms = 0): NodeJS.Timeout {
  return setInterval(run, ms).unref();
}
