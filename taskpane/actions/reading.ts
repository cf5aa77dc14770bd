/** The reader of sheets and the dry-run are large: they come with the first refresh, not before. */
type Reading = typeof import('../read-review.ts');

let loading: Promise<Reading> | null = null;

export const reading = (): Promise<Reading> => (loading ??= import('../read-review.ts'));
