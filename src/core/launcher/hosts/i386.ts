import { codeFromBytes } from '../code.ts';
import type { LauncherHost } from '../launcher-host.ts';

// int 0x80: number in eax, arguments in ebx ecx edx esi edi ebp, negative errno in eax.
const code = codeFromBytes([
  // start: the arguments lie on the stack: argc, argv[0] …, 0, environment …
  'bd 00 04 41 00', // mov ebp, 0x410400: the state
  '8d 74 24 04', // lea esi, [esp + 4]: argv
  '8b 0c 24', // mov ecx, [esp]
  '8d 44 8e 04', // lea eax, [esi + ecx*4 + 4]
  '89 45 04', // mov [ebp + 4], eax: environment
  // the slots: &argv[n], argv[n]
  '8b 7d 08', // mov edi, [ebp + 8]
  // slot:
  '3b 7d 0c', // cmp edi, [ebp + 12]
  '74 0f', // je begin
  '89 37', // mov [edi], esi
  '8b 06', // mov eax, [esi]
  '89 47 04', // mov [edi + 4], eax
  '83 c7 08', // add edi, 8
  '83 c6 04', // add esi, 4
  'eb ec', // jmp slot
  // begin:
  '8b 65 00', // mov esp, [ebp]: the current step's record; the other registers are all needed for arguments
  // evaluate the seven operands
  // step:
  'bd 00 04 41 00', // mov ebp, 0x410400
  '8d 74 24 04', // lea esi, [esp + 4]
  '8d 7d 10', // lea edi, [ebp + 16]
  '8d 4d 2c', // lea ecx, [ebp + 44]
  // operand:
  '8b 46 04', // mov eax, [esi + 4]
  '83 3e 01', // cmp dword ptr [esi], 1
  '72 09', // jb evaluated
  '74 04', // je load_byte
  '8b 00', // mov eax, [eax]: integers and words are the same
  'eb 03', // jmp evaluated
  // load_byte:
  '0f b6 00', // movzx eax, byte ptr [eax]
  // evaluated:
  '89 07', // mov [edi], eax
  '83 c6 08', // add esi, 8
  '83 c7 04', // add edi, 4
  '39 cf', // cmp edi, ecx
  '75 e3', // jne operand
  // make the call
  '8b 5d 10', // mov ebx, [ebp + 16]
  '8b 4d 14', // mov ecx, [ebp + 20]
  '8b 55 18', // mov edx, [ebp + 24]
  '8b 75 1c', // mov esi, [ebp + 28]
  '8b 7d 20', // mov edi, [ebp + 32]
  '8b 6d 24', // mov ebp, [ebp + 36]
  '8b 04 24', // mov eax, [esp]
  '85 c0', // test eax, eax
  '78 04', // js evaluate
  'cd 80', // int 0x80
  'eb 02', // jmp result
  // evaluate:
  '89 d8', // mov eax, ebx
  // store the result and go on
  // result:
  'bd 00 04 41 00', // mov ebp, 0x410400
  '8b 54 24 3c', // mov edx, [esp + 60]
  '89 02', // mov [edx], eax
  '3d 01 f0 ff ff', // cmp eax, -4095
  '73 11', // jae error
  '3b 45 28', // cmp eax, [ebp + 40]
  '75 06', // jne otherwise
  '8b 64 24 40', // mov esp, [esp + 64]
  'eb 98', // jmp step
  // otherwise:
  '8b 64 24 44', // mov esp, [esp + 68]
  'eb 92', // jmp step
  // error:
  'f7 d8', // neg eax
  '89 45 30', // mov [ebp + 48], eax: errno of the failure record
  '8b 44 24 4c', // mov eax, [esp + 76]
  '89 45 2c', // mov [ebp + 44], eax: its step
  '8b 64 24 48', // mov esp, [esp + 72]
  'eb 80', // jmp step
]);

export const i386: LauncherHost = {
  name: 'i386',
  machines: ['i386', 'i486', 'i586', 'i686'],
  identity: { class: 32, endianness: 'little', machine: 3 },
  code,
  numbering: 'i386',
};
