/**
 * FNV-1a with 64 bits over ASCII, 16 lower-case hexadecimal digits: http://www.isthe.com/chongo/tech/comp/fnv/. It is for
 * damage, not against forgery: who can write to the tool tree needs no recipe.
 */
export function checkSum(text: string): string {
  let sum = 0xcbf29ce484222325n;
  for (let index = 0; index < text.length; index++) {
    sum = ((sum ^ BigInt(text.charCodeAt(index))) * 0x100000001b3n) & 0xffffffffffffffffn;
  }
  return sum.toString(16).padStart(16, '0');
}
