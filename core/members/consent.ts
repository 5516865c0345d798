/** The version of the consent's wording (locales …/chat.json): goes up when what people agree to changes. */
export const consentVersion = 1;
