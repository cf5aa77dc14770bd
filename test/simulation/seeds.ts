/** Seeds that once found something; each is a test for ever. */
export const SEEDS: readonly { readonly seed: number; readonly regime: string; readonly kind: string; readonly isCrowd?: true }[] = [
  // Given up by a person before the settle time, and landed all the same.
  { seed: 3, regime: 'base', kind: 'none' },
  // Never to be sent again after a change of the mapping, and never settled either.
  { seed: 2, regime: 'flaky reads', kind: 'unique reference' },
  // Blocked because the row was tampered with, while the books held our document.
  { seed: 21, regime: 'already there', kind: 'key window' },
  // Delivered twice by the network, both copies voided by a person, and still in the way.
  { seed: 77900876, regime: 'flaky reads', kind: 'worst of all', isCrowd: true },
]; // prettier-ignore
