import type { Headers } from './answer.ts';

const SECRET_LENGTH_MIN = 6;
const SECRET_HEADERS = /authorization|key|token|secret/i;

export interface Redactor {
  /** Notes the secrets of these headers and hands them on. */
  readonly remember: (headers: Headers) => Headers;
  readonly redact: (text: string) => string;
}

/** A service may repeat our credentials in its words; they stop here, those of others too. */
export function redactor(known: readonly string[] = []): Redactor {
  const secrets = new Set(known.filter(({ length }) => length >= SECRET_LENGTH_MIN));
  return {
    remember: (headers) => {
      for (const [name, value] of Object.entries(headers)) {
        if (!SECRET_HEADERS.test(name)) continue;
        for (const secret of [value, value.replace(/^\w+ /, ''), ...basicParts(value)]) {
          if (secret.length >= SECRET_LENGTH_MIN) secrets.add(secret);
        }
      }
      return headers;
    },
    redact: (text) => [...secrets].reduce((words, one) => words.replaceAll(one, '[hidden]'), text),
  };
}

function basicParts(value: string): string[] {
  const encoded = /^Basic (.+)$/.exec(value)?.[1];
  return encoded ? Buffer.from(encoded, 'base64').toString('utf8').split(':') : [];
}
