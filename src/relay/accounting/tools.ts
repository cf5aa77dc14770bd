/** What a set of books may need beside http: a durable place for its tokens, a folder of its own. */
import { AppError } from '../../core/errors.ts';

/** What a token endpoint gave for a refresh token. */
export interface Grant {
  readonly accessToken: string;
  /** Null where the service does not rotate it: the one before stays. */
  readonly refreshToken: string | null;
  readonly expiresInSeconds: number;
}

export interface TokenRequest {
  /** The refresh token of the configuration: used first, and again when a person enters a new one. */
  readonly first: string;
  /** Trades a refresh token; called by one caller at a time for a connection. Throws SOURCE_*. */
  readonly renew: (refreshToken: string) => Promise<Grant>;
  /** The access token before was refused: the kept one is not given again. */
  readonly refused: boolean;
}

/**
 * Keeps the tokens of one connection (F30). A new refresh token is on disk, encrypted, before its
 * access token is given to anybody and before the one it replaces is dropped.
 */
export interface TokenKeeper {
  /** An access token that is good for a minute at least. */
  accessToken(request: TokenRequest): Promise<string>;
}

export interface BooksTools {
  readonly tokens: TokenKeeper;
  /** A folder of this connection alone, made at the first question for it. */
  readonly folder: () => string;
  /** The clock of the relay as milliseconds since 1970. */
  readonly now: () => number;
}

const missing = (what: string): never => {
  throw new AppError('SETUP_MISSING', `This connection was opened without ${what}.`);
};

/** For connections that need none of them. */
export const noTools: BooksTools = {
  tokens: { accessToken: () => missing('a place for its tokens') },
  folder: () => missing('a data folder'),
  now: () => Date.now(),
};
