/**
 * The real, unmodified excel-web-16.00.js in plain Node, through its own _richApiNativeBridge hook
 * (debug file 1.1.110, lines 13189-13312, read 2026-11-21). Office.onReady and the task pane's
 * Office.context live in office.js and need a browser; the document settings are given here.
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import vm from 'node:vm';
import type { FunctionMetadata } from '../calc/custom-functions.ts';
import { createHost, REQUIREMENTS, type ExcelHost } from '../host.ts';
import type { MessageEntry } from '../objects/events.ts';
import type { RichApiRequest } from '../richapi/protocol.ts';
import { browserLike } from './browser-like.ts';
import { createDocumentSettings, type DocumentSettings } from './document-settings.ts';

const REQUEST = 1;
const RESPONSE = 2;
const EVENT = 3;
const SELECTION_CHANGED = [65_536, 2, '', '{}', 0, false] as const;
export type OfficeFile = 'office.js' | 'excel-web-16.00.js' | 'en-us/office_strings.js';

export function officeFolder(): string {
  const require = createRequire(import.meta.url);
  return join(dirname(require.resolve('@microsoft/office-js/package.json')), 'dist');
}

/** SHA-256 of the files office.js loads on the web, as they lie in the installed package. */
export function officeFileHashes(): Readonly<Record<OfficeFile, string>> {
  const hashOf = (file: OfficeFile): string =>
    createHash('sha256')
      .update(readFileSync(join(officeFolder(), file)))
      .digest('hex');
  return {
    'office.js': hashOf('office.js'),
    'excel-web-16.00.js': hashOf('excel-web-16.00.js'),
    'en-us/office_strings.js': hashOf('en-us/office_strings.js'),
  };
}

/** What the add-in's code finds as globals; the types are those of @types/office-js. */
export interface NodeOffice {
  readonly Excel: typeof Excel;
  readonly OfficeExtension: typeof OfficeExtension;
  readonly CustomFunctions: typeof CustomFunctions;
  /** Only what lives outside office.js itself: context.document.settings, requirements. */
  readonly Office: NodeOfficeContext;
  readonly host: ExcelHost;
  /** Waits until events, calculation and custom functions have settled. */
  readonly settled: () => Promise<void>;
}

export interface NodeOfficeContext {
  onReady(): Promise<{ host: string; platform: string }>;
  readonly context: {
    readonly document: { readonly settings: DocumentSettings };
    readonly requirements: { isSetSupported(set: string, version?: string): boolean };
  };
}

export interface NodeBridgeOptions {
  readonly functions?: readonly FunctionMetadata[];
  readonly namespace?: string;
  readonly isEditing?: () => boolean;
}

interface BridgeMessage {
  readonly id: number;
  readonly type: number;
  readonly flags: number;
  readonly message: { readonly body: unknown };
}

let compiled: vm.Script | null = null;

/** Compiled once a process: the file has 1.6 million characters. */
function officeScript(): vm.Script {
  const file = 'excel-web-16.00.js';
  compiled ??= new vm.Script(readFileSync(join(officeFolder(), file), 'utf8'), { filename: file });
  return compiled;
}

export function bootOfficeInNode(options: NodeBridgeOptions = {}): NodeOffice {
  const bridge = {
    onMessageFromHost: ((): void => undefined) as (text: string) => void,
    sendMessageToHost: (text: string): void => void answer(JSON.parse(text) as BridgeMessage),
  };
  const push = (entries: readonly MessageEntry[]): void =>
    bridge.onMessageFromHost(
      JSON.stringify({ id: -1, type: EVENT, controlId: '', message: { entries } }),
    );
  const host = createHost({
    ...options,
    send: push,
    onSelectionChanged: () => setTimeout(() => push([SELECTION_CHANGED]), 0),
    onBug: (error) => {
      throw error;
    },
  });

  async function answer({ id, type, flags, message }: BridgeMessage): Promise<void> {
    if (type !== REQUEST) return;
    const body =
      typeof message.body === 'string' ? (JSON.parse(message.body) as unknown) : message.body;
    const outcome = await host.process(body as RichApiRequest, flags);
    const reply =
      outcome.kind === 'answered'
        ? { statusCode: 200, headers: {}, body: outcome.response }
        : {
            statusCode: outcome.refusal.status,
            headers: {},
            body: { error: { code: outcome.refusal.code, message: outcome.refusal.message } },
          };
    bridge.onMessageFromHost(JSON.stringify({ id, type: RESPONSE, message: reply }));
  }

  const context = vm.createContext(browserLike(bridge));
  officeScript().runInContext(context);
  const globals = context as BridgeGlobals;
  const { Excel, OfficeExtension } = globals;
  host.functions.start();
  return {
    Excel,
    OfficeExtension,
    CustomFunctions: withAssociate(globals),
    Office: createOffice(),
    host,
    settled: () => settle(host),
  };
}

interface BridgeGlobals extends Pick<NodeOffice, 'Excel' | 'OfficeExtension' | 'CustomFunctions'> {
  readonly CustomFunctionMappings: Record<string, unknown>;
}

/** associate() is office.js's own; the runtime in excel-web-16.00.js also reads the mappings. */
function withAssociate(globals: BridgeGlobals): typeof CustomFunctions {
  const associate = (first: string | Record<string, unknown>, run?: unknown): void => {
    const pairs = typeof first === 'string' ? { [first]: run } : first;
    for (const [id, one] of Object.entries(pairs)) {
      globals.CustomFunctionMappings[id.toUpperCase()] = one;
    }
  };
  return Object.assign(globals.CustomFunctions, { associate });
}

function createOffice(): NodeOfficeContext {
  const requirements = {
    isSetSupported: (set: string, version = '1.1'): boolean => {
      const offered = Object.entries(REQUIREMENTS).find(([name]) => name === set)?.[1];
      return offered !== undefined && compare(offered, version) >= 0;
    },
  };
  return {
    onReady: () => Promise.resolve({ host: 'Excel', platform: 'OfficeOnline' }),
    context: { document: { settings: createDocumentSettings() }, requirements },
  };
}

/** "1.10" is more than "1.9". */
function compare(a: string, b: string): number {
  const [majorA = 0, minorA = 0] = a.split('.').map(Number);
  const [majorB = 0, minorB = 0] = b.split('.').map(Number);
  return majorA - majorB || minorA - minorB;
}

const TURN_MS = 5;
const TURNS_MAX = 4_000;

async function settle(host: ExcelHost): Promise<void> {
  for (let turn = 0; turn < TURNS_MAX; turn += 1) {
    await new Promise((done) => setTimeout(done, TURN_MS));
    await host.calculation.idle();
    if (host.functions.inFlight() === 0) return;
  }
  throw new Error('custom functions did not settle within 20 seconds');
}
