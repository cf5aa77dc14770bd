/** The short texts a cell can show: at most 120 characters, one fact and the way out. */
import type { Instant } from '../src/core/billing-period.ts';

const TEXT_MAX = 120;
const NAME_MAX = 40;
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** A name inside a sentence: a very long one must not push the fix out of sight. */
export const short = (name: string): string => clip(name, NAME_MAX);

export const sentence = (text: string): string => clip(text, TEXT_MAX);

/** "29 Sep 06:10" in the time of the person's own computer. */
export function timeText(instant: Instant): string {
  const at = new Date(instant);
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${at.getDate()} ${MONTHS[at.getMonth()] ?? ''} ${two(at.getHours())}:${two(at.getMinutes())}`;
}

function clip(text: string, max: number): string {
  const characters = Array.from(text);
  return characters.length <= max ? text : `${characters.slice(0, max - 1).join('')}…`;
}
