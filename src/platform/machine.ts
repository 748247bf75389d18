/** What this machine has: memory that programs can still take, and processor cores, both within what a container grants. */
import { availableParallelism } from 'node:os';

export function machineFacts(): { availableBytes: number | null; cores: number } {
  return { availableBytes: process.availableMemory(), cores: availableParallelism() };
}
