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
  const { console, setTimeout, clearTimeout, setInterval, clearInterval } = globalThis;
  const { Promise, URL, JSON, Date, Math, Object, Array, Error, performance } = globalThis;
  const { queueMicrotask } = globalThis;
  return {
    ...{ console, setTimeout, clearTimeout, setInterval, clearInterval, queueMicrotask },
    ...{ Promise, URL, JSON, Date, Math, Object, Array, Error, performance },
  };
}
