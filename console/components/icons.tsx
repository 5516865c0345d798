const paths = {
  home: 'M3 11.5 12 4l9 7.5M5.5 9.8V20h4.5v-5.5h4V20h4.5V9.8',
  announcements: 'M4 10v4h3l8 4V6l-8 4H4Zm3 4 1.2 5h2.3l-1-4M18 9.2a4 4 0 0 1 0 5.6',
  polls: 'M5 20V11M12 20V4M19 20v-6M3 20h18',
  inbox: 'M4 13 6.5 5h11L20 13v6H4v-6Zm0 0h4.5l1.5 2.5h4l1.5-2.5H20',
  people:
    'M9 11.5a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7Zm-6 8c.4-3.6 2.7-5.5 6-5.5s5.6 1.9 6 5.5M16 5.2a3 3 0 0 1 0 5.6M17.5 14.4c2 .7 3.2 2.4 3.5 5.1',
  companies: 'M4 20V6l8-2.5V20M12 9h8v11M3 20h18M7 9h2M7 12.5h2M7 16h2M15 12.5h2M15 16h2',
  settings:
    'M4 7h9m4 0h3M4 17h3m4 0h9M15 9.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5Zm-6 10a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5Z',
  plus: 'M12 5v14M5 12h14',
  check: 'm5 12.5 4.5 4.5L19 7.5',
  warning: 'M12 4 2.8 20h18.4L12 4Zm0 6v4.5m0 2.5v.1',
  arrow: 'M5 12h14m-6-6 6 6-6 6',
  back: 'M19 12H5m6-6-6 6 6 6',
  chat: 'M4 5h16v11H10l-4 3.5V16H4V5Z',
  link: 'M10 14a4 4 0 0 0 5.7 0l3-3A4 4 0 0 0 13 5.3l-1 1M14 10a4 4 0 0 0-5.7 0l-3 3A4 4 0 0 0 11 18.7l1-1',
  download: 'M12 4v11m-5-5 5 5 5-5M4 20h16',
  out: 'M14 4H5v16h9M10 12h11m-4-4 4 4-4 4',
  search: 'M10.5 17a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13Zm4.8-1.7L20 20',
  clock: 'M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18Zm0-14v5.5l3.5 2',
  file: 'M6 3h8l4 4v14H6V3Zm8 0v4h4',
  language:
    'M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18ZM3 12h18M12 3c2.5 2.6 3.7 5.6 3.7 9s-1.2 6.4-3.7 9c-2.5-2.6-3.7-5.6-3.7-9S9.5 5.6 12 3Z',
} as const;

export type IconName = keyof typeof paths;

/** Decoration only: the words beside it say the same. */
export const Icon = ({ name }: { name: IconName }) => (
  <svg class="icon" viewBox="0 0 24 24" width="20" height="20" aria-hidden="true" focusable="false">
    <path
      d={paths[name]}
      fill="none"
      stroke="currentColor"
      stroke-width="1.75"
      stroke-linecap="round"
      stroke-linejoin="round"
    />
  </svg>
);

/** The sign of Wici: two withies tied, a call carried on. */
export const Logo = () => (
  <svg class="logo" viewBox="0 0 32 32" width="32" height="32" aria-hidden="true" focusable="false">
    <rect class="logo-ground" width="32" height="32" rx="8" />
    <path
      class="logo-mark"
      d="M7 10.5 11.5 22 16 12l4.5 10L25 10.5"
      fill="none"
      stroke-width="2.6"
      stroke-linecap="round"
      stroke-linejoin="round"
    />
  </svg>
);
