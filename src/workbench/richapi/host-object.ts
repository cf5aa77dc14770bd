/**
 * An object of the emulated host. Each kind of object (Range, Worksheet ...) is described once as
 * data: which scalars, links, methods and items it has, under their wire names. What is not
 * described does not exist, and asking for it is an error that names it.
 */
import { hostError } from '../model/errors.ts';

export interface HostType<T> {
  /** The class name in the Excel namespace, for example "Range". */
  readonly name: string;
  readonly id?: (self: T) => string;
  readonly scalars?: Readonly<Record<string, (self: T) => unknown>>;
  readonly setters?: Readonly<Record<string, (self: T, value: unknown) => void>>;
  readonly links?: Readonly<Record<string, (self: T) => HostObject>>;
  /** A HostObject when the add-in gets a proxy, null for a null object, else a plain value. */
  readonly methods?: Readonly<Record<string, (self: T, ...args: readonly unknown[]) => unknown>>;
  readonly items?: (self: T) => readonly HostObject[];
  /** Scalars that only come when named: costly, or unknown to the '*' of a plain load. */
  readonly onDemand?: readonly string[];
}

const MARK = Symbol('host object');

export interface HostObject {
  readonly [MARK]: true;
  readonly typeName: string;
  readonly id: string | null;
  /** What load() without names returns. */
  readonly defaults: readonly string[];
  isScalar(name: string): boolean;
  get(name: string): unknown;
  set(name: string, value: unknown): void;
  link(name: string): HostObject;
  has(method: string): boolean;
  call(method: string, args: readonly unknown[]): unknown;
  items(): readonly HostObject[] | null;
}

export const isHostObject = (value: unknown): value is HostObject =>
  typeof value === 'object' && value !== null && MARK in value;

/** Binds a described type to one object of the model. */
export function bind<T>(type: HostType<T>, self: T): HostObject {
  const member = <M>(kind: Readonly<Record<string, M>> | undefined, name: string): M => {
    const found = kind && Object.hasOwn(kind, name) ? kind[name] : undefined;
    return found ?? missing(type.name, name);
  };
  const defaults = Object.keys(type.scalars ?? {}).filter((name) => !type.onDemand?.includes(name));
  return {
    [MARK]: true,
    typeName: type.name,
    id: type.id?.(self) ?? null,
    defaults,
    isScalar: (name) => Object.hasOwn(type.scalars ?? {}, name),
    get: (name) => member(type.scalars, name)(self),
    set: (name, value) => member(type.setters, name)(self, value),
    link: (name) => member(type.links, name)(self),
    has: (method) => Object.hasOwn(type.methods ?? {}, method),
    call: (method, args) => member(type.methods, method)(self, ...args),
    items: () => type.items?.(self) ?? null,
  };
}

export function missing(typeName: string, member: string): never {
  throw hostError('ApiNotFound', `emulated host does not implement ${typeName}.${member}`);
}
