/**
 * SHA-256 (FIPS 180-4) and HMAC (RFC 2104) in plain TypeScript.
 *
 * Owns nothing but the algorithms. The log's chain needs one hash per event, an attempt's report two for its capability, and
 * loading `node:crypto` for them costs each short-lived process more than all else that it does (4.8 ms of 30 for a hash, 10 ms
 * for an HMAC; Node 24.21), where hashing the two lines of a claim here costs 0.3 ms cold. Warm, a line takes some 4 µs.
 * No branch and no index depends on what is hashed, but the engine promises no constant time. `sha256.test.ts` compares both
 * with `node:crypto`.
 */

/** The SHA-256 of a text as UTF-8, or of bytes, in 64 hexadecimal digits. */
export function sha256(content: string | Uint8Array): string {
  const message = padded(content);
  const state = initial.slice();
  for (let offset = 0; offset < message.length; offset += 64) addBlock(state, message, offset);
  let hex = '';
  for (const word of state) hex += (word >>> 0).toString(16).padStart(8, '0');
  return hex;
}

/** The HMAC-SHA-256 of a text under a key, both as UTF-8, in 64 hexadecimal digits. */
export function hmacSha256(key: string, text: string): string {
  const bytes = Buffer.from(key);
  const block = Buffer.alloc(blockBytes);
  block.set(bytes.length > blockBytes ? Buffer.from(sha256(bytes), 'hex') : bytes);
  const inner = sha256(Buffer.concat([block.map((byte) => byte ^ 0x36), Buffer.from(text)]));
  return sha256(Buffer.concat([block.map((byte) => byte ^ 0x5c), Buffer.from(inner, 'hex')]));
}

const blockBytes = 64;

/** The first 32 bits of the fractions of the square roots of the first 8 primes. */
const initial = words('6a09e667 bb67ae85 3c6ef372 a54ff53a 510e527f 9b05688c 1f83d9ab 5be0cd19');

/** The same of the cube roots of the first 64 primes. Written out, because working them out costs 0.3 ms at every start. */
const constants = words(`
  428a2f98 71374491 b5c0fbcf e9b5dba5 3956c25b 59f111f1 923f82a4 ab1c5ed5 d807aa98 12835b01
  243185be 550c7dc3 72be5d74 80deb1fe 9bdc06a7 c19bf174 e49b69c1 efbe4786 0fc19dc6 240ca1cc
  2de92c6f 4a7484aa 5cb0a9dc 76f988da 983e5152 a831c66d b00327c8 bf597fc7 c6e00bf3 d5a79147
  06ca6351 14292967 27b70a85 2e1b2138 4d2c6dfc 53380d13 650a7354 766a0abb 81c2c92e 92722c85
  a2bfe8a1 a81a664b c24b8b70 c76c51a3 d192e819 d6990624 f40e3585 106aa070 19a4c116 1e376c08
  2748774c 34b0bcb5 391c0cb3 4ed8aa4a 5b9cca4f 682e6ff3 748f82ee 78a5636f 84c87814 8cc70208
  90befffa a4506ceb bef9a3f7 c67178f2
`);

const schedule = new Int32Array(64);

/** Message, a one bit, zeros, and the length in bits as the last 8 of a multiple of 64 bytes. */
function padded(content: string | Uint8Array): Buffer {
  const length = Buffer.byteLength(content);
  const message = Buffer.alloc(((length + 72) >>> 6) << 6);
  if (typeof content === 'string') message.write(content);
  else message.set(content);
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

function words(hex: string): Int32Array {
  return Int32Array.from(hex.trim().split(/\s+/), (word) => Number.parseInt(word, 16));
}
