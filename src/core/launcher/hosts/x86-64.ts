import { codeFromBytes } from '../code.ts';
import type { LauncherHost } from '../launcher-host.ts';

// syscall: number in rax, arguments in rdi rsi rdx r10 r8 r9, negative errno in rax; destroys rcx and r11.
const code = codeFromBytes([
  // start: r12 is the state; the arguments lie on the stack: argc, argv[0] …, 0, environment …
  '41 bc 00 04 41 00', // mov r12d, 0x410400
  '48 8d 74 24 08', // lea rsi, [rsp + 8]: argv
  '48 8b 0c 24', // mov rcx, [rsp]
  '48 8d 44 ce 08', // lea rax, [rsi + rcx*8 + 8]
  '49 89 44 24 08', // mov [r12 + 8], rax: environment
  // the slots: &argv[n], argv[n]
  '49 8b 7c 24 10', // mov rdi, [r12 + 16]
  // slot:
  '49 3b 7c 24 18', // cmp rdi, [r12 + 24]
  '74 14', // je begin
  '48 89 37', // mov [rdi], rsi
  '48 8b 06', // mov rax, [rsi]
  '48 89 47 08', // mov [rdi + 8], rax
  '48 83 c7 10', // add rdi, 16
  '48 83 c6 08', // add rsi, 8
  'eb e5', // jmp slot
  // begin:
  '49 8b 1c 24', // mov rbx, [r12]: the current step's record
  // evaluate the seven operands
  // step:
  '48 8d 73 08', // lea rsi, [rbx + 8]
  '49 8d 7c 24 20', // lea rdi, [r12 + 32]
  '49 8d 4c 24 58', // lea rcx, [r12 + 88]
  // operand:
  '48 8b 46 08', // mov rax, [rsi + 8]
  '83 3e 01', // cmp dword ptr [rsi], 1
  '72 14', // jb evaluated
  '74 0a', // je load_byte
  '83 3e 02', // cmp dword ptr [rsi], 2
  '74 0a', // je load_integer
  '48 8b 00', // mov rax, [rax]
  'eb 08', // jmp evaluated
  // load_byte:
  '0f b6 00', // movzx eax, byte ptr [rax]
  'eb 03', // jmp evaluated
  // load_integer:
  '48 63 00', // movsxd rax, dword ptr [rax]
  // evaluated:
  '48 89 07', // mov [rdi], rax
  '48 83 c6 10', // add rsi, 16
  '48 83 c7 08', // add rdi, 8
  '48 39 cf', // cmp rdi, rcx
  '75 d3', // jne operand
  // make the call
  '49 8b 7c 24 20', // mov rdi, [r12 + 32]
  '49 8b 74 24 28', // mov rsi, [r12 + 40]
  '49 8b 54 24 30', // mov rdx, [r12 + 48]
  '4d 8b 54 24 38', // mov r10, [r12 + 56]
  '4d 8b 44 24 40', // mov r8, [r12 + 64]
  '4d 8b 4c 24 48', // mov r9, [r12 + 72]
  '48 8b 03', // mov rax, [rbx]
  '48 85 c0', // test rax, rax
  '78 04', // js evaluate
  '0f 05', // syscall
  'eb 03', // jmp result
  // evaluate:
  '48 89 f8', // mov rax, rdi
  // store the result and go on
  // result:
  '48 8b 53 78', // mov rdx, [rbx + 120]
  '89 02', // mov [rdx], eax
  '48 3d 01 f0 ff ff', // cmp rax, -4095
  '73 1f', // jae error
  '49 3b 44 24 50', // cmp rax, [r12 + 80]
  '75 0c', // jne otherwise
  '48 8b 9b 80 00 00 00', // mov rbx, [rbx + 128]
  'e9 77 ff ff ff', // jmp step
  // otherwise:
  '48 8b 9b 88 00 00 00', // mov rbx, [rbx + 136]
  'e9 6b ff ff ff', // jmp step
  // error:
  'f7 d8', // neg eax
  '41 89 44 24 5c', // mov [r12 + 92], eax: errno of the failure record
  '8b 83 98 00 00 00', // mov eax, [rbx + 152]
  '41 89 44 24 58', // mov [r12 + 88], eax: its step
  '48 8b 9b 90 00 00 00', // mov rbx, [rbx + 144]
  'e9 4d ff ff ff', // jmp step
]);

export const x86_64: LauncherHost = {
  name: 'x86_64',
  machines: ['x86_64'],
  identity: { class: 64, endianness: 'little', machine: 62 },
  code,
  numbering: 'x86_64',
};
