/** The relay's token: in memory and in this origin's storage, never in the workbook. */
export const TOKEN_KEY = 'mcc.token';

export interface TokenKeeper {
  readonly token: () => string | null;
  readonly keep: (token: string | null) => void;
}

/** Storage can be switched off by policy; the token then lives as long as the page. */
export function createTokenKeeper(storage: () => Storage): TokenKeeper {
  let inMemory: string | null = null;
  return {
    token: () => inMemory ?? attempt(() => storage().getItem(TOKEN_KEY)),
    keep: (token) => {
      inMemory = token;
      attempt(() =>
        token === null ? storage().removeItem(TOKEN_KEY) : storage().setItem(TOKEN_KEY, token),
      );
    },
  };
}

function attempt<T>(use: () => T): T | null {
  try {
    return use();
  } catch {
    return null;
  }
}
