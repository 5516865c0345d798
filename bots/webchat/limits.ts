/** The web chat's own numbers: this platform is ours, so these are decisions, kept where the other messengers keep theirs. */

/** Bytes of one post: 10,000 characters of any script, four bytes each, with room for their JSON escapes. */
export const postLimit = 65_536;

/** Options ticked in one submitted choice. */
export const valuesLimit = 100;

/** Characters of the page's random id of a post; what makes a repeated post count once. */
export const postIdPattern = /^[A-Za-z0-9_-]{8,64}$/;
