import type { MiddlewareHandler } from 'hono';
import { HTTPException } from 'hono/http-exception';
import { secureHeaders } from 'hono/secure-headers';

/** Headers of every page: nothing inline, nothing from elsewhere, never inside a frame. */
export function pageHeaders(): MiddlewareHandler {
  return secureHeaders({
    contentSecurityPolicy: {
      defaultSrc: ["'none'"],
      scriptSrc: ["'self'"],
      styleSrc: ["'self'"],
      imgSrc: ["'self'", 'data:'],
      fontSrc: ["'self'"],
      connectSrc: ["'self'"],
      formAction: ["'self'"],
      baseUri: ["'none'"],
      frameAncestors: ["'none'"],
      manifestSrc: ["'self'"],
    },
    referrerPolicy: 'same-origin',
    strictTransportSecurity: false,
    xFrameOptions: 'DENY',
    crossOriginResourcePolicy: 'same-origin',
  });
}

/**
 * Whatever changes something is taken from our own pages only, under the public address or the one in the browser's bar.
 * Browsers name the page's origin with every such request, whatever its body; one without it comes from no page of ours.
 */
export function ownForms(publicUrl: string): MiddlewareHandler {
  const publicOrigin = new URL(publicUrl).origin;
  return async (c, next) => {
    const origin = c.req.header('origin');
    const reads = c.req.method === 'GET' || c.req.method === 'HEAD';
    const own = origin === publicOrigin || origin === new URL(c.req.url).origin;
    if (!reads && !own) throw new HTTPException(403);
    return next();
  };
}

/** What people uploaded runs nothing and asks for nothing, whatever it is. Stands before pageHeaders to have the last word. */
export const sandboxed: MiddlewareHandler = async (c, next) => {
  await next();
  c.header('Content-Security-Policy', "default-src 'none'; sandbox");
};
