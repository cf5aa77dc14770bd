/** One vendor file, read by its profile: the counts, and what a person wants to know about them. */
import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import type { BillingPeriod } from '../../../core/billing-period.ts';
import { assert } from '../../../core/errors.ts';
import { checkFile, readCsv, type Delimiter } from '../../tables/csv-rows.ts';
import { unusable, type Encoding } from '../../tables/csv-text.ts';
import type { TablePlan } from '../../tables/table-rows.ts';
import { chooseProfile, countFit, refuseTitles, type Chosen, type Headings } from './choose.ts';
import type { DayForm } from './days.ts';
import { locateFile, refuseSameAsBefore } from './file-name.ts';
import { readNumber, type NumberForm } from './numbers.ts';
import { PROFILES } from './profiles.ts';
import { askedForms, needsSurvey, newSurvey, type Forms } from './survey.ts';
import { newTally, type Tally, type TallyResult } from './tally.ts';
import { isZip } from './xlsx-zip.ts';
import { newTrailerReader } from './trailer.ts';

export interface ImportSettings {
  readonly path?: string | undefined;
  /** The newest file of the month in it is taken. */
  readonly folder?: string | undefined;
  /** Holds the one file that was imported for the month. */
  readonly inbox?: string | undefined;
  /** Absent: the profile is recognised by the headings. */
  readonly profile?: string | undefined;
  readonly columns?: Headings | undefined;
  readonly client?: string | undefined;
  readonly count?: readonly string[] | undefined;
  readonly leave?: readonly string[] | undefined;
  readonly numbers?: NumberForm | undefined;
  readonly days?: DayForm | undefined;
  readonly encoding?: Encoding | undefined;
  readonly delimiter?: Delimiter | undefined;
  readonly sheet?: string | undefined;
}

export interface Import extends TallyResult {
  readonly name: string;
  readonly profile: string;
  /** How the profile was chosen, in words. */
  readonly reason: string;
  readonly by: 'headings' | 'settings';
  readonly written: Date;
  /** SHA-256 of the file. */
  readonly digest: string;
}

export async function readImport(
  settings: ImportSettings,
  period: BillingPeriod,
): Promise<Import> {
  const named = PROFILES.find(({ id }) => id === settings.profile);
  const path = await locateFile(settings, named, period);
  const name = basename(path);
  const before = await checkFile(path, name);
  const digest = await refuseSameAsBefore(path, period);
  const walk = newWalk(settings, path, name);
  const chosen = await survey(walk, settings);
  const tally = await count(walk, chosen, settings, period);
  const after = await stat(path);
  if (after.mtimeMs !== before.mtimeMs || after.size !== before.size) {
    throw unusable(name, 'it changed while it was read; wait until it is written');
  }
  const { profile, reason } = chosen.chosen;
  const { mtime: written } = before;
  const by = named ? 'settings' : 'headings';
  return { ...tally.result(), name, profile: profile.id, reason, by, written, digest };
} // prettier-ignore

interface Walk {
  readonly name: string;
  /** Walks through the file once; gives what its headings were taken for. */
  readonly run: (make: (chosen: Chosen) => RowTaker) => Promise<Chosen>;
}

interface RowTaker {
  readonly onRow: TablePlan['onRow'];
  readonly isTrailer: NonNullable<TablePlan['isTrailer']>;
}

function newWalk(settings: ImportSettings, path: string, name: string): Walk {
  const { columns = {}, profile: id } = settings;
  const named = PROFILES.find((one) => one.id === id);
  return {
    name,
    async run(make) {
      let chosen = null as Chosen | null;
      let taker: RowTaker | null = null;
      const plan: TablePlan = {
        choose(titles) {
          chosen = chooseProfile(titles, named, columns, name);
          if (chosen) refuseNoClient(chosen, settings, name);
          taker = chosen && make(chosen);
          return chosen?.positions ?? null;
        },
        fit: (titles) => countFit(titles, named, columns),
        refuse: (titles) => refuseTitles(titles, named, columns, name),
        onRow: (values, row) => taker?.onRow(values, row),
        isTrailer: (fields, row) => taker?.isTrailer(fields, row) ?? false,
      };
      if (await isZip(path)) {
        // Loaded late: its parser is a quarter of what a start of the relay takes.
        const { readXlsx } = await import('./xlsx-rows.ts');
        await readXlsx({ path, name, plan, sheet: settings.sheet });
      } else await readCsv({ ...settings, path, plan });
      if (!chosen) throw unusable(name, 'it is empty');
      return chosen;
    },
  };
}

function refuseNoClient(chosen: Chosen, { client }: ImportSettings, name: string): void {
  if (client !== undefined || chosen.roles.includes('client')) return;
  throw unusable(name, 'it has no column that names the client; set "client" to whose it is');
}

interface Surveyed {
  readonly chosen: Chosen;
  readonly forms: Forms;
}

async function survey(walk: Walk, settings: ImportSettings): Promise<Surveyed> {
  let forms: () => Forms = () => ({ numbers: 'en', days: 'mdy' });
  const chosen = await walk.run(({ profile, roles, positions }) => {
    const asked = askedForms(profile, settings);
    const found = newSurvey(walk.name, roles, asked);
    ({ forms } = found);
    const trailer = newTrailerReader(roles, positions);
    return {
      onRow: needsSurvey(roles, asked) ? found.onRow : () => undefined,
      isTrailer: (fields) => trailer(fields) !== null,
    };
  });
  return { chosen, forms: forms() };
}

async function count(
  walk: Walk,
  { forms }: Surveyed,
  settings: ImportSettings,
  period: BillingPeriod,
): Promise<Tally> {
  const { client } = settings;
  let tally = null as Tally | null;
  await walk.run((chosen) => {
    const own = { count: settings.count, leave: settings.leave };
    const made = newTally({ name: walk.name, chosen, forms, period, client, own });
    tally = made;
    const trailer = newTrailerReader(chosen.roles, chosen.positions);
    return {
      onRow: made.onRow,
      isTrailer(fields, row) {
        const said = trailer(fields);
        if (said === null) return false;
        made.onTrailer(said.sum === null ? null : readNumber(said.sum, forms.numbers), said.rows, row);
        return true;
      },
    };
  });
  assert(tally, 'a file that was walked through has a header');
  return tally;
} // prettier-ignore
