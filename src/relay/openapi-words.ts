/**
 * What a field of a request means where its name does not say it. Here and not in the contract,
 * because the pane loads the contract too.
 */
import type { RouteName } from '../contract/contract.ts';

const KEY =
  'Made up by the caller and new for each intent. The same key again is answered with what became of the first; with another content it is refused.';
const SEEN =
  'Ids of documents in the books (`invoiceId` of `inBooks`) that look like an invoice of the batch, and that a person has looked at and takes for something else. Any other one refuses the post.';

export const FIELD_WORDS: Partial<Readonly<Record<RouteName, Readonly<Record<string, string>>>>> = {
  submit: { key: KEY },
  approve: {
    digest: 'Of the batch as it was shown: exactly this is approved.',
    version: 'Of the batch as it was shown; an older one is refused.',
    changeSeen:
      'True: the person has looked at what the batch names in `mustSee`. Needed while it names anything.',
  },
  post: { key: KEY, digest: 'The one that was approved.', seen: SEEN },
  refresh: {
    sources: 'Ids of connections; absent: all of them, and the customers of the books.',
    confirmEmpty: 'Of those, the ones whose suddenly empty answer a person has confirmed.',
  },
  knowMark: {
    marker:
      'As `foreignMarks` of `inBooks` shows it. From then on every mark of that installation is known.',
    reason: 'Whose it is; it stands in the audit trail.',
  },
  decide: {
    choice:
      '"look again": in the books, while in doubt (UNKNOWN, NEEDS_PERSON). "send again": it is not there, from `decideFrom` on (NEEDS_PERSON). "it is there": as `invoiceId` (NEEDS_PERSON). "give up": it is not sent again, from `decideFrom` on; with a reason where the books never answer (NEEDS_PERSON). "retry": once more, after something was mended in the books (REJECTED, or BLOCKED by the books).',
    invoiceId: 'Of "it is there": the id of the document in the books.',
    reason: 'Stands with the evidence.',
    seen: SEEN,
  },
  spotVerdict: { key: 'Of one posting that was drawn.' },
};
