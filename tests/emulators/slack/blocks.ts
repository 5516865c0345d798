import { z } from 'zod';

/** Block Kit as far as it is known here: every field and limit; anything else is refused. */
const filled = (max: number) => z.string().min(1).max(max);
const plain = (max: number) =>
  z.strictObject({ type: z.literal('plain_text'), text: filled(max), emoji: z.boolean().optional() });
const mrkdwn = (max: number) =>
  z.strictObject({ type: z.literal('mrkdwn'), text: filled(max), verbatim: z.boolean().optional() });
const text = (max: number) => z.union([plain(max), mrkdwn(max)]);
const id = filled(255);
const blockId = { block_id: id.optional() };
const url = z
  .string()
  .max(3000)
  .refine((value) => URL.canParse(value) && /^(https?|slack):/.test(value), {
    message: 'invalid url',
  });

const option = z.strictObject({ text: plain(75), value: filled(150), description: plain(75).optional() });
const unique = (options: { value: string }[]) => new Set(options.map((o) => o.value)).size === options.length;
const options = (max: number) =>
  z.array(option).min(1).max(max).refine(unique, { message: 'duplicate values' });
const focus = { focus_on_load: z.boolean().optional() };

const button = z.strictObject({
  type: z.literal('button'),
  action_id: id,
  text: plain(75),
  value: z.string().max(2000).optional(),
  url: url.optional(),
  style: z.enum(['primary', 'danger']).optional(),
});
const radio = z.strictObject({
  type: z.literal('radio_buttons'),
  action_id: id,
  options: options(10),
  ...focus,
});
const checkboxes = z.strictObject({
  type: z.literal('checkboxes'),
  action_id: id,
  options: options(10),
  ...focus,
});
const select = z.strictObject({
  type: z.literal('static_select'),
  action_id: id,
  options: options(100),
  placeholder: plain(150).optional(),
});
const multiSelect = select.extend({ type: z.literal('multi_static_select') });
const textInput = z.strictObject({
  type: z.literal('plain_text_input'),
  action_id: id,
  multiline: z.boolean().optional(),
  min_length: z.number().int().optional(),
  max_length: z.number().int().min(1).max(3000).optional(),
  placeholder: plain(150).optional(),
  ...focus,
});

const styled = {
  style: z.strictObject({ bold: z.boolean().optional(), italic: z.boolean().optional() }).optional(),
};
const richElement = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('text'), text: filled(40_000), ...styled }),
  z.strictObject({ type: z.literal('link'), url, text: z.string().optional(), ...styled }),
]);
const rich = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('rich_text_section'), elements: z.array(richElement).min(1) }),
  z.strictObject({ type: z.literal('rich_text_quote'), elements: z.array(richElement).min(1) }),
]);

const shared = {
  header: z.strictObject({ type: z.literal('header'), text: plain(150), ...blockId }),
  divider: z.strictObject({ type: z.literal('divider'), ...blockId }),
  section: z
    .strictObject({
      type: z.literal('section'),
      text: text(3000).optional(),
      fields: z.array(text(2000)).min(1).max(10).optional(),
      accessory: z.discriminatedUnion('type', [button, radio, checkboxes, select, multiSelect]).optional(),
      expand: z.boolean().optional(),
      ...blockId,
    })
    .refine((section) => section.text !== undefined || section.fields !== undefined, {
      message: 'a section needs text or fields',
    }),
  context: z.strictObject({
    type: z.literal('context'),
    elements: z.array(text(3000)).min(1).max(10),
    ...blockId,
  }),
  actions: z.strictObject({
    type: z.literal('actions'),
    elements: z
      .array(z.discriminatedUnion('type', [button, radio, checkboxes, select]))
      .min(1)
      .max(25),
    ...blockId,
  }),
  rich: z.strictObject({ type: z.literal('rich_text'), elements: z.array(rich).min(1), ...blockId }),
  image: z.strictObject({
    type: z.literal('image'),
    slack_file: z.strictObject({ id: z.string().optional(), url: z.string().optional() }),
    alt_text: filled(2000),
    title: plain(2000).optional(),
    ...blockId,
  }),
} as const;

const input = z.strictObject({
  type: z.literal('input'),
  label: plain(2000),
  element: z.discriminatedUnion('type', [textInput, radio, checkboxes, select, multiSelect]),
  hint: plain(2000).optional(),
  optional: z.boolean().optional(),
  ...blockId,
});

const messageBlock = z.discriminatedUnion('type', [
  shared.header,
  shared.divider,
  shared.section,
  shared.context,
  shared.actions,
  shared.rich,
  shared.image,
]);
const viewBlock = z.discriminatedUnion('type', [shared.section, shared.divider, shared.context, input]);

/** Ids must not stand twice: a block's in the message, an element's in its block. */
function idsOnce(blocks: readonly (z.infer<typeof messageBlock> | z.infer<typeof viewBlock>)[]): boolean {
  const ids = blocks.flatMap((block) => block.block_id ?? []);
  const elements = blocks.filter((block) => block.type === 'actions').map((block) => block.elements);
  const lists = [ids, ...elements.map((inBlock) => inBlock.map((element) => element.action_id))];
  return lists.every((list) => new Set(list).size === list.length);
}

export const messageBlocks = z
  .array(messageBlock)
  .max(50, 'no more than 50 items allowed')
  .refine(idsOnce, { message: 'duplicate id' })
  .refine((blocks) => JSON.stringify(blocks).length <= 100_000, { message: 'msg_blocks_too_long' })
  .refine((blocks) => wordsOf(blocks).join('').length <= 13_000, { message: 'msg_blocks_too_long' });

export const modalView = z.strictObject({
  type: z.literal('modal'),
  title: plain(24),
  submit: plain(24).optional(),
  close: plain(24).optional(),
  callback_id: filled(255).optional(),
  private_metadata: z.string().max(3000).optional(),
  blocks: z.array(viewBlock).min(1).max(100).refine(idsOnce, { message: 'duplicate id' }),
});

const homeBlock = z.discriminatedUnion('type', [
  shared.header,
  shared.divider,
  shared.section,
  shared.context,
  shared.actions,
  shared.rich,
  shared.image,
]);

export const homeView = z.strictObject({
  type: z.literal('home'),
  callback_id: filled(255).optional(),
  private_metadata: z.string().max(3000).optional(),
  external_id: filled(255).optional(),
  blocks: z
    .array(homeBlock)
    .max(100, 'no more than 100 items allowed')
    .refine(idsOnce, { message: 'duplicate id' })
    .refine((blocks) => JSON.stringify(blocks).length <= 250_000, { message: 'view too large' }),
});

/** What an acknowledged command may answer. */
export const commandAnswer = z.strictObject({
  response_type: z.enum(['ephemeral', 'in_channel']).optional(),
  text: z.string().max(40_000).optional(),
  blocks: messageBlocks.optional(),
});

export type HomeView = z.infer<typeof homeView>;
export type MessageBlock = z.infer<typeof messageBlock>;
export type MessageBlocks = MessageBlock[];
export type ModalView = z.infer<typeof modalView>;

/** Every word a reader sees that is not on something to press, block by block. */
export function wordsOf(blocks: MessageBlocks): string[] {
  return blocks.flatMap(wordsIn);
}

function wordsIn(block: MessageBlock): string[] {
  switch (block.type) {
    case 'header':
      return [block.text.text];
    case 'section':
      return [block.text?.text ?? '', ...(block.fields ?? []).map((field) => field.text)];
    case 'context':
      return block.elements.map((element) => element.text);
    case 'rich_text':
      return block.elements.map((part) =>
        part.elements.map((e) => (e.type === 'text' ? e.text : (e.text ?? e.url))).join(''),
      );
    case 'image':
      return [block.alt_text];
    case 'actions':
    case 'divider':
      return [];
  }
}
