/** What a set of books does against a second copy, as data; posting/ decides by nothing else. */
export interface Facility {
  /**
   * none: the books would take a second copy. key window: they answer the same key with the same
   * document for a while. unique reference: they refuse a second document for ever.
   */
  readonly kind: 'none' | 'key window' | 'unique reference';
  /**
   * How long after the first send of an epoch the same key is trusted: half of what is documented
   * at most. Null: for ever (unique reference). 0: never (none).
   */
  readonly trustedMinutes: number | null;
  /** So long after the last send a late landing is over; only then may a look say "absent". */
  readonly settleMinutes: number;
  /**
   * What may follow a doubt without a person. never: a person decides, with the evidence.
   * while trusted: the same key again while it is young, after the settle time and with complete
   * evidence, then a person. after evidence: the same
   * key while it is young, and once more after the settle time with complete evidence; only for
   * books whose late landings are bounded, or that refuse the second copy themselves.
   */
  readonly resend: 'never' | 'while trusted' | 'after evidence';
}

/** QuickBooks Desktop, and whatever is known to keep nothing. */
export const NO_FACILITY: Facility = {
  kind: 'none',
  trustedMinutes: 0,
  settleMinutes: 30,
  resend: 'never',
};

/** Books that refuse a second document of our number or key, for ever. */
export const UNIQUE_REFERENCE: Facility = {
  kind: 'unique reference',
  trustedMinutes: null,
  settleMinutes: 5,
  resend: 'after evidence',
};

/** Sent under a key that the books still know: a second send is met by the first one's document. */
export function isKeyTrusted(facility: Facility, minutesSinceFirstSend: number): boolean {
  if (facility.resend === 'never' || facility.kind === 'none') return false;
  return facility.trustedMinutes === null || minutesSinceFirstSend < facility.trustedMinutes;
}
