/** The web chat's own numbers: this platform is ours, so these are decisions, kept where the other messengers keep theirs. */
export const limits = {
  /** Bytes of one post: 10,000 characters of any script, four bytes each, with room for their JSON escapes. */
  postBytes: 65_536,
  /** The page's random id of a post; what makes a repeated post count once. */
  postId: /^[A-Za-z0-9_-]{8,64}$/,
  /** Options ticked in one submitted choice. */
  values: 100,
  /** Posts of one conversation in half a minute: more than a person makes, less than a loop does. */
  postsPerHalfMinute: 40,
} as const;

export type WebchatLimits = typeof limits;
