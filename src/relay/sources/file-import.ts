// A vendor's file, CSV or Excel, read by a profile: which columns, which rows are seats, which month.

import { z } from 'zod';
import { assert } from '../../core/errors.ts';
import { DELIMITERS } from '../tables/csv-rows.ts';
import { ENCODINGS } from '../tables/csv-text.ts';
import { DAY_FORMS } from './import-file/days.ts';
import { NUMBER_FORMS } from './import-file/numbers.ts';
import { ROLES } from './import-file/profile.ts';
import { PROFILE_IDS } from './import-file/profiles.ts';
import { readImport } from './import-file/read-import.ts';
import { defineCountSource, type VendorCounts } from './source.ts';

const Text = z.string().trim().min(1, 'is empty').max(200);

const Settings = z
  .strictObject({
    /** One of the three: a file, a folder whose newest file of the month is taken, or the pane. */
    path: z.string().min(1, 'names no file').optional(),
    folder: z.string().min(1, 'names no folder').optional(),
    upload: z.literal(true).optional(),
    /** Absent: recognised by the headings; set it once it was recognised rightly. */
    profile: z.enum(PROFILE_IDS).optional(),
    /** Headings of one's own: {"client": "Kundenname"}. */
    columns: z.partialRecord(z.enum(ROLES), Text).optional(),
    /** Whose rows they are, where no column says so. */
    client: Text.optional(),
    /** Kinds of rows that count, or do not, beside those the profile knows. */
    count: z.array(z.string()).optional(),
    leave: z.array(z.string()).optional(),
    numbers: z.enum(NUMBER_FORMS).optional(),
    days: z.enum(DAY_FORMS).optional(),
    encoding: z.enum(ENCODINGS).optional(),
    delimiter: z.enum(DELIMITERS).optional(),
    /** Of a workbook; absent: the first one shown. */
    sheet: Text.optional(),
  })
  .refine(
    ({ path, folder, upload }) =>
      [path, folder, upload].filter((place) => place !== undefined).length === 1,
    { path: ['path'], error: 'name either path or folder, or set "upload" to true' },
  );

export const fileImport = defineCountSource({
  id: 'file-import',
  title: 'File import (CSV, Excel)',
  kind: 'file',
  skus: {},
  settings: Settings,

  takesFiles: ({ upload }) => upload === true,

  async count(settings, period, _http, inbox): Promise<VendorCounts> {
    assert(!settings.upload || inbox !== undefined, 'who imports files gives their folder');
    const read = await readImport({ ...settings, inbox }, period);
    const { name, digest, profile, reason, by } = read;
    return {
      counts: read.counts,
      asOf: read.asOf ?? read.written.toISOString(),
      file: { name, digest, profile, reason, by },
    };
  },
});
