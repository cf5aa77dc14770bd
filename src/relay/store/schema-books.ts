/** Tables of the connection to the books itself: the tokens it was given. */
import type { Migration } from './migration.ts';

export interface BooksTokenTable {
  readonly connection: string;
  /** SHA-256 of the refresh token of the configuration: a new one there replaces what is kept. */
  readonly first_hash: string;
  /** Refresh and access token, encrypted. */
  readonly sealed: string;
  readonly expires_at: string;
  readonly renewed_at: string;
}

/** The tax codes of the books, as listed last. */
export interface TaxCodeTable {
  readonly id: string;
  readonly name: string;
  readonly active: number;
}

export interface BooksSchema {
  books_token: BooksTokenTable;
  tax_code: TaxCodeTable;
}

export const booksMigrations: readonly Migration[] = [
  {
    id: 'books-1',
    statements: [
      `create table books_token (connection text primary key, first_hash text not null,
        sealed text not null, expires_at text not null, renewed_at text not null)`,
    ],
  },
  {
    id: 'books-2',
    statements: [
      'create table tax_code (id text primary key, name text not null, active integer not null)',
    ],
  },
];
