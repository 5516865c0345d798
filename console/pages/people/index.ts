import type { App } from '../../context.ts';
import { companiesPage } from './companies.tsx';
import { companyPages } from './company.tsx';
import { importPage } from './import.tsx';
import { invitationPage } from './invitation.tsx';
import { invitationNewPage } from './invitation-new.tsx';
import { invitationsPage } from './invitations.tsx';
import { inviteAgainPage } from './invite-again.tsx';
import { memberPage } from './member.tsx';
import { memberNewPage } from './member-new.tsx';
import { membersPage } from './members.tsx';
import { signInLinkPage } from './sign-in-link.tsx';

export function peoplePages(app: App): void {
  membersPage(app);
  memberNewPage(app);
  memberPage(app);
  signInLinkPage(app);
  inviteAgainPage(app);
  importPage(app);
  companiesPage(app);
  companyPages(app);
  invitationsPage(app);
  invitationNewPage(app);
  invitationPage(app);
}
