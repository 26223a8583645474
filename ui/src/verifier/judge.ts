import type { CheckedBadge, EndorsementView, EvidenceView, Fact } from '../backend/types.gen';
import type { Document, Need } from './host';

/** One badge, judged: what the verifier answers. */
export interface Judged {
  badge: CheckedBadge;
  evidence: EvidenceView[];
  endorsements: EndorsementView[];
  facts: Fact[];
  technical: Fact[];
  criteria_url: string | null;
  show: 'front' | 'whole';
  /** Whether the address that the sharer added is the signed one; `null` where none was added. */
  address: boolean | null;
  asks: Need[];
  needs: Need[];
}

/** One document leads to the next; no honest chain is longer. */
const rounds = 6;
const most = 16;

/** What was fetched for this page, so that one issuer of ten badges is asked about once. */
export class Documents {
  #kept = new Map<string, Promise<Document>>();
  #fetch: (need: Need) => Promise<Document>;

  constructor(fetch: (need: Need) => Promise<Document>) {
    this.#fetch = fetch;
  }

  of(need: Need): Promise<Document> {
    const name = `${need.purpose} ${need.url}`;
    const known = this.#kept.get(name);
    if (known) return known;
    const asked = this.#fetch(need);
    this.#kept.set(name, asked);
    return asked;
  }
}

/** Judges, fetches what is missing, and judges again, until nothing is missing or it takes too long. */
export async function judgeBadge(judge: (documents: string) => Judged, documents: Documents, deadline: number): Promise<Judged> {
  const mine: Document[] = [];
  let judged = judge('[]');
  for (let round = 0; round < rounds && judged.needs.length > 0 && Date.now() < deadline; round += 1) {
    mine.push(...(await Promise.all(judged.needs.slice(0, most).map((need) => documents.of(need)))));
    judged = judge(JSON.stringify(mine));
  }
  return judged;
}
