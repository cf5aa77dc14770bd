/** Runs a rich API request: actions in order, stopping at the first that fails. */
import { hostError, isHostError } from '../model/errors.ts';
import { isHostObject, missing, type HostObject } from './host-object.ts';
import { actionTypes, pathTypes } from './protocol.ts';
import { query, wireName } from './query.ts';
import type {
  Action,
  ArgumentInfo,
  ObjectPath,
  ReferencedIds,
  RichApiError,
  RichApiRequest,
  RichApiResponse,
} from './protocol.ts';

/** A resolved object, or null for a null object of office.js. */
type Resolved = HostObject | null;

export interface RichApiServer {
  process(request: RichApiRequest): RichApiResponse;
  /** Ranges the add-in still tracks; a leak shows as a growing number. */
  readonly referenceCount: () => number;
}

export interface ServerParts {
  readonly root: HostObject;
  /** Internal services of the host by type name, for example the custom functions. */
  readonly services: Readonly<Record<string, HostObject>>;
  /** An unforeseen error of ours; the add-in sees GeneralException. */
  readonly onBug?: (error: unknown) => void;
}

interface Run {
  readonly paths: Readonly<Record<string, ObjectPath>>;
  readonly resolved: Map<number, Resolved>;
}

export function createRichApiServer(parts: ServerParts): RichApiServer {
  const references = createReferences();
  const resolver = createResolver(parts, references);
  const act = createActor(resolver, references);
  return {
    referenceCount: () => references.count(),
    process: (request) => {
      const run: Run = { paths: request.ObjectPaths, resolved: new Map() };
      const results: { ActionId: number; Value: unknown }[] = [];
      for (const [index, action] of request.Actions.entries()) {
        try {
          results.push({ ActionId: action.Id, Value: act(action, run) ?? null });
        } catch (error) {
          if (!isHostError(error)) parts.onBug?.(error);
          return { Results: results, TraceIds: [], Error: toError(error, action, index, run) };
        }
      }
      const traces = request.Actions.filter((one) => one.ActionType === actionTypes.trace);
      return { Results: results, TraceIds: traces.map((one) => one.Id) };
    },
  };
}

interface References {
  keep(object: HostObject): void;
  drop(id: string): void;
  find(id: string): HostObject | undefined;
  readonly idOf: (object: HostObject) => string | undefined;
  count(): number;
}

function createReferences(): References {
  const byId = new Map<string, HostObject>();
  const ids = new WeakMap<HostObject, string>();
  let sequence = 0;
  return {
    keep: (object) => {
      if (ids.has(object)) return;
      sequence += 1;
      ids.set(object, `ref${sequence}`);
      byId.set(`ref${sequence}`, object);
    },
    drop: (id) => void byId.delete(id),
    find: (id) => byId.get(id),
    idOf: (object) => ids.get(object),
    count: () => byId.size,
  };
}

interface Resolver {
  path(id: number, run: Run): Resolved;
  args(info: ArgumentInfo | null | undefined, run: Run): unknown[];
}

function createResolver(parts: ServerParts, references: References): Resolver {
  const resolver: Resolver = {
    path: (id, run) => {
      const known = run.resolved.get(id);
      if (known !== undefined) return known;
      const path = run.paths[id];
      if (!path) throw hostError('InvalidReference');
      const found = resolvePath(path, run);
      run.resolved.set(id, found);
      return found;
    },
    args: (info, run) =>
      (info?.Arguments ?? []).map((value, index) =>
        argument(value, info?.ReferencedObjectPathIds?.[index] ?? null, run),
      ),
  };

  function argument(value: unknown, ids: number | null | ReferencedIds, run: Run): unknown {
    if (ids === null || ids === 0) return value;
    if (typeof ids === 'number') return resolver.path(ids, run);
    const values = Array.isArray(value) ? (value as readonly unknown[]) : [];
    return values.map((one, index) => argument(one, ids[index] ?? null, run));
  }

  function resolvePath(path: ObjectPath, run: Run): Resolved {
    switch (path.ObjectPathType) {
      case pathTypes.root:
        return parts.root;
      case pathTypes.newObject:
        return parts.services[path.Name] ?? missing('host', `service ${path.Name}`);
      case pathTypes.reference:
        return references.find(path.Name) ?? invalidReference();
      case pathTypes.nullObject:
        return null;
      default:
        return resolveMember(path, run);
    }
  }

  function resolveMember(path: ObjectPath, run: Run): Resolved {
    const parent = resolver.path(path.ParentObjectPathId ?? 0, run);
    if (parent === null) return null;
    if (path.ObjectPathType === pathTypes.property) return parent.link(path.Name);
    const args = resolver.args(path.ArgumentInfo, run);
    if (path.ObjectPathType === pathTypes.indexer) return called(parent, 'GetItem', args);
    if (path.ObjectPathType === pathTypes.method) return called(parent, path.Name, args);
    return missing('host', `object path type ${path.ObjectPathType}`);
  }
  return resolver;
}

function invalidReference(): never {
  throw hostError('InvalidReference');
}

const OR_NULL = 'OrNullObject';

/** Where only GetItem is described, GetItemOrNullObject is the same with a null object. */
function called(parent: HostObject, method: string, args: readonly unknown[]): Resolved {
  const orNull = method.endsWith(OR_NULL) && !parent.has(method);
  const name = orNull ? method.slice(0, -OR_NULL.length) : method;
  if (orNull && !parent.has(name)) return missing(parent.typeName, method);
  try {
    const result = parent.call(name, args);
    return result === null || isHostObject(result) ? result : missing(parent.typeName, method);
  } catch (error) {
    if (orNull && isHostError(error) && error.code === 'ItemNotFound') return null;
    throw error;
  }
}

function createActor(resolver: Resolver, references: References) {
  const identity = (object: HostObject): Record<string, unknown> => {
    const kept = references.idOf(object);
    return {
      ...(kept === undefined ? {} : { _ReferenceId: kept }),
      ...(object.id === null ? {} : { Id: object.id }),
    };
  };

  function method(object: Resolved, action: Action, run: Run): unknown {
    const name = action.Name ?? '';
    if (name === '_KeepReference') {
      if (object) references.keep(object);
      return null;
    }
    if (name === '_RemoveReference') {
      const [id] = action.ArgumentInfo?.Arguments ?? [];
      references.drop(String(id));
      return null;
    }
    if (object === null) return null;
    const result = object.call(name, resolver.args(action.ArgumentInfo, run));
    return isHostObject(result) ? identity(result) : result;
  }

  function update(object: HostObject, state: Readonly<Record<string, unknown>>): void {
    for (const [name, value] of Object.entries(state)) {
      const wire = wireName(name);
      const nested = typeof value === 'object' && value !== null && !Array.isArray(value);
      if (nested && !object.isScalar(wire)) update(object.link(wire), value as typeof state);
      else object.set(wire, value);
    }
  }

  return (action: Action, run: Run): unknown => {
    if (action.ActionType === actionTypes.trace) return null;
    const object = resolver.path(action.ObjectPathId, run);
    switch (action.ActionType) {
      case actionTypes.instantiate:
        return object && identity(object);
      case actionTypes.query:
        return object && query(object, action.QueryInfo ?? {}, references.idOf);
      case actionTypes.method:
        return method(object, action, run);
      case actionTypes.setProperty:
        object?.set(action.Name ?? '', resolver.args(action.ArgumentInfo, run)[0]);
        return null;
      case actionTypes.update:
        if (object) update(object, action.ObjectState ?? {});
        return null;
      case actionTypes.ensureUnchanged:
        return null;
      default:
        return missing('host', `action type ${action.ActionType}`);
    }
  };
}

function toError(error: unknown, action: Action, index: number, run: Run): RichApiError {
  const known = isHostError(error);
  return {
    Code: known ? error.code : 'GeneralException',
    Message: error instanceof Error ? error.message : String(error),
    Location: locate(action, run),
    ActionIndex: index,
    HttpStatusCode: known ? error.status : 500,
  };
}

function locate(action: Action, run: Run): string {
  const walk = (id: number | undefined): string => {
    const path = id === undefined ? undefined : run.paths[id];
    if (!path) return '';
    const name = path.Name || 'getItem';
    return path.ParentObjectPathId ? `${walk(path.ParentObjectPathId)}.${name}` : 'workbook';
  };
  return walk(action.ObjectPathId) + (action.Name ? `.${action.Name}` : '');
}
