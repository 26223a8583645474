import { asWalletError, call, type ErrorCode, type Incoming } from '../backend';
import { toBase64 } from './files';

/** Why there is no camera. */
export type ScanTrouble = 'refused' | 'none';

export interface ScanOptions {
  signal: AbortSignal;
  /** Every code that was read: parts of a sequence too. */
  heard: (answer: Incoming) => void;
  /** A code was read that we cannot use. */
  refused: (code: ErrorCode) => void;
  /** The camera runs. */
  started: () => void;
}

/** The longest side of a frame as the core gets it. Enough for a version 20 code held at arm's length. */
const longest = 960;

/** Reads codes with the page's camera: frames go to the core as luma, one at a time, as fast as it answers. */
export async function scanWithCamera(video: HTMLVideoElement, { signal, heard, refused, started }: ScanOptions): Promise<ScanTrouble | undefined> {
  let stream: MediaStream;
  try {
    if (!navigator.mediaDevices) return 'none';
    stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: { ideal: 'environment' }, width: { ideal: 1280 }, height: { ideal: 960 } }, audio: false });
  } catch (error) {
    return error instanceof DOMException && error.name === 'NotAllowedError' ? 'refused' : 'none';
  }
  const stop = (): void => stream.getTracks().forEach((track) => track.stop());
  if (signal.aborted) {
    stop();
    return undefined;
  }
  signal.addEventListener('abort', stop);
  video.srcObject = stream;
  try {
    await video.play();
  } catch {
    stop();
    return signal.aborted ? undefined : 'none';
  }
  started();

  const session = crypto.randomUUID();
  const canvas = new OffscreenCanvas(1, 1);
  const context = canvas.getContext('2d', { willReadFrequently: true });
  if (!context) return 'none';
  while (!signal.aborted) {
    await new Promise(requestAnimationFrame);
    if (video.videoWidth === 0) continue;
    const scale = Math.min(1, longest / Math.max(video.videoWidth, video.videoHeight));
    const width = Math.round(video.videoWidth * scale);
    const height = Math.round(video.videoHeight * scale);
    if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
    context.drawImage(video, 0, 0, width, height);
    const luma = toLuma(context.getImageData(0, 0, width, height).data);
    try {
      const answer = await call('scan_frame', { session, width, height, luma: toBase64(luma) });
      if (answer && !signal.aborted) heard(answer);
    } catch (error) {
      // A code that is no badge: say so and keep looking, the right one may follow.
      if (!signal.aborted) refused(asWalletError(error).code);
    }
  }
  return undefined;
}

/** Brightness of RGBA pixels (ITU-R BT.601, in integers). */
export function toLuma(pixels: Uint8ClampedArray): Uint8Array {
  const luma = new Uint8Array(pixels.length / 4);
  for (let at = 0; at < luma.length; at += 1) {
    const from = at * 4;
    luma[at] = ((pixels[from] ?? 0) * 77 + (pixels[from + 1] ?? 0) * 150 + (pixels[from + 2] ?? 0) * 29) >> 8;
  }
  return luma;
}

/** Reads codes with the phone's own scanner, again and again until something whole came. */
export async function scanNative({ signal, heard, refused, started }: ScanOptions): Promise<ScanTrouble | undefined> {
  const scanner = await import('@tauri-apps/plugin-barcode-scanner');
  try {
    let permission = await scanner.checkPermissions();
    if (permission !== 'granted') permission = await scanner.requestPermissions();
    if (permission !== 'granted') return 'refused';
  } catch {
    return 'none';
  }
  signal.addEventListener('abort', () => void scanner.cancel().catch(() => undefined));
  const session = crypto.randomUUID();
  started();
  while (!signal.aborted) {
    let content: string;
    try {
      ({ content } = await scanner.scan({ windowed: true, formats: [scanner.Format.QRCode] }));
    } catch {
      // Cancelled: the signal says whether that was us. Otherwise not too eager.
      await new Promise((wait) => setTimeout(wait, 150));
      continue;
    }
    try {
      const answer = await call('scan_text', { session, text: content });
      if (!signal.aborted) heard(answer);
    } catch (error) {
      if (!signal.aborted) refused(asWalletError(error).code);
    }
  }
  return undefined;
}

/** The phone's settings for this app. */
export async function openScannerSettings(): Promise<void> {
  const scanner = await import('@tauri-apps/plugin-barcode-scanner');
  await scanner.openAppSettings();
}
