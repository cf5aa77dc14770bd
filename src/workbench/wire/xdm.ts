/**
 * The parent-window side of office.js' cross-document messages, as Excel on the web speaks it
 * (excel-web-16.00.debug.js of @microsoft/office-js 1.1.110, lines 4595-6060 and 8798, read
 * 2026-11-21). Messages are JSON texts; the origin is checked exactly, both ways.
 */
import type { Outcome } from '../host.ts';
import type { MessageEntry } from '../objects/events.ts';
import type { RichApiRequest } from '../richapi/protocol.ts';

const MESSAGE = { request: 0, response: 1 } as const;
const ACTION = { invoke: 0, register: 1, unregister: 2 } as const;
const RESPONSE = { calling: 0, eventing: 1 } as const;
const DISPATCH = { richApi: 93, loadSettings: 75, saveSettings: 76 } as const;
/** 1 shared runtime, 2 custom functions: without 2 the function runtime never starts. */
const HOST_FLAGS = 3;
const UNSUPPORTED = 5000;
const ERRORS = { none: 0, handling: -2 } as const;
const EXCEL_WEB_APP = 16;
const RICH_API_MESSAGE = 'richApiMessage';
/** What an add-in tells when Tab goes past its last or first element (AgaveHostAction). */
const TAB_EXITS: ReadonlyMap<unknown, 'forward' | 'backward'> = new Map([
  [13, 'forward'],
  [14, 'backward'],
]);

interface Request {
  readonly _messageType: number;
  readonly _actionType: number;
  readonly _actionName: string;
  readonly _conversationId: string;
  readonly _correlationId: number;
  readonly _data: unknown;
}

export type SettingPairs = readonly (readonly [string, string])[];

export interface XdmOptions {
  readonly url: URL;
  readonly title: string;
  readonly requirements: Readonly<Record<string, string>>;
  readonly documentName: () => string;
  readonly settings: { read(): SettingPairs; write(pairs: SettingPairs): void };
  readonly process: (request: RichApiRequest, flags: number) => Promise<Outcome>;
  readonly onStart: () => void;
  /** Tab has left the add-in; the host says where the focus goes. */
  readonly onTabExit: (way: 'forward' | 'backward') => void;
  readonly onProblem: (words: string) => void;
}

export interface XdmHost {
  readonly frame: HTMLIFrameElement;
  send(entries: readonly MessageEntry[]): void;
  selectionChanged(): void;
  close(): void;
}

export function createXdmHost(options: XdmOptions): XdmHost {
  const conversation = `conv_${crypto.randomUUID()}`;
  const control = 'mcc-workbench';
  const { origin } = options.url;
  const frame = createFrame(options, conversation, control);
  const registered = new Set<string>();
  let queue: MessageEntry[] = [];

  const post = (message: object): void =>
    frame.contentWindow?.postMessage(JSON.stringify(message), origin);

  const envelope = {
    _conversationId: conversation,
    _origin: location.origin,
    _serializerVersion: 1,
  };

  function event(name: string, data: unknown): void {
    post({
      ...envelope,
      _messageType: MESSAGE.response,
      _responseType: RESPONSE.eventing,
      _errorCode: ERRORS.none,
      _actionName: name,
      _correlationId: -1,
      _data: data,
    });
  }

  function reply(request: Request, errorCode: number, data: unknown): void {
    post({
      ...envelope,
      _messageType: MESSAGE.response,
      _responseType: RESPONSE.calling,
      _errorCode: errorCode,
      _actionName: request._actionName,
      _correlationId: request._correlationId,
      _data: data ?? null,
    });
  }

  /** Messages before the add-in listens would be lost, so they wait. */
  function send(entries: readonly MessageEntry[]): void {
    if (registered.has(RICH_API_MESSAGE)) event(RICH_API_MESSAGE, { ArrayData: entries });
    else queue.push(...entries);
  }

  function register(name: string): { Error: number } {
    registered.add(name);
    if (name === RICH_API_MESSAGE && queue.length > 0) {
      const waiting = queue;
      queue = [];
      setTimeout(() => send(waiting), 0);
    }
    return { Error: 0 };
  }

  function invoke(name: string, data: unknown): unknown {
    switch (name) {
      case 'ContextActivationManager_getAppContextAsync':
        // A page that starts (again) listens to nothing yet.
        registered.clear();
        options.onStart();
        return appContext(options, control, data);
      case 'ContextActivationManager_notifyHost': {
        const way = Array.isArray(data) ? TAB_EXITS.get(data[1]) : undefined;
        if (way) options.onTabExit(way);
        return null;
      }
      case 'executeMethod':
        return execute(options, data as MethodCall);
      default:
        throw new Error(`emulated host does not implement the host method ${name}`);
    }
  }

  function handle(type: number, name: string, data: unknown): unknown {
    if (type === ACTION.register) return register(name);
    if (type !== ACTION.unregister) return invoke(name, data);
    registered.delete(name);
    return { Error: 0 };
  }

  async function answer(request: Request): Promise<void> {
    const { _actionName: name, _actionType: type, _data: data } = request;
    try {
      reply(request, ERRORS.none, await handle(type, name, data));
    } catch (error) {
      const words = error instanceof Error ? error.message : String(error);
      options.onProblem(words);
      reply(request, ERRORS.handling, words);
    }
  }

  function receive(message: MessageEvent): void {
    if (message.source !== frame.contentWindow || message.origin !== origin) return;
    const request = parse(message.data);
    if (request?._messageType !== MESSAGE.request) return;
    if (request._conversationId === conversation) void answer(request);
  }

  addEventListener('message', receive);
  return {
    frame,
    send,
    selectionChanged: () => {
      if (registered.has('documentSelectionChanged')) event('documentSelectionChanged', {});
    },
    close: () => {
      removeEventListener('message', receive);
      frame.remove();
    },
  };
}

/** What office.js reads of its host stands in the frame's name and in the address. */
function createFrame(
  options: XdmOptions,
  conversation: string,
  control: string,
): HTMLIFrameElement {
  const hostInfo = `Excel$Web$16.01$en-US$${conversation}$$disableLogging$${HOST_FLAGS}`;
  const frame = document.createElement('iframe');
  frame.title = options.title;
  frame.name = JSON.stringify({
    baseFrameName: `_xdm_${conversation}`,
    hostInfo,
    xdmInfo: `${conversation}|${control}|${location.origin}`,
    serializerVersion: '1',
    flights: '[]',
  });
  const url = new URL(options.url);
  url.search = `_host_Info=${hostInfo}`;
  frame.src = url.href;
  return frame;
}

function parse(data: unknown): Request | null {
  if (typeof data !== 'string') return null;
  try {
    return JSON.parse(data) as Request | null;
  } catch {
    return null;
  }
}

function appContext(options: XdmOptions, control: string, data: unknown): object {
  return {
    _id: data,
    _appName: EXCEL_WEB_APP,
    _appVersion: '16.01',
    _appUILocale: 'en-US',
    _dataLocale: 'en-US',
    _docUrl: `${location.origin}/${encodeURIComponent(options.documentName())}`,
    _clientMode: 1,
    _settings: options.settings.read(),
    _reason: 'documentOpened',
    _osfControlType: 1,
    _eToken: '',
    _correlationId: control,
    _appInstanceId: control,
    _hostFullVersion: '16.0.18000.41001',
    _requirementMatrix: JSON.stringify(options.requirements),
    _initialDisplayMode: 2,
    _addinName: 'MCC',
    _appDomains: [],
  };
}

interface MethodCall {
  readonly DdaMethod: { readonly DispatchId: number };
  readonly ArrayData?: readonly unknown[];
  readonly DdaSettingsMethod?: { readonly Properties?: SettingPairs };
}

/** Positions in the array of a rich API call: custom data, method, path, headers, body, -, flags. */
const BODY = 4;
const FLAGS = 6;

async function execute(options: XdmOptions, call: MethodCall): Promise<object> {
  switch (call.DdaMethod.DispatchId) {
    case DISPATCH.richApi: {
      const body = JSON.parse(String(call.ArrayData?.[BODY])) as RichApiRequest;
      const outcome = await options.process(body, Number(call.ArrayData?.[FLAGS] ?? 0));
      if (outcome.kind === 'refused') return { Version: 1, Error: outcome.refusal.officeCode };
      return { Version: 1, Error: 0, Data: [200, [], JSON.stringify(outcome.response)] };
    }
    case DISPATCH.saveSettings:
      options.settings.write(call.DdaSettingsMethod?.Properties ?? []);
      return { Version: 1, Error: 0 };
    case DISPATCH.loadSettings: {
      const pairs = options.settings.read();
      const list = pairs.map(([Name, Value]) => ({ Name, Value }));
      return { Version: 1, Error: 0, Properties: { Settings: list } };
    }
    default:
      options.onProblem(`emulated host does not implement method ${call.DdaMethod.DispatchId}`);
      return { Version: 1, Error: UNSUPPORTED };
  }
}
