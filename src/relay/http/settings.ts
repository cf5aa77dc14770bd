import { z } from 'zod';

/** A key, secret or token: what a header can carry, without the line end that editors add. */
export const credential = z
  .string()
  .min(1, 'is missing')
  .max(4000, 'is too long for a credential')
  .regex(/^[\x21-\x7e]*$/, 'holds a space, a line end or another character no header carries');

/** The only address a setting may name (rulings 21); http.ts asks the profile as well. */
export const loopbackUrl = z
  .string()
  .regex(
    /^http:\/\/(127\.0\.0\.1|\[::1\]|localhost)(:\d{1,5})?(\/[\w/-]*)?$/,
    'may only be a loopback address such as http://127.0.0.1:4000; else name the region',
  );
