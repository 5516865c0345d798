import type { GroupView } from '../../../core/groups/group.ts';
import type { Row } from '../../../core/store/schema.ts';
import type { AudienceOptions } from '../../audience-form.ts';
import { AudienceBuilder } from '../../components/audience-builder.tsx';
import { Check, ErrorNote, FileField, type FormError, Group, TextField } from '../../components/fields.tsx';
import { RemindersFields, WhenFields } from '../../components/sending-fields.tsx';
import { Card } from '../../components/ui.tsx';
import type { View } from '../../context.ts';
import type { Fields } from '../../forms.ts';
import { groupName } from '../messengers/groups-card.tsx';
import { LanguageColumns } from './language-columns.tsx';

export type AttachmentInfo = Omit<Row<'attachment'>, 'data'>;

export interface FormProps {
  readonly view: View;
  readonly options: AudienceOptions;
  readonly fields: Fields;
  readonly attachment: AttachmentInfo | null;
  /** Where it can be posted as well. */
  readonly groups: readonly GroupView[];
  readonly error?: FormError | null;
}

export const AnnouncementForm = (props: FormProps) => {
  const { view, options, fields, error } = props;
  return (
    <form
      method="post"
      action="/announcements/preview"
      enctype="multipart/form-data"
      class="stack"
      novalidate
      data-keep
    >
      <ErrorNote error={error} />
      <Words {...props} />
      <AudienceBuilder view={view} options={options} fields={fields} />
      <Groups {...props} />
      <Sending view={view} fields={fields} error={error ?? null} />
      <div class="submit-bar">
        <button type="submit" class="ds-button">
          {view.t('console:compose.preview')}
        </button>
        <span class="muted">{view.t('console:compose.previewHint')}</span>
      </div>
    </form>
  );
};

/** Chats shared by many: in addition to the people, never instead of them. */
const Groups = ({ view, groups, fields, error }: FormProps) => {
  const { t } = view;
  if (groups.length === 0) return null;
  return (
    <Card title={t('groups:compose.title')}>
      {error?.field === 'groups' && (
        <p class="ds-validation-message" data-color="danger">
          {error.words}
        </p>
      )}
      <Group legend={t('groups:compose.legend')} one>
        {groups.map((group) => (
          <Check
            name="groups"
            value={group.id}
            checked={fields.all('groups').includes(group.id)}
            label={`${groupName(group)}, ${t(`delivery:channel.${group.channel}`)}`}
          />
        ))}
      </Group>
      <p class="muted">{t('groups:compose.hint')}</p>
    </Card>
  );
};

const Words = ({ view, fields, attachment, error }: FormProps) => {
  const { t } = view;
  return (
    <Card title={t('console:compose.words')}>
      <LanguageColumns view={view} fields={fields} error={error} />
      <div class="pair">
        <TextField
          name="link"
          type="url"
          label={t('console:compose.link')}
          hint={t('console:compose.linkHint')}
          value={fields.text('link')}
          placeholder="https://"
          error={error}
        />
        <Attachment view={view} attachment={attachment} error={error ?? null} />
      </div>
    </Card>
  );
};

const Attachment = ({
  view,
  attachment,
  error,
}: {
  view: View;
  attachment: AttachmentInfo | null;
  error: FormError | null;
}) => (
  <div class="tight">
    <FileField
      name="attachment"
      label={view.t('console:compose.attachment')}
      hint={view.t('console:compose.attachmentHint')}
      error={error}
    />
    {attachment && (
      <>
        <input type="hidden" name="attachmentId" value={attachment.id} />
        <Check
          name="dropAttachment"
          label={view.t('console:compose.dropAttachment', { name: attachment.file_name })}
        />
      </>
    )}
  </div>
);

const Sending = ({ view, fields, error }: { view: View; fields: Fields; error: FormError | null }) => {
  const { t } = view;
  return (
    <Card title={t('console:compose.sending')}>
      <WhenFields view={view} fields={fields} error={error} />
      <Group legend={t('console:compose.asking')} one>
        <Check
          name="confirm"
          checked={fields.checked('confirm')}
          label={t('console:compose.confirm')}
          hint={t('console:compose.confirmHint')}
        />
        <Check
          name="replies"
          checked={fields.checked('replies')}
          label={t('console:compose.replies')}
          hint={t('console:compose.repliesHint')}
        />
      </Group>
      <RemindersFields view={view} fields={fields} hint={t('console:compose.remindersHint')} />
    </Card>
  );
};
