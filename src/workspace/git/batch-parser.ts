/** Reading what `git cat-file --batch` prints, in whatever pieces it comes. */

export interface GitObject {
  id: string;
  type: 'commit' | 'tree' | 'blob' | 'tag';
  /** Empty where only a skim was asked for. */
  content: Buffer;
}

/**
 * `<id> <type> <size>\n<content>\n` for what is there, else one line that says what is wrong with the name. An object above
 * `contentBytesMax` is passed over without being held, and answered as not there: none that Orbit asks for is so large, but an agent
 * may have made one.
 */
export class BatchParser {
  /** Whether the content of the answer that begins is wanted. A skim passes over it, but answers only when all of it has come. */
  private readonly isWanted: () => boolean;
  private skimmed: GitObject | null = null;
  private buffered: Buffer[] = [];
  private bufferedBytes = 0;
  private expected: { id: string; type: GitObject['type']; size: number } | null = null;
  private toSkip = 0;

  constructor(isWanted: () => boolean = () => true) {
    this.isWanted = isWanted;
  }

  /** @param give told of each answer, before the next one is begun. */
  push(chunk: Buffer, give: (answer: GitObject | null) => void): void {
    this.buffered.push(chunk);
    this.bufferedBytes += chunk.length;
    for (let answer = this.next(); answer !== undefined; answer = this.next()) give(answer);
  }

  private next(): GitObject | null | undefined {
    this.skip();
    if (this.toSkip > 0) return undefined;
    if (this.skimmed !== null) {
      const answer = this.skimmed;
      this.skimmed = null;
      return answer;
    }
    if (this.expected === null) {
      const line = this.takeLine();
      if (line === null) return undefined;
      const found = /^([0-9a-f]+) (commit|tree|blob|tag) (\d+)$/.exec(line);
      if (found === null) return null;
      const [, id = '', type, size] = found;
      if (!this.isWanted()) {
        this.skimmed = { id, type: type as GitObject['type'], content: Buffer.alloc(0) };
        this.toSkip = Number(size) + 1;
        return this.next();
      }
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
