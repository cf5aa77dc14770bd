import { describe, expect, it } from '@jest/globals';
import { buildSuggester } from '../../src/matching/suggest.ts';

const CLIENTS = [
  { id: 'C1', name: 'Harbor Dental Group LLC' },
  { id: 'C2', name: 'Harbor Freight Forwarding' },
  { id: 'C3', name: 'Wendcroft Credit Union Inc.' },
  { id: 'C4', name: 'Larkmere Holdings 2' },
  { id: 'C5', name: 'Larkmere Holdings 3' },
  { id: 'C6', name: 'Ostervane Pediatrics' },
  { id: 'C7', name: 'Quillmoor Veterinary Clinic' },
  { id: 'C8', name: 'TARNFELL W R CORP /DE/' },
  { id: 'C9', name: 'Brackstone Insurance Agency' },
];
const { suggest } = buildSuggester(CLIENTS);
const first = (text: string): ReturnType<typeof suggest>[number] | undefined => suggest(text)[0];

describe('candidates', () => {
  it.each([
    ['Harbor Dentl Group', 'C1'], ['Ostervane', 'C6'], ['WCU', 'C3'], ['Ostrevane Pediatrics', 'C6'],
    ['Quillmoor Vet', 'C7'], ['QuillmoorVetClinic', 'C7'], ['Larkmere Hldgs 3', 'C5'], ['Wendcroft Credit Un', 'C3'],
  ])('puts for %s the right one first', (text, id) => {
    expect(first(text)?.id).toBe(id);
  }); // prettier-ignore

  it('says what is shared and what is not', () => {
    expect(first('Ostervane Childrens Clinic')?.reason).toMatch(/shares ostervane; extra here: childrens/);
    expect(first('WCU')?.reason).toBe('initials of Wendcroft Credit Union Inc.');
  }); // prettier-ignore

  it.each([
    ['a shared first word', 'Harbor'], ['another number', 'Larkmere Holdings 4'], ['a tie', 'Larkmere Holdings'],
    ['a slip in the main word', 'Ostervene Pediatrics'], ['extra words', 'Ostervane Pediatrics Mexico'],
    ['another main word', 'Veltmoor Veterinary Clinic'], ['another legal form', 'Harbor Dental Grp. Inc'],
    ['initials', 'WCU'], ['a first word alone', 'Wendcroft'],
  ])('%s is never strong', (_what, text) => {
    for (const one of suggest(text)) expect(one.strong).toBe(false);
  }); // prettier-ignore

  it('is strong when nothing speaks against it', () => {
    expect(first('Quillmoor Vet Clinics')).toMatchObject({ id: 'C7', strong: true });
  });

  it.each([
    ['words in another order', 'W. R. Tarnfell Corporation', 'C8'], ['the state of a register', 'Tarnfell WR', 'C8'],
    ['CamelCase that is one word', 'BrackStone Insurance', 'C9'], ['a word without its vowels', 'Brackstone Ins Agcy', 'C9'],
  ])('%s is no doubt', (_what, text, id) => {
    expect(first(text)).toMatchObject({ id, strong: true });
  }); // prettier-ignore

  it('takes a name with another state for another company', () => {
    expect(first('Tarnfell WR Corp/TX')).toMatchObject({ id: 'C8', strong: false });
  });

  it('gives nothing for words that have nothing in common', () => {
    expect(suggest('Zyx 77')).toEqual([]);
    expect(suggest('')).toEqual([]);
  });

  it('gives each client once, best first, at most as many as asked for', () => {
    const few = suggest('Harbor Holdings Group', 3);
    expect(new Set(few.map(({ id }) => id)).size).toBe(few.length);
    expect(few.length).toBeLessThanOrEqual(3);
    expect(few.map(({ score }) => score)).toEqual(few.map(({ score }) => score).toSorted((a, b) => b - a));
  }); // prettier-ignore
});
