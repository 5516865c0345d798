/** One process of Wici at work; gone with its end, or once the others found it dead. */
export interface ProcessTable {
  /** New with each start. */
  id: string;
  /** Equal only where a process's number means the same process. */
  machine: string;
  pid: number;
  /** Joined by commas. */
  roles: string;
  /** Equal for equal secrets, and tells nothing of them. */
  secret_mark: string;
  /** Goes up every second while it lives: nobody compares clocks. */
  beat: number;
  /** JSON: what it knows of the messengers it receives from, by name. */
  messengers: string;
  started_at: number;
}

/** Something only one process does at a time. Falls with its holder's row. */
export interface LeaseTable {
  name: string;
  process_id: string;
}
