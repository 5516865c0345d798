/** Signed-in console session; `id` is the SHA-256 of the cookie's secret. */
export interface SessionTable {
  id: string;
  member_id: string;
  created_at: number;
  expires_at: number;
}

/** One-time link; `id` is the SHA-256 of its secret. */
export interface SignInLinkTable {
  id: string;
  member_id: string;
  created_at: number;
  expires_at: number;
  used_at: number | null;
}

export interface ApiTokenTable {
  id: string;
  name: string;
  /** SHA-256 of the token. */
  hash: string;
  created_at: number;
  last_used_at: number | null;
  revoked_at: number | null;
}

/** The answer once given to a POST with this Idempotency-Key. */
export interface IdempotencyTable {
  key: string;
  /** SHA-256 of method, path and body. */
  request_hash: string;
  status: number;
  body: string;
  content_type: string;
  at: number;
}
