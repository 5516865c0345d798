import { findAttachmentInfo, loadMedia } from '../../core/store/attachments.ts';
import { missing } from '../access.ts';
import { type App, staffView } from '../context.ts';

/** A picture for previews; other files are downloaded, never opened in the panel's own site. */
export function attachmentPage(app: App): void {
  app.get('/attachments/:id', async (c) => {
    const { db } = staffView(c).deps.core;
    const info = await findAttachmentInfo(db, c.req.param('id'));
    if (!info) return missing();
    const media = await loadMedia(db, info.id);
    const how = info.kind === 'image' ? 'inline' : 'attachment';
    c.header('Content-Type', info.content_type);
    c.header('Content-Disposition', `${how}; filename*=UTF-8''${encodeURIComponent(info.file_name)}`);
    c.header('Cache-Control', 'private, max-age=3600');
    return c.body(new Uint8Array(media.data));
  });
}
