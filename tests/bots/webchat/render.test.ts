import { describe, expect, it } from 'vitest';
import { render } from '../../../bots/webchat/render.ts';
import type { OutboundMessage } from '../../../core/channels/outbound-message.ts';

const media = {
  id: '01JPICTURE',
  fileName: 'plan.png',
  contentType: 'image/png',
  data: new Uint8Array(2048),
};
const message: OutboundMessage = {
  token: 'T000000000000001',
  language: 'pl',
  deliveryId: '01JDELIVERY',
  replyTo: '01JEARLIER',
  blocks: [
    { type: 'text', style: 'title', text: '<Przerwa> & *woda*' },
    { type: 'image', media, alt: 'Plan' },
    { type: 'file', media, label: 'Plan (PNG)' },
    { type: 'divider' },
    { type: 'actions', actions: [{ kind: 'press', id: 'confirm', label: 'Przeczytane ✓' }] },
  ],
};

describe('the transcript’s form of a message', () => {
  it('keeps every block and every character, and pictures by reference', () => {
    const reference = { id: '01JPICTURE', fileName: 'plan.png', contentType: 'image/png', size: 2048 };
    expect(render(message)).toEqual({
      token: 'T000000000000001',
      language: 'pl',
      replyTo: '01JEARLIER',
      blocks: [
        { type: 'text', style: 'title', text: '<Przerwa> & *woda*' },
        { type: 'image', media: reference, alt: 'Plan' },
        { type: 'file', media: reference, label: 'Plan (PNG)' },
        { type: 'divider' },
        { type: 'actions', actions: [{ kind: 'press', id: 'confirm', label: 'Przeczytane ✓' }] },
      ],
    });
  });

  it('survives being written down and read again', () => {
    const rendered = render(message);
    expect(JSON.parse(JSON.stringify(rendered))).toEqual(rendered);
  });
});
