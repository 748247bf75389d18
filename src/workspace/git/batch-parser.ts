/** Reading what `git cat-file --batch` prints, in whatever pieces it comes. */

export interface GitObject {
  id: string;
  type: 'commit' | 'tree' | 'blob' | 'tag';
  content: Buffer;
}

/**
 * `<id> <type> <size>\n<content>\n` for what is there, else one line that says what is wrong with the name. An object above
 * `contentBytesMax` is passed over without being held, and answered as not there: none that Orbit asks for is so large, but an agent
 * may have made one.
 */
export class BatchParser {
  private buffered: Buffer[] = [];
  private bufferedBytes = 0;
  private expected: { id: string; type: GitObject['type']; size: number } | null = null;
  private toSkip = 0;

  push(chunk: Buffer): (GitObject | null)[] {
    this.buffered.push(chunk);
    this.bufferedBytes += chunk.length;
    const answers: (GitObject | null)[] = [];
    for (;;) {
      const answer = this.next();
      if (answer === undefined) return answers;
      answers.push(answer);
    }
  }

  private next(): GitObject | null | undefined {
    this.skip();
    if (this.toSkip > 0) return undefined;
    if (this.expected === null) {
      const line = this.takeLine();
      if (line === null) return undefined;
      const found = /^([0-9a-f]+) (commit|tree|blob|tag) (\d+)$/.exec(line);
      if (found === null) return null;
      const [, id = '', type, size] = found;
      if (Number(size) > contentBytesMax) {
        this.toSkip = Number(size) + 1;
        return null;
      }
      this.expected = { id, type: type as GitObject['type'], size: Number(size) };
    }
    const { id, type, size } = this.expected;
    if (this.bufferedBytes < size + 1) return undefined;
    this.expected = null;
    return { id, type, content: this.take(size + 1).subarray(0, size) };
  }

  private skip(): void {
    if (this.toSkip === 0) return;
    this.toSkip -= this.take(Math.min(this.toSkip, this.bufferedBytes)).length;
  }

  private takeLine(): string | null {
    const all = this.joined();
    const end = all.indexOf(0x0a);
    return end === -1 ? null : this.take(end + 1).toString('utf8', 0, end);
  }

  private take(bytes: number): Buffer {
    const all = this.joined();
    this.buffered = [all.subarray(bytes)];
    this.bufferedBytes -= bytes;
    return all.subarray(0, bytes);
  }

  private joined(): Buffer {
    if (this.buffered.length !== 1) this.buffered = [Buffer.concat(this.buffered)];
    return this.buffered[0] ?? Buffer.alloc(0);
  }
}

/** Attribute files and commits, the only content asked for, are far smaller. */
const contentBytesMax = 16_777_216;
