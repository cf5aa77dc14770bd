/** Office.context.document.settings: kept by the page, apart from workbook.settings. */

export interface SettingsResult {
  readonly status: 'succeeded';
}

export interface DocumentSettings {
  get(name: string): unknown;
  set(name: string, value: unknown): void;
  remove(name: string): void;
  saveAsync(callback?: (result: SettingsResult) => void): void;
  refreshAsync(callback?: (result: SettingsResult) => void): void;
}

/** Changes are seen at once and kept on save, as in office.js. */
export function createDocumentSettings(saved = new Map<string, string>()): DocumentSettings {
  let current = new Map(saved);
  const done = (callback?: (result: SettingsResult) => void): void =>
    void setTimeout(() => callback?.({ status: 'succeeded' }), 0);
  return {
    get: (name) => {
      const text = current.get(name);
      return text === undefined ? null : (JSON.parse(text) as unknown);
    },
    set: (name, value) => void current.set(name, JSON.stringify(value)),
    remove: (name) => void current.delete(name),
    saveAsync: (callback) => {
      saved.clear();
      for (const [name, text] of current) saved.set(name, text);
      done(callback);
    },
    refreshAsync: (callback) => {
      current = new Map(saved);
      done(callback);
    },
  };
}
