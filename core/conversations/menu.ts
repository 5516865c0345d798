import type { Draft } from '../deliveries/content.ts';
import { field } from '../deliveries/field.ts';
import { say } from '../text.ts';

/** What a menu button does: the id of the button and the name of the command it stands for. */
export const menuActions = ['polls', 'announcements', 'report', 'reports', 'me', 'language', 'help'] as const;
export type MenuAction = (typeof menuActions)[number] | 'announce' | 'panel' | 'menu';

/** The buttons that are always there. */
export function menuButtons(staff: boolean): Draft[number] {
  const ids: readonly MenuAction[] = staff ? ['announce', 'panel', ...menuActions] : menuActions;
  return {
    type: 'actions',
    actions: ids.map((id) => ({
      kind: 'press',
      id: `menu.${id}`,
      label: say(`chat:menu.${id}`),
      ...(id === 'report' ? { field: field('chat:report.hint', 'chat:menu.report') } : {}),
    })),
  };
}

/** The name of the command a menu button stands for, or null for any other button. */
export function menuCommand(id: string): string | null {
  return /^menu\.(.+)$/.exec(id)?.[1] ?? null;
}
