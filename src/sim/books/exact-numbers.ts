/** Request bodies whose numbers are read in their own digits; books never compute with doubles. */
import * as z from 'zod';
import { parseJson } from '../exchange.ts';

const TOKEN = /"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*/g;

/** Each number becomes {digits: "12.50"}; undefined when it is no JSON. */
export const parseWithDigits = (text: string): unknown =>
  parseJson(text) === undefined
    ? undefined
    : parseJson(
        text.replace(TOKEN, (token) => (token.startsWith('"') ? token : `{"digits":"${token}"}`)),
      );

/** A number of at most so many decimals, as its decimal text. */
export const numberOf = (decimals: number) =>
  z
    .strictObject({ digits: z.string().regex(new RegExp(`^-?\\d{1,15}(\\.\\d{1,${decimals}})?$`)) })
    .transform(({ digits }) => digits);
