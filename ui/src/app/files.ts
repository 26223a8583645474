import { WalletError, type NamedFile } from '../backend';

/** Larger files are refused here, as the core would: a ZIP of badges may be this large. */
const largest = 256 * 1024 * 1024;

/** A picked or dropped file, as the core takes it. */
export async function readFile(file: File): Promise<NamedFile> {
  if (file.size > largest) throw new WalletError('too_large');
  let buffer: ArrayBuffer;
  try {
    buffer = await file.arrayBuffer();
  } catch {
    throw new WalletError('damaged');
  }
  return { name: file.name, bytes: toBase64(new Uint8Array(buffer)), media_type: file.type || null };
}

/** Base64 with padding. In slices, because `apply` has a limit on arguments. */
export function toBase64(bytes: Uint8Array): string {
  let binary = '';
  for (let at = 0; at < bytes.length; at += 0x8000) binary += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
  return btoa(binary);
}

/** The bytes of a base64 text. */
export function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}

/** Hands a file to the person: the share sheet on a phone, a download elsewhere. */
export async function handOver(file: NamedFile): Promise<void> {
  const blob = new Blob([fromBase64(file.bytes)], { type: file.media_type ?? 'application/octet-stream' });
  const shared = new File([blob], file.name, { type: blob.type });
  if (window.matchMedia('(pointer: coarse)').matches && navigator.canShare?.({ files: [shared] })) {
    try {
      await navigator.share({ files: [shared] });
      return;
    } catch (error) {
      // Closed by the person: nothing more. Anything else: download instead.
      if (error instanceof DOMException && error.name === 'AbortError') return;
    }
  }
  const address = URL.createObjectURL(blob);
  const link = document.createElement('a');
  link.href = address;
  link.download = file.name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}
