/**
 * Markers: where the next page of a list begins.
 *
 * A marker holds the last item of the page before, and a checksum over it and the list that it belongs to, so that a
 * mangled marker, or one of another list, is told apart. It grants nothing: whoever makes one up may begin anywhere in a
 * list that is theirs to read.
 */
import { sha256 } from "@noble/hashes/sha2.js";
import { KmsError } from "./errors.ts";

const VERSION = "1";
const CHECKSUM_LENGTH = 12;

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { fatal: true });

/** The marker behind `last` in `list`. */
export function writeMarker(list: string, last: string): string {
  const item = encoder.encode(last);
  const marker = new Uint8Array(CHECKSUM_LENGTH + item.length);
  marker.set(checksum(list, item));
  marker.set(item, CHECKSUM_LENGTH);
  return VERSION + btoa(String.fromCharCode(...marker));
}

/** @throws {KmsError} InvalidMarkerException if this is no marker of ours, or one of another list */
export function readMarker(list: string, marker: string): string {
  const item = unpacked(marker);
  if (item === undefined || writeMarker(list, item) !== marker) {
    throw new KmsError("InvalidMarkerException", "The marker is not valid for this list");
  }
  return item;
}

function unpacked(marker: string): string | undefined {
  if (!marker.startsWith(VERSION)) return undefined;
  try {
    const bytes = Uint8Array.from(atob(marker.slice(1)), (character) => character.charCodeAt(0));
    return decoder.decode(bytes.subarray(CHECKSUM_LENGTH));
  } catch {
    return undefined;
  }
}

function checksum(list: string, item: Uint8Array): Uint8Array {
  const name = encoder.encode(list);
  const length = Uint8Array.of(name.length >>> 8, name.length);
  return sha256.create().update(length).update(name).update(item).digest().subarray(0, CHECKSUM_LENGTH);
}
