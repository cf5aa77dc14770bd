/** Facts about how businesses are written: legal forms, usual abbreviations, sites, letters. */

/**
 * Legal forms as they stand at the end of a name, in our spelling of words (lower case, initials
 * joined), and the form they mean. From the ISO 20275 list of legal forms, read 2026-11-21.
 */
export const LEGAL_FORMS: Readonly<Record<string, string>> = {
  inc: 'inc', incorporated: 'inc', corp: 'corp', corporation: 'corp', co: 'co', company: 'co',
  llc: 'llc', 'limited liability company': 'llc', lc: 'llc', ltd: 'ltd', limited: 'ltd', ltda: 'ltda',
  'ltd co': 'ltd', 'limited company': 'ltd', 'co ltd': 'ltd', 'company limited': 'ltd', 'pty ltd': 'ltd',
  'pte ltd': 'ltd', 'pvt ltd': 'ltd', 'private limited': 'ltd', ltee: 'ltd', ltée: 'ltd', limitee: 'ltd',
  llp: 'llp', 'limited liability partnership': 'llp', lp: 'lp', 'limited partnership': 'lp',
  lllp: 'lllp', pllc: 'pllc', pc: 'pc', 'professional corporation': 'pc', pa: 'pa', plc: 'plc',
  'public limited company': 'plc', pbc: 'pbc', cic: 'cic', gmbh: 'gmbh', mbh: 'gmbh', 'gmbh und co kg': 'gmbh co kg',
  'gmbh and co kg': 'gmbh co kg', ug: 'ug', ag: 'ag', aktiengesellschaft: 'ag', kg: 'kg', ohg: 'ohg',
  gbr: 'gbr', ek: 'ek', ev: 'ev', eg: 'eg', se: 'se', sa: 'sa', sas: 'sas', sasu: 'sas', sarl: 'sarl',
  eurl: 'eurl', srl: 'srl', sl: 'sl', slu: 'sl', spa: 'spa', 'sp zoo': 'sp zoo', spzoo: 'sp zoo',
  'sp z oo': 'sp zoo', sro: 'sro', doo: 'doo', dd: 'dd', kft: 'kft', zrt: 'zrt', bv: 'bv', nv: 'nv',
  vof: 'vof', ab: 'ab', as: 'as', asa: 'asa', aps: 'aps', oy: 'oy', oyj: 'oyj', ehf: 'ehf', hf: 'hf',
  'sa de cv': 'sa de cv', 'sde rl de cv': 's de rl', 'sdn bhd': 'sdn bhd', bhd: 'bhd', kk: 'kk', pjsc: 'pjsc',
  ooo: 'ooo', oao: 'oao', zao: 'zao', pt: 'pt', tbk: 'tbk', ulc: 'ulc',
}; // prettier-ignore

export const LEGAL_WORDS_MAX = 4;

/** Abbreviations that mean one thing in a business name; those with two meanings stay as they are. */
export const ABBREVIATIONS: Readonly<Record<string, string>> = {
  acad: 'academy', acct: 'accounting', acctg: 'accounting', assn: 'association', assoc: 'associates',
  assocs: 'associates', bldg: 'building', bldrs: 'builders', bros: 'brothers', centre: 'center',
  clin: 'clinic', cmty: 'community', comm: 'communications', ctr: 'center', cty: 'county', dept: 'department',
  dist: 'distribution', distr: 'distribution', elec: 'electric', enterp: 'enterprises', fdn: 'foundation',
  fndn: 'foundation', ft: 'fort', govt: 'government', grp: 'group', hldgs: 'holdings', hosp: 'hospital',
  hts: 'heights', ind: 'industries', inds: 'industries', ins: 'insurance', intl: 'international',
  inv: 'investments', invs: 'investments', labs: 'laboratories', mfg: 'manufacturing', mgmt: 'management',
  mgt: 'management', mktg: 'marketing', mt: 'mount', natl: 'national', ofc: 'office', ortho: 'orthodontics',
  pkg: 'packaging', plbg: 'plumbing', prop: 'properties', props: 'properties', rlty: 'realty', saint: 'st',
  sch: 'school', soc: 'society', svc: 'service', svcs: 'services', sys: 'systems', transp: 'transportation',
  univ: 'university', vet: 'veterinary', whse: 'warehouse', whsle: 'wholesale',
}; // prettier-ignore

/** Words that many businesses carry: sharing one of them says little. */
export const GENERIC_WORDS: ReadonlySet<string> = new Set([
  'academy', 'accounting', 'advisors', 'agency', 'and', 'associates', 'association', 'auto', 'bank', 'brewing',
  'brothers', 'builders', 'business', 'capital', 'care', 'center', 'church', 'city', 'clinic', 'college',
  'communications', 'community', 'construction', 'consulting', 'county', 'credit', 'dental', 'design',
  'development', 'distribution', 'district', 'electric', 'energy', 'engineering', 'enterprises', 'family',
  'farm', 'farms', 'financial', 'first', 'food', 'foods', 'foundation', 'freight', 'group', 'health', 'heating',
  'holdings', 'home', 'hospital', 'hospitality', 'industries', 'insurance', 'international', 'investments',
  'law', 'legal', 'logistics', 'management', 'manufacturing', 'marine', 'marketing', 'media', 'medical',
  'national', 'office', 'orthodontics', 'packaging', 'partners', 'pediatrics', 'physical', 'plumbing',
  'properties', 'property', 'real', 'realty', 'regional', 'restaurant', 'school', 'service', 'services',
  'society', 'solutions', 'sons', 'st', 'staffing', 'supply', 'systems', 'technologies', 'technology',
  'the', 'therapy', 'transportation', 'trust', 'union', 'united', 'university', 'veterinary', 'wealth',
]); // prettier-ignore

/** A part of a client behind a separator: "- HQ", "(Home Users)", "| Branch 2". Not towns. */
export const SITE =
  /^(hq|head ?quarters|head office|main( (office|site|campus|location))?|(branch|branch office|office|site|location|plant|warehouse|store|shop|unit|building|floor|campus|suite)( ?(no\.?|#)? ?([a-z]|\d{1,4}))?|home users?|remote( users?| workers?)?|servers?|workstations?|laptops?|mobile( devices)?|cloud|dc|data ?center|primary|default|production|prod)$/;

/** Letters that Unicode does not take apart. */
export const LETTERS: Readonly<Record<string, string>> = {
  ł: 'l', ø: 'o', æ: 'ae', œ: 'oe', ß: 'ss', đ: 'd', ð: 'd', þ: 'th', ı: 'i', ħ: 'h',
}; // prettier-ignore
