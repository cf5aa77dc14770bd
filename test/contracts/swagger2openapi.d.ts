declare module 'swagger2openapi' {
  const converter: {
    convertObj(
      document: Readonly<Record<string, unknown>>,
      options: { readonly patch: boolean; readonly warnOnly: boolean },
    ): Promise<{ readonly openapi: Record<string, unknown> }>;
  };
  export = converter;
}
