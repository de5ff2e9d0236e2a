/** The port to the small text files a person names: people, rates, reports. */
export interface TextFiles {
  /** UTF-8 text without its byte order mark. A `PortError` with a sentence when it cannot be read. */
  read(path: string): Promise<string>
  /** The first characters of a file; null when there is none. Throws as `read` does. */
  beginning(path: string): Promise<string | null>
  /** Whole or not at all: written beside the target, then renamed over it. */
  write(path: string, text: string): Promise<void>
}
