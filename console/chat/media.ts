import type { Media } from '../../core/channels/outbound-message.ts';

/** What browsers may show in place; the rest is saved to disk, so that nothing uploaded runs as a page of ours. */
const shown = new Set(['image/png', 'image/jpeg', 'image/gif', 'image/webp', 'image/avif']);

export function mediaResponse({ contentType, fileName, data }: Media): Response {
  const inline = shown.has(contentType);
  return new Response(new Uint8Array(data), {
    headers: {
      'Content-Type': inline ? contentType : 'application/octet-stream',
      'Content-Disposition': `${inline ? 'inline' : 'attachment'}; filename*=UTF-8''${encodeURIComponent(fileName)}`,
      'Content-Security-Policy': "default-src 'none'; sandbox",
      'X-Content-Type-Options': 'nosniff',
      'Cache-Control': 'private, max-age=86400',
    },
  });
}
