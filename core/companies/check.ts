import { webAddress } from '../channels/links.ts';
import { DomainError } from '../domain-error.ts';
import { fold } from '../fold.ts';
import { atMost, tidy, tidyLines, tidyTags } from '../tidy.ts';
import type { CompanyInput } from './company.ts';

export const companyLimits = { name: 200, offer: 4000, website: 300, unit: 100 };

/** The row's fields from what was typed; absent ones stay absent. Errors: people:errors.* with the field at fault. */
export function checkCompany(input: CompanyInput) {
  const name = atMost(tidy(input.name), companyLimits.name, 'name');
  const name_folded = fold(name);
  if (name_folded === '') throw new DomainError('people:errors.companyName', {}, 'name');
  const { branchId, offerPl, offerEn, website, unit, tags } = input;
  return {
    name,
    name_folded,
    ...(branchId !== undefined && { branch_id: branchId || null }),
    ...(offerPl !== undefined && { offer_pl: offer(offerPl, 'offerPl') }),
    ...(offerEn !== undefined && { offer_en: offer(offerEn, 'offerEn') }),
    ...(website !== undefined && { website: checkWebsite(website) }),
    ...(unit !== undefined && { unit: atMost(tidy(unit ?? ''), companyLimits.unit, 'unit') || null }),
    ...(tags !== undefined && { tags: JSON.stringify(tidyTags(tags)) }),
  };
}

/** An http(s) address; one typed without "https://" gets it. */
export function checkWebsite(typed: string | null): string | null {
  const text = atMost(tidy(typed ?? ''), companyLimits.website, 'website');
  if (text === '') return null;
  const address = webAddress(text);
  if (address === null || !new URL(address).hostname.includes('.')) {
    throw new DomainError('people:errors.website', {}, 'website');
  }
  return address;
}

function offer(text: string | null, field: string): string | null {
  return atMost(tidyLines(text ?? ''), companyLimits.offer, field) || null;
}
