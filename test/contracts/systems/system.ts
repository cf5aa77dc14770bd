/** What the contract check must know of one system; one file each and one line in registry.ts. */
import type { Exchange } from '../../../src/sim/exchange.ts';
import type { RunningSim } from '../../../src/sim/start-sim.ts';

export interface ContractSystem {
  /** As the stand-ins call it. */
  readonly system: string;
  /** Files under contracts/, whole documents. */
  readonly files: readonly string[];
  /** Whether a request proves who asks; secrets are removed, the scheme stays. */
  readonly isSigned: (headers: Exchange['requestHeaders']) => boolean;
  /** Why an answer of an error status is not held against a schema of the file. */
  readonly undeclared: string;
  /** What its errors always carry, and where; the body itself by default. */
  readonly errorFields: readonly string[];
  readonly errorOf?: (answer: unknown) => unknown;
  /** The file gives errors the schema of a good answer. */
  readonly hasWrongErrorSchemas?: boolean;
  /** Where the file is known to be wrong: what is changed before it is compiled, and why. */
  readonly mends?: readonly Mend[];
  /** Exchanges that no contract describes, each with its reason; the rest must be found. */
  readonly undescribed?: readonly Undescribed[];
  /** All our adapter asks, over all pages, and every call and parameter the stand-in plays. */
  run(sim: RunningSim): Promise<void>;
}

export interface Mend {
  readonly file: string;
  readonly reason: string;
  readonly mend: (document: Record<string, unknown>) => void;
}

export interface Undescribed {
  readonly isMatch: (exchange: Exchange) => boolean;
  readonly reason: string;
  readonly check: (exchange: Exchange) => readonly string[];
}

export const signedBy =
  (scheme: 'Basic' | 'Bearer') =>
  (headers: Exchange['requestHeaders']): boolean =>
    headers['authorization']?.startsWith(`${scheme} `) ?? false;

/** A test of the stand-ins asks wrongly on purpose and says so; an adapter never does. */
export const PROBE_HEADER = 'x-sim-probe';

/** What stands in a document under these keys; fails when there is nothing. */
export function pick(node: unknown, pointer: readonly string[]): Record<string, unknown> {
  const found = pointer.reduce<unknown>(
    (at, key) =>
      typeof at === 'object' && at !== null ? (at as Record<string, unknown>)[key] : undefined,
    node,
  );
  if (typeof found !== 'object' || found === null) {
    throw new Error(`The contract has nothing at ${pointer.join('/')}`);
  }
  return found as Record<string, unknown>;
}

/** For a file whose paths leave out a part of its server address that the stand-in plays. */
export const prefixPaths =
  (base: string): Mend['mend'] =>
  (document) => {
    const paths = Object.entries(pick(document, ['paths']));
    document['paths'] = Object.fromEntries(
      paths.map(([path, operations]) => [`${base}${path}`, operations]),
    );
  };
