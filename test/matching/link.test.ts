import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { buildNameIndex } from '../../src/matching/link.ts';
import { toKey } from '../../src/matching/normalise.ts';

const CLIENTS = [
  { id: 'C1', code: 'HD01', name: 'Harbor Dental Group, LLC' },
  { id: 'C2', code: '10030', name: 'Müller & Söhne GmbH' },
  { id: 'C3', code: null, name: "O'Malley’s Bar & Grill" },
  { id: 'C4', code: null, name: 'Summit Build Co.' },
  { id: 'C5', code: null, name: 'St. Brigid’s Parish School' },
  { id: 'C6', code: null, name: 'Northwind Legal LLP' },
  { id: 'C7', code: null, name: 'HFF Holdings Inc dba Harbor Freight Forwarding' },
  { id: 'C8', code: null, name: 'City of Larkspur:Public Works' },
  { id: 'C9', code: null, name: 'Café Río', aliases: ['Rio Downtown'] },
  { id: 'C10', code: null, name: 'Deere & Company' },
  { id: 'F1', code: null, name: 'Old Harbor Dental', active: false },
];
const index = buildNameIndex(CLIENTS);
const idOf = (text: string): string | null => {
  const link = index.link(text);
  return link.verdict === 'linked' ? link.id : null;
};

describe('links', () => {
  it.each([
    ['hd01', 'C1'], ['HARBOR DENTAL GROUP', 'C1'], ['Harbor  Dental\u00a0Grp', 'C1'],
    ['The Harbor Dental Group', 'C1'], ['Harbor Dental Group, L.L.C.', 'C1'], ['harbor-dental-group', 'C1'],
    ['HarborDentalGroup', 'C1'], ['harbordentalgroup.example', 'C1'], ['harbordentalgroup.onmicrosoft.com', 'C1'],
    ['Harbor Dental Group - HQ', 'C1'], ['Harbor Dental Group (Home Users)', 'C1'],
    ['Harbor Dental Group | Branch 2', 'C1'], ['Harbor Dental Group (HD-01)', 'C1'], ['20099 - Harbor Dental Group', 'C1'],
    ['Muller and Sohne', 'C2'], ['Mueller & Soehne GmbH', 'C2'], ['Müller &amp; Söhne', 'C2'],
    ['OMalleys Bar and Grill', 'C3'], ["O'Malley's Bar + Grill", 'C3'],
    ['Summit Build Company', 'C4'], ['Saint Brigids Parish School', 'C5'], ['Northwind Legal, L.L.P.', 'C6'],
    ['Harbor Freight Forwarding', 'C7'], ['HFF Holdings', 'C7'], ['City of Larkspur - Public Works', 'C8'],
    ['Cafe\u0301 Ri\u0301o', 'C9'], ['CAFE RIO', 'C9'], ['rio downtown', 'C9'], ['Deere & Co', 'C10'],
    ['Harbor Dental Group\u200b', 'C1'], ['Old Harbor Dental Inc', 'F1'],
  ])('%s', (text, id) => {
    expect(idOf(text)).toBe(id);
  }); // prettier-ignore

  it('says why', () => {
    expect(index.link('HD01')).toMatchObject({ reason: 'same code' });
    expect(index.link('café río')).toMatchObject({ reason: 'same name' });
    expect(index.link('RIO DOWNTOWN')).toMatchObject({ reason: 'confirmed spelling' });
    expect(index.link('Cafe Rio')).toMatchObject({ reason: 'same name, written differently' });
  });
});

describe('never links', () => {
  it.each([
    '', '  ', 'Harbor', 'Harbor Dental', 'Harbour Dental Group', 'Harbor Dentl Group', 'Harbor Dental Group 2',
    'Harbor Dental Group of Tempe', 'ZZ - OLD - Harbor Dental Group', 'Summit', 'Summit Builders', 'HDG', 'Legal',
    'City of Larkspur', 'Public Works', 'Harbor Dental Group - Tempe', 'LLC', 'The', 'and', 'Default Site', 'C1',
  ])('%s', (text) => {
    expect(idOf(text)).toBeNull();
  }); // prettier-ignore

  it('a name with another legal form', () => {
    expect(index.link('Northwind Legal Inc.')).toMatchObject({ verdict: 'ambiguous' });
  });

  it('a name whose code is another client’s', () => {
    expect(index.link('10030 - Harbor Dental Group')).toMatchObject({ verdict: 'ambiguous' });
  });

  it('a name that two clients have, whichever comes first', () => {
    const twins = [{ id: 'A', name: 'Acme, Inc.' }, { id: 'B', name: 'ACME' }];
    for (const list of [twins, twins.toReversed()]) {
      expect(buildNameIndex(list).link('Acme Ltd')).toMatchObject({ verdict: 'ambiguous' });
      expect(buildNameIndex(list).link('acme')).toMatchObject({ verdict: 'linked', id: 'B' });
    }
  }); // prettier-ignore

  it('a site without the other site of the same client', () => {
    const sites = buildNameIndex([{ id: 'A', name: 'Acme - Warehouse 1' }, { id: 'B', name: 'Acme - Warehouse 2' }]);
    expect(sites.link('Acme')).toMatchObject({ verdict: 'ambiguous' });
    expect(sites.link('Acme | Warehouse 2')).toMatchObject({ verdict: 'linked', id: 'B' });
  }); // prettier-ignore
});

describe('keys', () => {
  it('do not change when made again, whatever the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 60 }), (text) => {
        expect(toKey(toKey(text))).toBe(toKey(toKey(toKey(text))));
      }),
    );
  });

  it('do not care for capitals, spaces round the name and a full stop at the end', () => {
    const name = fc.constantFrom(...CLIENTS.map((client) => client.name));
    fc.assert(
      fc.property(name, fc.nat(3), (text, spaces) => {
        const other = `${' '.repeat(spaces)}${text.toUpperCase()}\u00a0`;
        expect(toKey(other)).toBe(toKey(text));
        expect(toKey(`${text}.`)).toBe(toKey(text));
      }),
    );
  });

  it('link each name of a list to itself or to nobody', () => {
    const word = fc.constantFrom('Acme', 'Beta', 'Dental', 'Group', 'Inc', 'LLC', '&', 'Sons', 'St.', 'Co', '2', 'The');
    const names = fc.uniqueArray(fc.array(word, { minLength: 1, maxLength: 5 }).map((words) => words.join(' ')), { minLength: 1, maxLength: 30 });
    fc.assert(
      fc.property(names, (list) => {
        const built = buildNameIndex(list.map((name) => ({ id: name, name })));
        for (const name of list) {
          const link = built.link(name);
          if (link.verdict === 'linked') expect(link.id.toLowerCase()).toBe(name.toLowerCase());
        }
      }),
    );
  }); // prettier-ignore
});
