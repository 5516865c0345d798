/** Something to press: a link opens, anything else is handed back as `press`. */
export interface Key {
  readonly label: string;
  readonly url?: string;
  readonly press?: string;
}

/** A message as its reader sees it now. */
export interface Shown {
  readonly id: string;
  readonly from: 'bot' | 'user';
  /** Pieces of its words; `kind` names how one is set (bold, quote, …). */
  readonly words: readonly { readonly text: string; readonly kind?: string }[];
  readonly files: readonly string[];
  readonly rows: readonly (readonly Key[])[];
  readonly replyTo: string | null;
  readonly edits: number;
}

/** A person whom somebody plays. */
export interface Hand {
  readonly id: string;
  readonly name: string;
  /** What else is to be known of them: their language, how they stand to the bot. */
  about(): string;
  messages(): Shown[];
  press(message: string, key: string): void;
  say(text: string, replyTo?: string): void;
  /** The window open before them. */
  window(): { readonly title: string; readonly label: string; readonly submit: string } | null;
  submit(words: string): void;
  /** Whatever else they can do, by what its button says. */
  readonly deeds: Readonly<Record<string, () => void>>;
}

/** A messenger's stand-in to be played by hand. */
export interface Stage {
  readonly title: string;
  /** What Wici is started with. */
  readonly variables: Readonly<Record<string, string>>;
  add(name: string, language: string): Hand;
  close(): Promise<void>;
}
