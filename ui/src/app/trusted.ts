/** The one place where text becomes HTML: what the core made of a badge's Markdown. The page of a share link takes no other. */
interface Policy {
  createHTML: (html: string) => string;
}
const { trustedTypes } = globalThis as { trustedTypes?: { createPolicy: (name: string, policy: Policy) => Policy } };
const policy = trustedTypes?.createPolicy('badge-view', { createHTML: (html) => html });

export const trusted = (html: string): string => policy?.createHTML(html) ?? html;
