/**
 * JSON as we accept it from outside. JSON.parse keeps the last of two equal keys without a word
 * and makes a prototype of "__proto__"; both are refused here, by name (posting-safety 3.5 C).
 */
import { AppError } from '../core/errors.ts';

const DEPTH_MAX = 60;
const FORBIDDEN_KEYS = new Set(['__proto__', 'constructor', 'prototype']);

/** Parses `text`; `what` names it in the message. */
export function parseStrictJson(text: string, what: string): unknown {
  const refuse = (words: string): never => {
    throw new AppError('INPUT_INVALID', `${what}: ${words}`);
  };
  checkDepth(text, refuse);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    const words = `${what}: this is not JSON. Check commas, quotes and brackets.`;
    throw new AppError('INPUT_INVALID', words, { cause });
  }
  checkKeys(text, refuse);
  return value;
}

type Refuse = (words: string) => never;

/** Before parsing: a body of ten thousand brackets is refused without building it. */
function checkDepth(text: string, refuse: Refuse): void {
  let depth = 0;
  for (const token of tokens(text)) {
    if (token === '{' || token === '[') depth += 1;
    else if (token === '}' || token === ']') depth -= 1;
    if (depth > DEPTH_MAX) refuse(`it is nested more than ${String(DEPTH_MAX)} deep.`);
  }
}

/** The text is known to be JSON here, so a key is a string right after "{" or "," of an object. */
function checkKeys(text: string, refuse: Refuse): void {
  const open: (Set<string> | null)[] = [];
  let before = '';
  for (const token of tokens(text)) {
    if (token === '{') open.push(new Set());
    else if (token === '[') open.push(null);
    else if (token === '}' || token === ']') open.pop();
    else if (token.startsWith('"')) {
      const words = JSON.parse(token) as string;
      if (!words.isWellFormed()) refuse('it holds half a character (a lone surrogate).');
      const keys = open.at(-1);
      if (keys && (before === '{' || before === ',')) checkKey(words, keys, refuse);
    } else if (/^-?\d/.test(token) && !Number.isFinite(Number(token))) {
      refuse('it holds a number that is too large.');
    }
    before = token;
  }
}

function checkKey(key: string, keys: Set<string>, refuse: Refuse): void {
  if (FORBIDDEN_KEYS.has(key)) refuse(`the key "${key}" is not allowed.`);
  if (keys.has(key)) refuse(`the key "${key.slice(0, 60)}" stands there twice.`);
  keys.add(key);
}

function* tokens(text: string): Generator<string> {
  const pattern = /"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/gsy;
  const space = /\s*/y;
  for (let at = 0; at < text.length;) {
    space.lastIndex = at;
    space.test(text);
    pattern.lastIndex = space.lastIndex;
    const match = pattern.exec(text);
    if (!match) return;
    yield match[0];
    at = pattern.lastIndex;
  }
}
