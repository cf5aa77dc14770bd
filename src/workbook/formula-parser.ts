/**
 * Excel's formulas as trees, as far as a billing sheet needs them: numbers, texts, references,
 * ranges, names, calls and operators. What it does not know (tables, arrays, intersections) gives
 * null, and the reader then trusts the stored value and says so.
 */
import { columnNumber } from './address.ts';

export interface Reference {
  readonly sheet: string | null;
  readonly row: number;
  readonly column: number;
}

export type Formula =
  | { readonly kind: 'number'; readonly text: string }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'boolean'; readonly boolean: boolean }
  | ({ readonly kind: 'reference' } & Reference)
  | { readonly kind: 'range'; readonly from: Reference; readonly to: Reference }
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'missing' }
  | { readonly kind: 'call'; readonly name: string; readonly args: readonly Formula[] }
  | { readonly kind: 'sign'; readonly of: Formula; readonly negative: boolean }
  | { readonly kind: 'percent'; readonly of: Formula }
  | {
      readonly kind: 'operation';
      readonly operator: string;
      readonly left: Formula;
      readonly right: Formula;
    };

interface Token {
  readonly kind: 'number' | 'text' | 'reference' | 'name' | 'call' | 'sign';
  readonly text: string;
  readonly sheet: string | null;
}

const TEXT = /^"((?:[^"]|"")*)"/;
const NUMBER = /^(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?/;
const SHEET = /^(?:'((?:[^']|'')+)'|([\p{L}_][\p{L}\p{N}_.]*))!/u;
const CELL = /^\$?([A-Za-z]{1,3})\$?([1-9]\d{0,6})(?![\p{L}\p{N}_(.])/u;
const CALL = /^([\p{L}_][\p{L}\p{N}_.]*)\(/u;
const NAME = /^[\p{L}_][\p{L}\p{N}_.]*/u;
const SIGN = /^(?:<>|<=|>=|[-+*/^&=<>%(),:])/;
const LENGTH_MAX = 8_192;
const DEPTH_MAX = 64;

const LEVELS: readonly (readonly string[])[] = [
  ['=', '<>', '<', '>', '<=', '>='],
  ['&'],
  ['+', '-'],
  ['*', '/'],
  ['^'],
];

/** Takes the text with its leading "="; null when it holds something unknown. */
export function parseFormula(formula: string): Formula | null {
  const tokens = formula.length > LENGTH_MAX ? null : tokensOf(formula.replace(/^=/, ''));
  if (!tokens) return null;
  const parser = { tokens, next: 0, depth: 0 };
  const tree = parseLevel(parser, 0);
  return tree && parser.next === tokens.length ? tree : null;
}

function tokensOf(text: string): Token[] | null {
  const tokens: Token[] = [];
  let rest = text.trimStart();
  while (rest !== '') {
    const sheet = SHEET.exec(rest);
    const after = sheet ? rest.slice(sheet[0].length) : rest;
    const found = tokenAt(after, sheet !== null);
    if (!found) return null;
    const [kind, whole, value] = found;
    const name = sheet ? (sheet[1]?.replaceAll("''", "'") ?? sheet[2] ?? '') : null;
    tokens.push({ kind, text: value, sheet: name });
    rest = after.slice(whole.length).trimStart();
  }
  return tokens;
}

function tokenAt(text: string, qualified: boolean): [Token['kind'], string, string] | null {
  const cell = CELL.exec(text);
  if (cell) return ['reference', cell[0], cell[0].replaceAll('$', '')];
  if (qualified) return null;
  const literal = TEXT.exec(text);
  if (literal) return ['text', literal[0], (literal[1] ?? '').replaceAll('""', '"')];
  const number = NUMBER.exec(text);
  if (number) return ['number', number[0], number[0]];
  const call = CALL.exec(text);
  if (call) return ['call', call[0], call[1] ?? ''];
  const name = NAME.exec(text);
  if (name) return ['name', name[0], name[0]];
  const sign = SIGN.exec(text);
  return sign ? ['sign', sign[0], sign[0]] : null;
}

interface Parser {
  readonly tokens: readonly Token[];
  next: number;
  depth: number;
}

const peek = (parser: Parser): Token | undefined => parser.tokens[parser.next];
const isSign = (token: Token | undefined, sign: string): boolean =>
  token?.kind === 'sign' && token.text === sign;

function takeSign(parser: Parser, sign: string): boolean {
  if (!isSign(peek(parser), sign)) return false;
  parser.next += 1;
  return true;
}

function parseLevel(parser: Parser, level: number): Formula | null {
  const operators = LEVELS[level];
  if (!operators) return parseSigned(parser);
  let left = parseLevel(parser, level + 1);
  while (left) {
    const token = peek(parser);
    if (token?.kind !== 'sign' || !operators.includes(token.text)) return left;
    parser.next += 1;
    const right = parseLevel(parser, level + 1);
    left = right && { kind: 'operation', operator: token.text, left, right };
  }
  return null;
}

function parseSigned(parser: Parser): Formula | null {
  for (const sign of ['-', '+']) {
    if (takeSign(parser, sign)) {
      const of = parseNested(parser, () => parseSigned(parser));
      return of && { kind: 'sign', of, negative: sign === '-' };
    }
  }
  let value = parseOperand(parser);
  while (value && takeSign(parser, '%')) value = { kind: 'percent', of: value };
  return value;
}

function parseOperand(parser: Parser): Formula | null {
  const token = peek(parser);
  if (!token) return null;
  parser.next += 1;
  switch (token.kind) {
    case 'number':
      return { kind: 'number', text: token.text };
    case 'text':
      return { kind: 'text', text: token.text };
    case 'reference':
      return parseRange(parser, referenceOf(token));
    case 'call':
      return parseNested(parser, () => parseCall(parser, token.text));
    case 'name':
      return nameOf(token.text);
    case 'sign':
      return token.text === '(' ? parseNested(parser, () => parseBracket(parser)) : null;
  }
}

function nameOf(text: string): Formula {
  const word = text.toUpperCase();
  if (word === 'TRUE' || word === 'FALSE') return { kind: 'boolean', boolean: word === 'TRUE' };
  return { kind: 'name', name: text };
}

function parseBracket(parser: Parser): Formula | null {
  const inner = parseLevel(parser, 0);
  return takeSign(parser, ')') ? inner : null;
}

function parseCall(parser: Parser, name: string): Formula | null {
  const args: Formula[] = [];
  if (takeSign(parser, ')')) return { kind: 'call', name, args };
  for (;;) {
    const isMissing = isSign(peek(parser), ',') || isSign(peek(parser), ')');
    const argument: Formula | null = isMissing ? { kind: 'missing' } : parseLevel(parser, 0);
    if (!argument) return null;
    args.push(argument);
    if (takeSign(parser, ')')) return { kind: 'call', name, args };
    if (!takeSign(parser, ',')) return null;
  }
}

function parseRange(parser: Parser, from: Reference): Formula | null {
  if (!takeSign(parser, ':')) return { kind: 'reference', ...from };
  const token = peek(parser);
  if (token?.kind !== 'reference') return null;
  parser.next += 1;
  const to = { ...referenceOf(token), sheet: token.sheet ?? from.sheet };
  return { kind: 'range', from, to };
}

function referenceOf(token: Token): Reference {
  const [, letters = '', row = ''] = /^([A-Za-z]+)(\d+)$/.exec(token.text) ?? [];
  return { sheet: token.sheet, row: Number(row), column: columnNumber(letters) };
}

function parseNested(parser: Parser, parse: () => Formula | null): Formula | null {
  parser.depth += 1;
  const result = parser.depth > DEPTH_MAX ? null : parse();
  parser.depth -= 1;
  return result;
}
