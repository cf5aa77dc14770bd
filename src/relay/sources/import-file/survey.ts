// The first walk through a file: how it writes numbers and days, so that the second one need not guess.

import { unusable } from '../../tables/csv-text.ts';
import { dayForm, type DayForm } from './days.ts';
import { bareNumber, numberForm, type NumberForm } from './numbers.ts';
import type { FileProfile, Role } from './profile.ts';

export interface Forms {
  readonly numbers: NumberForm;
  readonly days: DayForm;
}

const NUMBER_ROLES: readonly Role[] = ['quantity', 'assigned', 'lessIncluded', 'unitCost'];
const DAY_ROLES: readonly Role[] = ['asOf', 'month', 'start', 'end', 'effective', 'cancelled'];

export interface Survey {
  readonly onRow: (values: readonly string[], row: number) => void;
  readonly forms: () => Forms;
}

/** `asked`: what settings or profile say already; what is said is not looked for. */
export function newSurvey(name: string, roles: readonly Role[], asked: Partial<Forms>): Survey {
  const numbers = newVote<NumberForm>(name, 'numbers');
  const days = newVote<DayForm>(name, 'days');
  const numberAt = asked.numbers ? [] : placesOf(roles, NUMBER_ROLES);
  const dayAt = asked.days ? [] : placesOf(roles, DAY_ROLES);
  return {
    onRow(values, row) {
      for (const at of numberAt) numbers.hear(numberForm(bareNumber(values[at] ?? '')), values[at], row);
      for (const at of dayAt) days.hear(dayForm(values[at] ?? ''), values[at], row);
    },
    forms: () => ({
      numbers: asked.numbers ?? numbers.result() ?? 'en',
      days: asked.days ?? days.result() ?? 'mdy',
    }),
  };
} // prettier-ignore

/** Whether the file has to be walked through before it is counted. */
export const needsSurvey = (roles: readonly Role[], asked: Partial<Forms>): boolean =>
  (!asked.numbers && placesOf(roles, NUMBER_ROLES).length > 0) ||
  (!asked.days && placesOf(roles, DAY_ROLES).length > 0);

export const askedForms = (
  profile: FileProfile,
  settings: Readonly<{ numbers?: NumberForm | undefined; days?: DayForm | undefined }>,
): Partial<Forms> => {
  const numbers = settings.numbers ?? profile.numbers;
  const days = settings.days ?? profile.days;
  return { ...(numbers ? { numbers } : {}), ...(days ? { days } : {}) };
};

const placesOf = (roles: readonly Role[], wanted: readonly Role[]): number[] =>
  roles.flatMap((role, index) => (wanted.includes(role) ? [index] : []));

interface Vote<Form> {
  readonly hear: (form: Form | 'either' | null, text: string | undefined, row: number) => void;
  readonly result: () => Form | null;
}

function newVote<Form extends string>(name: string, setting: string): Vote<Form> {
  const seen = new Map<Form, string>();
  let open: string | null = null;
  return {
    hear(form, text = '', row) {
      if (form === null) return;
      const place = `"${text.slice(0, 40)}" in row ${String(row)}`;
      if (form === 'either') open ??= place;
      else if (!seen.has(form)) seen.set(form, place);
    },
    result() {
      const [first, second] = [...seen];
      if (first && second) {
        const words = `it mixes two ways to write ${setting}: ${first[1]} and ${second[1]}`;
        throw unusable(name, words);
      }
      if (first) return first[0];
      if (open === null) return null;
      const words = `${open} can be read in two ways and no other row tells which; set "${setting}"`;
      throw unusable(name, words);
    },
  };
}
