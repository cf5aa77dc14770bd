/** The reader of sheets and the dry-run are large: they come with the first refresh, not before. */
import type * as ReadReview from '../read-review.ts';

let loading: Promise<typeof ReadReview> | null = null;

export const reading = (): Promise<typeof ReadReview> => (loading ??= import('../read-review.ts'));
