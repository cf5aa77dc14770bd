/** Books that are files take nothing in by themselves: what is written there is exported, not posted. */
import type { Session } from './session.ts';

export interface BooksWords {
  /** As a sentence names them: the title of the books, or "the file". */
  readonly name: string;
  readonly place: 'the books' | 'the file';
  readonly done: 'posted' | 'exported';
  readonly doing: 'Posting' | 'Exporting';
  readonly verb: 'post' | 'export';
  /** Of the button that sends `what`. */
  readonly send: (what: string) => string;
}

export function booksWords(session: Session | null): BooksWords {
  const books = session?.books;
  if (books?.kind === 'file') {
    return {
      name: 'the file',
      place: 'the file',
      done: 'exported',
      doing: 'Exporting',
      verb: 'export',
      send: (what) => `Export ${what}`,
    };
  }
  const name = books?.title ?? 'the books';
  return {
    name,
    place: 'the books',
    done: 'posted',
    doing: 'Posting',
    verb: 'post',
    send: (what) => `Post ${what} to ${name}`,
  };
}

/** "exported" with a capital, at the beginning of a line. */
export const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
