/** The platform's numbers. Lengths are characters. */

/** https://docs.slack.dev/reference/block-kit/blocks */
export const maxBlocks = 50;
/** https://docs.slack.dev/reference/block-kit/blocks/section-block */
export const maxSectionText = 3000;
/** https://docs.slack.dev/reference/block-kit/blocks/header-block */
export const maxHeaderText = 150;
/** https://docs.slack.dev/reference/block-kit/blocks/image-block */
export const maxAltText = 2000;
/** https://docs.slack.dev/reference/block-kit/blocks/actions-block */
export const maxActions = 25;
/** https://docs.slack.dev/reference/block-kit/block-elements/button-element */
export const maxButtonText = 75;
export const maxButtonUrl = 3000;
/** https://docs.slack.dev/reference/block-kit/composition-objects/option-object */
export const maxOptionText = 75;
/** https://docs.slack.dev/reference/block-kit/block-elements/radio-button-group-element, and of checkboxes */
export const maxVisibleOptions = 10;
/** https://docs.slack.dev/reference/block-kit/block-elements/select-menu-element */
export const maxSelectOptions = 100;
/** As many buttons as stay on one screen of a phone: from here on a list is easier to use. Our decision. */
export const maxChoiceButtons = 5;
/** https://docs.slack.dev/reference/views/home-tab-views */
export const maxViewBlocks = 100;
/** https://docs.slack.dev/surfaces/modals */
export const maxModalTitle = 24;
/** Less than the 2,000 the platform takes: it travels with the window's other words in a button's value. Our decision. */
export const maxInputLabel = 150;
/** https://docs.slack.dev/reference/block-kit/block-elements/plain-text-input-element */
export const maxInputText = 3000;
/**
 * Words in one message's blocks together. The platform's own limit ("msg_blocks_too_long") is unpublished and near 13,000;
 * this is well below it.
 */
export const maxMessageWords = 8000;
/** https://docs.slack.dev/reference/methods/chat.postMessage recommends 4,000; the notification shows far less. */
export const maxFallbackText = 1000;
/** https://docs.slack.dev/reference/methods/files.getUploadURLExternal, bytes */
export const maxFileBytes = 1024 * 1024 * 1024;
/** …its error alt_txt_too_large */
export const maxFileAltText = 1000;
/** Slack says no number: what it shows of a file's name. Our decision. */
export const maxFileTitle = 255;
/** https://docs.slack.dev/apis/web-api/rate-limits: "one message per second per channel", … */
export const perAddressIntervalMs = 1000;
/** …and "several hundred messages per minute" in a workspace. */
export const messagesPerSecond = 5;
/** https://docs.slack.dev/reference/methods/chat.update: tier 3, 50 a minute. */
export const editsPerMinute = 50;
/** https://docs.slack.dev/authentication/verifying-requests-from-slack, seconds, either way. */
export const maxClockSkewSeconds = 300;
/** No event, press or submission is larger, bytes. */
export const maxRequestBytes = 1024 * 1024;
/** The person's own id: U… or, of an enterprise, W…. */
export const userId = /^[UW][A-Z0-9]{2,30}$/;

/** https://docs.slack.dev/reference/methods/users.lookupByEmail: tier 3, 50 a minute. */
export const lookupsPerMinute = 50;

/** The app's own slash command, as in the manifests: a workspace gives each app its names, and all of ours hang on this one. */
export const slashCommandName = '/wici';
/** A channel's, public or private: C…, or of an older private one G…. */
export const channelId = /^[CG][A-Z0-9]{2,30}$/;
/** https://docs.slack.dev/reference/methods/users.conversations recommends 200 at a time. */
export const channelsPage = 200;
