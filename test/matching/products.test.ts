import { describe, expect, it } from '@jest/globals';
import { buildProductIndex, recogniseProduct } from '../../src/matching/products.ts';
import { PRODUCTS } from '../../src/matching/product-table.ts';

const SERVICES = [
  { id: 'M365BB', name: 'Microsoft 365 Business Basic' },
  { id: 'M365BS', name: 'Microsoft 365 Business Standard', aliases: ['Office Std seats'] },
  { id: 'M365BP', name: 'M365 Business Premium' },
  { id: 'EXO1', name: 'Exchange Online (Plan 1)' },
  { id: 'E3', name: 'Microsoft 365 E3' },
  { id: 'WS', name: 'Managed workstation' },
];
const index = buildProductIndex(SERVICES);
const idOf = (text: string): string | null => {
  const link = index.link(text);
  return link.verdict === 'linked' ? link.id : null;
};

describe('products', () => {
  it.each([
    ['O365_BUSINESS_PREMIUM', 'M365BS'], ['Office 365 Business Premium', 'M365BS'], ['O365 Biz Premium', 'M365BS'],
    ['f245ecc8-75af-4f8e-b61f-27d8114de5f3', 'M365BS'], ['CFQ7TTC0LDPB:0001', 'M365BS'], ['SPB', 'M365BP'], ['spb', 'M365BP'],
    ['Microsoft 365 Business Premium [New Commerce Experience]', 'M365BP'],
    ['Microsoft 365 Business Premium (Annual - Monthly billing)', 'M365BP'], ['MS M365 BUS PREM NCE COM P1Y/MTH', 'M365BP'],
    ['O365_BUSINESS_ESSENTIALS', 'M365BB'], ['EXCHANGESTANDARD', 'EXO1'], ['SPE_E3', 'E3'], ['managed  WORKSTATION', 'WS'],
    ['office std SEATS', 'M365BS'], ['WS', 'WS'], ['EXCH ONLINE PLAN 1 NCE', 'EXO1'],
  ])('%s is %s', (text, id) => {
    expect(idOf(text)).toBe(id);
  }); // prettier-ignore

  it.each([
    'Microsoft 365 Business Premium (Nonprofit Staff Pricing)', 'Microsoft 365 Business Premium (no Teams)',
    'Microsoft 365 Business Premium EEA', 'Microsoft 365 Business Premium Trial', 'Microsoft 365 Business Premium for GCC',
    'Microsoft 365 Business Premium add-on', 'Microsoft 365 Business Premium (Student)', 'Exchange Online (Plan 2)',
    'Exchange Online Archiving', 'Exchange Online Protection', 'Office 365 E3', 'ENTERPRISEPACK', 'SPE_E5', 'SPE_F1',
    'Premium', 'Business', 'Microsoft 365', 'Managed workstations plus', 'CFQ7TTC0LCHC:000S', 'CFQ7TTC0LH18:TRIAL', '', 'NCE',
  ])('%s is not taken for another', (text) => {
    expect(idOf(text)).toBeNull();
  }); // prettier-ignore

  it.each([
    ['Azure Active Directory Premium P1 for Government', 'Microsoft Entra ID P1 for Government'],
    ['MICROSOFT 365 PHONE SYSTEM FOR TELSTRA', 'Microsoft Teams Phone Standard for TELSTRA'],
    ['Microsoft 365 Phone System - Virtual User for GCC', 'Microsoft Teams Phone Resource Account for GCC'],
    ['Common Area Phone for GCC', 'Microsoft Teams Shared Devices for GCC'],
    ['Windows 10 Enterprise A3 for faculty', 'Windows 10/11 Enterprise A3 for faculty'],
  ])('%s is what its family is called today', (older, name) => {
    const renamed = buildProductIndex([{ id: 'X', name }, { id: 'Y', name: 'Visio Plan 2' }]);
    expect(renamed.link(older)).toMatchObject({ verdict: 'linked', id: 'X', reason: 'same product' });
  }); // prettier-ignore

  it('reads ids with the white space that a copied table carries', () => {
    expect(idOf(' F245ECC8-75AF-4F8E-B61F-27D8114DE5F3\u00a0')).toBe('M365BS');
    expect(idOf('SPB\t')).toBe('M365BP');
  });

  it('keeps the term where the price list has one', () => {
    const terms = buildProductIndex([
      { id: 'ANN', name: 'Microsoft 365 Business Premium (Annual)' },
      { id: 'MON', name: 'Microsoft 365 Business Premium (Monthly)' },
    ]);
    expect(terms.link('M365 Bus Prem NCE P1Y')).toMatchObject({ verdict: 'linked', id: 'ANN' });
    expect(terms.link('Microsoft 365 Business Premium - Monthly Term')).toMatchObject({
      id: 'MON',
    });
    expect(terms.link('SPB').verdict).toBe('none');
  });

  it('does not choose between two services that sell one product', () => {
    const two = buildProductIndex([
      { id: 'A', name: 'M365 Business Premium' },
      { id: 'B', name: 'Business Premium seats', aliases: ['SPB'] },
    ]);
    expect(two.link('cbdc14ab-d96c-4c30-b9f4-6ada7cdc1d46').verdict).toBe('ambiguous');
  });

  it('has every id and every name once only', () => {
    const ids = PRODUCTS.flatMap((product) => product.ids.map((id) => id.toLowerCase()));
    expect(new Set(ids).size).toBe(ids.length);
    for (const { name, ids: own, names } of PRODUCTS) {
      for (const text of [name, ...own, ...names])
        expect(recogniseProduct(text)?.product).toBe(name);
    }
  });
});
