import type { Field } from '../channels/outbound-message.ts';
import { say, type Text } from '../text.ts';

/** A field for the words named by `label`, in a window headed `title`; both are locale keys. */
export function field(label: string, title: string): Field<Text> {
  return {
    label: say(label),
    title: say(title),
    submit: say('chat:field.submit'),
    cancel: say('chat:field.cancel'),
  };
}
