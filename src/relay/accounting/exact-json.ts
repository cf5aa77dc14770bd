/** JSON whose numbers never pass through a double: written from decimals, read as their own text. */
import type { Amount, Quantity, UnitPrice } from '../../core/money.ts';
import type { Answer } from '../http.ts';

const LEADING_ZEROS = /^(-?)0+(?=\d)/;
const TOKEN = /"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*/g;
const POWER = /^(-?)(\d+)(?:\.(\d+))?[eE]([+-]?\d{1,3})$/;

/** A JSON number in the digits of the decimal; only writeJson knows what to do with it. */
class JsonNumber {
  readonly digits: string;
  constructor(digits: string) {
    this.digits = digits;
  }
}

export const jsonNumber = (decimal: Quantity | UnitPrice | Amount): unknown =>
  new JsonNumber(decimal.replace(LEADING_ZEROS, '$1'));

/** As JSON.stringify, with each jsonNumber in its own digits. */
export function writeJson(value: unknown): string {
  if (value instanceof JsonNumber) return value.digits;
  if (Array.isArray(value)) return `[${value.map(writeJson).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const fields = Object.entries(value).filter(([, field]) => field !== undefined);
  return `{${fields.map(([key, field]) => `${JSON.stringify(key)}:${writeJson(field)}`).join(',')}}`;
}

/** The answer with every number as a text of its plain digits, for schemas that read decimals. */
export function quoteNumbers(answer: Answer): Answer {
  const text = answer.text.replace(TOKEN, (token) =>
    token.startsWith('"') ? token : `"${withoutPower(token)}"`,
  );
  return { ...answer, text };
}

/** "1.5E-7" is 0.00000015: services that compute with big decimals write small ones so. */
function withoutPower(token: string): string {
  const match = POWER.exec(token);
  if (!match) return token;
  const [, sign = '', whole = '', fraction = '', power = '0'] = match;
  const point = whole.length + Number(power);
  const digits = `${whole}${fraction}`.padEnd(Math.max(point, 0), '0');
  const shift = Math.max(0, 1 - point);
  const padded = '0'.repeat(shift) + digits;
  const at = point + shift;
  const tail = padded.slice(at);
  return `${sign}${padded.slice(0, at)}${tail === '' ? '' : `.${tail}`}`;
}
