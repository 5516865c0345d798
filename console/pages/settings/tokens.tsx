import type { ApiToken } from '../../../core/store/api-tokens.ts';
import { TextField } from '../../components/fields.tsx';
import { CopyLine } from '../../components/share.tsx';
import { ActionButton, Card, TableBox, Tag } from '../../components/ui.tsx';
import type { View } from '../../context.ts';

export const Tokens = ({
  view,
  tokens,
  made,
}: {
  view: View;
  tokens: readonly ApiToken[];
  made: string | undefined;
}) => {
  const { t } = view;
  return (
    <Card title={t('console:settings.tokens')} id="tokens">
      <p class="muted">
        {t('console:settings.tokensHint')} <a href="/api/v1/openapi.json">OpenAPI</a>
      </p>
      {made && (
        <div class="ds-alert" data-color="success" role="status">
          <div class="tight">
            <p>{t('console:settings.tokenMade')}</p>
            <CopyLine view={view} text={made} id="copied-token" />
          </div>
        </div>
      )}
      {tokens.length > 0 && <TokenTable view={view} tokens={tokens} />}
      <form method="post" action="/settings/tokens" class="toolbar">
        <TextField name="tokenName" label={t('console:settings.tokenName')} required maxlength={100} />
        <button type="submit" class="ds-button" data-variant="secondary">
          {t('console:settings.makeToken')}
        </button>
      </form>
    </Card>
  );
};

const TokenTable = ({ view, tokens }: { view: View; tokens: readonly ApiToken[] }) => {
  const { t, formats } = view;
  return (
    <TableBox label={t('console:settings.tokens')}>
      <table class="ds-table">
        <thead>
          <tr>
            <th scope="col">{t('console:settings.tokenName')}</th>
            <th scope="col">{t('console:settings.tokenCreated')}</th>
            <th scope="col">{t('console:settings.tokenUsed')}</th>
            <th scope="col">
              <span class="ds-sr-only">{t('console:people.actions')}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {tokens.map((token) => (
            <tr>
              <th scope="row">{token.name}</th>
              <td>{formats.short(token.created_at)}</td>
              <td>{token.last_used_at === null ? '–' : formats.short(token.last_used_at)}</td>
              <td>
                {token.revoked_at === null ? (
                  <ActionButton
                    action={`/settings/tokens/${token.id}/revoke`}
                    variant="tertiary"
                    color="danger"
                    confirm={t('console:settings.revokeSure')}
                  >
                    {t('console:settings.revokeToken')}
                  </ActionButton>
                ) : (
                  <Tag>{t('console:settings.revoked')}</Tag>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </TableBox>
  );
};
