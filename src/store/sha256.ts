/**
 * SHA-256 (FIPS 180-4) in plain TypeScript.
 *
 * Owns nothing but the algorithm. The log's chain needs one hash per event, and loading `node:crypto` for it costs each
 * short-lived process 4.8 ms of its 30 (Node 24.21), where hashing the two lines of a claim here costs 0.3 ms cold. Warm, a line
 * takes some 4 µs. Not for secrets: it is not constant in time. `sha256.test.ts` compares it with `node:crypto`.
 */

/** The SHA-256 of `text` as UTF-8, in 64 hexadecimal digits. */
export function sha256(text: string): string {
  const message = padded(text);
  const state = initial.slice();
  for (let offset = 0; offset < message.length; offset += 64) addBlock(state, message, offset);
  let hex = '';
  for (const word of state) hex += (word >>> 0).toString(16).padStart(8, '0');
  return hex;
}

/** The first 32 bits of the fractions of a prime's root: square roots start the state, cube roots are the round constants. */
const primes = firstPrimes(64);
const initial = Int32Array.from(primes.slice(0, 8), (prime) => fraction(Math.sqrt(prime)));
const constants = Int32Array.from(primes, (prime) => fraction(Math.cbrt(prime)));
const schedule = new Int32Array(64);

/** Message, a one bit, zeros, and the length in bits as the last 8 of a multiple of 64 bytes. */
function padded(text: string): Buffer {
  const length = Buffer.byteLength(text);
  const message = Buffer.alloc(((length + 72) >>> 6) << 6);
  message.write(text);
  message[length] = 0x80;
  message.writeUInt32BE(Math.floor(length / 0x2000_0000), message.length - 8);
  message.writeUInt32BE((length << 3) >>> 0, message.length - 4);
  return message;
}

function addBlock(state: Int32Array, message: Buffer, offset: number): void {
  const w = schedule;
  for (let i = 0; i < 16; i += 1) {
    const at = offset + i * 4;
    const high = ((message[at] as number) << 24) | ((message[at + 1] as number) << 16);
    w[i] = high | ((message[at + 2] as number) << 8) | (message[at + 3] as number);
  }
  for (let i = 16; i < 64; i += 1) {
    const x = w[i - 15] as number;
    const y = w[i - 2] as number;
    const small0 = ((x >>> 7) | (x << 25)) ^ ((x >>> 18) | (x << 14)) ^ (x >>> 3);
    const small1 = ((y >>> 17) | (y << 15)) ^ ((y >>> 19) | (y << 13)) ^ (y >>> 10);
    w[i] = ((w[i - 16] as number) + small0 + (w[i - 7] as number) + small1) | 0;
  }
  let a = state[0] as number;
  let b = state[1] as number;
  let c = state[2] as number;
  let d = state[3] as number;
  let e = state[4] as number;
  let f = state[5] as number;
  let g = state[6] as number;
  let h = state[7] as number;
  for (let i = 0; i < 64; i += 1) {
    const big1 = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7));
    const big0 = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10));
    const first = (h + big1 + ((e & f) ^ (~e & g)) + (constants[i] as number) + (w[i] as number)) | 0;
    const second = (big0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    h = g;
    g = f;
    f = e;
    e = (d + first) | 0;
    d = c;
    c = b;
    b = a;
    a = (first + second) | 0;
  }
  state[0] = (state[0] as number) + a;
  state[1] = (state[1] as number) + b;
  state[2] = (state[2] as number) + c;
  state[3] = (state[3] as number) + d;
  state[4] = (state[4] as number) + e;
  state[5] = (state[5] as number) + f;
  state[6] = (state[6] as number) + g;
  state[7] = (state[7] as number) + h;
}

function firstPrimes(count: number): number[] {
  const found: number[] = [];
  for (let n = 2; found.length < count; n += 1) if (found.every((prime) => n % prime !== 0)) found.push(n);
  return found;
}

function fraction(root: number): number {
  return ((root - Math.floor(root)) * 0x1_0000_0000) | 0;
}
