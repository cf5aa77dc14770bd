/** A currency in the settings of books, as its code. */
import { z } from 'zod';
import { AppError } from '../../core/errors.ts';
import { parseCurrency } from '../../core/money.ts';

export const currencySetting = z.string().transform((code, context) => {
  try {
    return parseCurrency(code);
  } catch (cause) {
    context.addIssue(cause instanceof AppError ? cause.message : 'is no currency');
    return z.NEVER;
  }
});
