/** One step of the schema; applied once, in order, and never edited after a release. */
export interface Migration {
  readonly id: string;
  readonly statements: readonly string[];
}
