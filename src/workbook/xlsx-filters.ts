/** Which row ranges a filter with a criterion acts on: exceljs reads only the filter's range. */
import { splitAddress } from './address.ts';
import type { Parts } from './xlsx-container.ts';

/** Rows that an active filter may hide; its header row is not among them. */
export type Filters = readonly { readonly top: number; readonly bottom: number }[];

export function filtersOf(parts: Parts): ReadonlyMap<string, Filters> {
  const targets = relations(parts, 'xl/_rels/workbook.xml.rels', 'xl');
  const found = new Map<string, Filters>();
  const workbook = textOf(parts, 'xl/workbook.xml');
  for (const [tag] of workbook.matchAll(/<(?:\w+:)?sheet\s[^>]*>/g)) {
    const [name, id] = [attribute(tag, 'name'), attribute(tag, 'r:id') ?? attribute(tag, 'id')];
    const path = id === null ? undefined : targets.get(id);
    if (name !== null && path !== undefined) found.set(name, sheetFilters(parts, path));
  }
  return found;
}

function sheetFilters(parts: Parts, path: string): Filters {
  const folder = path.slice(0, path.lastIndexOf('/'));
  const file = path.slice(path.lastIndexOf('/') + 1);
  const tables = [...relations(parts, `${folder}/_rels/${file}.rels`, folder).values()].filter(
    (one) => /\/tables\//.test(one),
  );
  return [path, ...tables].flatMap((part) => activeRanges(textOf(parts, part)));
}

function activeRanges(xml: string): Filters {
  const ranges: { top: number; bottom: number }[] = [];
  for (const [whole, opening = ''] of xml.matchAll(
    /<(?:\w+:)?autoFilter(\s[^>]*[^/])>[\s\S]*?<\/(?:\w+:)?autoFilter>/g,
  )) {
    const [from = '', to = from] = (attribute(opening, 'ref') ?? '').split(':');
    const [a, b] = [splitAddress(`x!${from}`), splitAddress(`x!${to}`)];
    if (a && b && /filterColumn/.test(whole)) ranges.push({ top: a.row + 1, bottom: b.row });
  }
  return ranges;
}

function relations(parts: Parts, path: string, folder: string): ReadonlyMap<string, string> {
  const targets = new Map<string, string>();
  for (const [tag] of textOf(parts, path).matchAll(/<(?:\w+:)?Relationship\s[^>]*>/g)) {
    const [id, target] = [attribute(tag, 'Id'), attribute(tag, 'Target')];
    if (id !== null && target !== null) targets.set(id, resolvePath(folder, target));
  }
  return targets;
}

function resolvePath(folder: string, target: string): string {
  if (target.startsWith('/')) return target.slice(1);
  const steps = folder.split('/');
  for (const step of target.split('/')) {
    if (step === '..') steps.pop();
    else if (step !== '.') steps.push(step);
  }
  return steps.join('/');
}

const textOf = (parts: Parts, path: string): string => parts.get(path)?.toString('utf8') ?? '';

function attribute(tag: string, name: string): string | null {
  const match = new RegExp(`\\s${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)')`).exec(` ${tag}`);
  const text = match?.[1] ?? match?.[2];
  return text === undefined ? null : unescapeXml(text);
}

const ENTITIES: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
};

const unescapeXml = (text: string): string =>
  text.replace(/&(amp|lt|gt|quot|apos|#\d+|#x[0-9a-f]+);/gi, (whole, entity: string) => {
    if (!entity.startsWith('#')) return ENTITIES[entity] ?? whole;
    const code = /^#x/i.test(entity) ? parseInt(entity.slice(2), 16) : Number(entity.slice(1));
    return String.fromCodePoint(code);
  });
