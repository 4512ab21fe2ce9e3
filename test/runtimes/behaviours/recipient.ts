/**
 * An answer for an attested environment: a document that the tests' own hypervisor signed once (packages/service/test-support), verified at its
 * time, and the envelope opened by the runtime's Web Crypto with the environment's key.
 */
import { createKms, ephemeralRootKey, memoryStore } from "kmslite";
import { moduleOf, type Platform, same } from "./platform.ts";

/** The time of the document. */
const NOW = Date.UTC(2026, 0, 1);

/** DER of the hypervisor's root, the document, and DER (PKCS#8) of the key that the document names. */
const ROOT =
  "MIIBmTCCASCgAwIBAgIQAdNoV9hPsuScP8TBbgyTBjAKBggqhkjOPQQDAzAeMRwwGgYDVQQDDBN0ZXN0Lm5pdHJvLWVuY2xhdmVzMB4XDTI1MTIyMjAwMDAw" +
  "MFoXDTI2MDExMTAwMDAwMFowHjEcMBoGA1UEAwwTdGVzdC5uaXRyby1lbmNsYXZlczB2MBAGByqGSM49AgEGBSuBBAAiA2IABKZZTRKdUGDk4+ndlkRNxrdM" +
  "kr4RmYd0OeminKiH0lYFPlV61WwJn9H83xdnJ6hgqe6v+k/27HqwfOMNkRx6XRiC3K20fU3mx5+UwRwi7egkRES10Je8oYRfEygO5stYMKMjMCEwDwYDVR0T" +
  "AQH/BAUwAwEB/zAOBgNVHQ8BAf8EBAMCAIYwCgYIKoZIzj0EAwMDZwAwZAIwUwzShHKyzl1XIiOrrJrqvAQ6WyU6KEZ8+MUsHBEvKDaI2qEjx147Oe58BYrv" +
  "15m5AjBl34fzYm2v0EVDlStkUH3L7aNQIT/vNZfOnvbTjre9Mvyrmx1KNC3rCxuLP744ZXA=";
const DOCUMENT =
  "hEShATgioFkJAb9pbW9kdWxlX2lkeCdpLTAxMjM0NTY3ODlhYmNkZWYwLWVuYzAxMjM0NTY3ODlhYmNkZWZmZGlnZXN0ZlNIQTM4NGl0aW1lc3RhbXAbAAAB" +
  "m3baqABkcGNyc6MAWDCrq6urq6urq6urq6urq6urq6urq6urq6urq6urq6urq6urq6urq6urq6urq6urq6sBWDABAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEB" +
  "AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEYH1gwAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAa2NlcnRpZmljYXRlWQGt" +
  "MIIBqTCCAS6gAwIBAgIQAc7UePgi83DDHb4BAUeGTTAKBggqhkjOPQQDAzAnMSUwIwYDVQQDDBxpbnN0YW5jZS50ZXN0Lm5pdHJvLWVuY2xhdmVzMB4XDTI1" +
  "MTIyMjAwMDAwMFoXDTI2MDExMTAwMDAwMFowJjEkMCIGA1UEAwwbZW5jbGF2ZS50ZXN0Lm5pdHJvLWVuY2xhdmVzMHYwEAYHKoZIzj0CAQYFK4EEACIDYgAE" +
  "Mqu8BrHrzVh4ze86B6qQt+WNF/Efo6/Oz7n+J5gbdhl//k7cJ9dGSya4qekcZw9NvTDqW3LKk2g7GNpJETcUItcTLtb/uC3WmrtGPVnC5cukyYyuwiTQIgr+" +
  "wWLPyTggoyAwHjAMBgNVHRMBAf8EAjAAMA4GA1UdDwEB/wQEAwIAwDAKBggqhkjOPQQDAwNpADBmAjEA9UyIYO5wjjzgCJTCTitm6mHEfqk2BZX7UHzateCL" +
  "vUO7r+j91iE8ZwAx0WZrPE7vAjEAnSfzRy1dBS8vK+DTXpI6OAvA27CKOpds2t4JWpmkyH2zXJMN1/J3pFRDwH/gKQcaaGNhYnVuZGxlg1kBnTCCAZkwggEg" +
  "oAMCAQICEAHTaFfYT7LknD/EwW4MkwYwCgYIKoZIzj0EAwMwHjEcMBoGA1UEAwwTdGVzdC5uaXRyby1lbmNsYXZlczAeFw0yNTEyMjIwMDAwMDBaFw0yNjAx" +
  "MTEwMDAwMDBaMB4xHDAaBgNVBAMME3Rlc3Qubml0cm8tZW5jbGF2ZXMwdjAQBgcqhkjOPQIBBgUrgQQAIgNiAASmWU0SnVBg5OPp3ZZETca3TJK+EZmHdDnp" +
  "opyoh9JWBT5VetVsCZ/R/N8XZyeoYKnur/pP9ux6sHzjDZEcel0YgtyttH1N5seflMEcIu3oJEREtdCXvKGEXxMoDubLWDCjIzAhMA8GA1UdEwEB/wQFMAMB" +
  "Af8wDgYDVR0PAQH/BAQDAgCGMAoGCCqGSM49BAMDA2cAMGQCMFMM0oRyss5dVyIjq6ya6rwEOlslOihGfPjFLBwRLyg2iNqhI8deOznufAWK79eZuQIwZd+H" +
  "82Jtr9BFQ5UrZFB9y+2jUCE/7zWXzp720463vTL8q5sdSjQt6wsbiz++OGVwWQGoMIIBpDCCASqgAwIBAgIQAW2ra2kMS3fILPPlc74FNTAKBggqhkjOPQQD" +
  "AzAeMRwwGgYDVQQDDBN0ZXN0Lm5pdHJvLWVuY2xhdmVzMB4XDTI1MTIyMjAwMDAwMFoXDTI2MDExMTAwMDAwMFowJTEjMCEGA1UEAwwacmVnaW9uLnRlc3Qu" +
  "bml0cm8tZW5jbGF2ZXMwdjAQBgcqhkjOPQIBBgUrgQQAIgNiAAR59l6Cdsp/1uhtnExuwf4zCXs2j9WPtLivtyGG2Pxt3pELqcuArT0KFBCUDxEYKa9SknLe" +
  "zmCdF2wDgdrvMCacq6cBMkRdxPwe77lZ8Po2QeQdKNnqEbek806ngLC1yuWjJjAkMBIGA1UdEwEB/wQIMAYBAf8CAQEwDgYDVR0PAQH/BAQDAgCGMAoGCCqG" +
  "SM49BAMDA2gAMGUCMDQVXHDmTTU+LvsF4LVRE5HkhX8R6g3n+ro/7DHi6hZqC4wfhAe7z0N/a/9ztJEpAAIxAK3zAAUa0LV95WDwHa3TtPtDDHi3xYqKoUsA" +
  "Ox5jhz0OcbSz1xpq+Jov5/zzh0uYwVkBsTCCAa0wggEzoAMCAQICEAGidLKk3ZsjBPZ4GYYAcVkwCgYIKoZIzj0EAwMwJTEjMCEGA1UEAwwacmVnaW9uLnRl" +
  "c3Qubml0cm8tZW5jbGF2ZXMwHhcNMjUxMjIyMDAwMDAwWhcNMjYwMTExMDAwMDAwWjAnMSUwIwYDVQQDDBxpbnN0YW5jZS50ZXN0Lm5pdHJvLWVuY2xhdmVz" +
  "MHYwEAYHKoZIzj0CAQYFK4EEACIDYgAEkAXlQvxaWpl8tyzslCM1B/w9BwWD0+IZQJCq3ZLo7dZUNJJK2EZbPU1F9/7hB1eM6GZdXVam5e0MKHV+VZBRRnq6" +
  "qTq1BdOGS6LxiBjahK4+Az9yYimezwnOvNMpQxDDoyYwJDASBgNVHRMBAf8ECDAGAQH/AgEAMA4GA1UdDwEB/wQEAwIAhjAKBggqhkjOPQQDAwNoADBlAjEA" +
  "6vJam258/EEnEFhjJcmtDG9RMo+zr38ZLX/8xcn1sxkoErMimnB5LEwMzASUdIVnAjBSnbHcNlk9gWVd1q8MYHcAFIGXh64pWQCcieCE/KX75reUMHJNTw9v" +
  "q0QwoInsuSFqcHVibGljX2tleVkBJjCCASIwDQYJKoZIhvcNAQEBBQADggEPADCCAQoCggEBAO1Z6E9Yhw3IfNVtlzOVchK9UggtDBLlsqn3YO33lPadInSE" +
  "o0ev8R3ML0/VC9lSmtL6wP4calAA8x00Naq83hzYZrHVMxCX2fEommuHakBUrzHexr5mrTo2PA+WtKRNMvqGSe7XXLLkeXESgz+RQN9/m/qQsItqkRpF8Gtv" +
  "RW68NeX8FYm1y0io1RRane1ZR4QlxwiTBdDiWRAwKwT9QrzRfBCoSwwa58rSwLFeVN+a8Cjdxvo1vx+G8pYXEouCbvDo72QGPgOuXZt7abFMfmD0Sa+vFJ+R" +
  "Bawjj5ryui7T4Lk307Z2WkUQnq88Di8Ze5fsgo58IxA5BtFqF5ux3XcCAwEAAWl1c2VyX2RhdGH2ZW5vbmNl9v9YYDuDTXDVVdwBjttGN+jxhF/cpI+WVU53" +
  "rRpxT6pdryHhFwUOWYcR5i7JNiiByoOW+882NI13uGEBkkQUztxdEhTuldb1FetuOCF5gerzISiE9TM/ipwi/UwWnJxs9gxrKw==";
const PRIVATE_KEY =
  "MIIEvgIBADANBgkqhkiG9w0BAQEFAASCBKgwggSkAgEAAoIBAQDtWehPWIcNyHzVbZczlXISvVIILQwS5bKp92Dt95T2nSJ0hKNHr/EdzC9P1QvZUprS+sD+" +
  "HGpQAPMdNDWqvN4c2Gax1TMQl9nxKJprh2pAVK8x3sa+Zq06NjwPlrSkTTL6hknu11yy5HlxEoM/kUDff5v6kLCLapEaRfBrb0VuvDXl/BWJtctIqNUUWp3t" +
  "WUeEJccIkwXQ4lkQMCsE/UK80XwQqEsMGufK0sCxXlTfmvAo3cb6Nb8fhvKWFxKLgm7w6O9kBj4Drl2be2mxTH5g9EmvrxSfkQWsI4+a8rou0+C5N9O2dlpF" +
  "EJ6vPA4vGXuX7IKOfCMQOQbRahebsd13AgMBAAECggEADG3JVaJX9sz5WynGdwE2kdb6corSrN38tEbL0MTxYX/1URmtp9ra6vRew9+Zo73eH/nZMlVQQd6S" +
  "3IQijU106hjGOT4QqFKeAIa082Lfbv1K6/ceUX50nW2VSTxbOuv/T+bJUf79ZTFupJD+G3g35/GO5u49uHHnpZ26SxNEFQTJ5+ymMc09Wg9ToTGlvTLs10FS" +
  "NE9voCUSV3n+QOsuTw2Prxk6oERNEjroIKRSj+0CUYANfzhztB6ly0fel9cxjrtBEWNXbWhwlCyG2Eb+X357++abBYR86XVne5BlBVuMs2Zz1NnmSDuWSDoL" +
  "e9QVjQ2VN2mkTW6jLUpLr0JKDQKBgQD4gyv1pflC/RmG0Suk/BblHNNRto0iAzKAxjaSMrxe2c5mRL9uuvg20WTng9qImlFIgWgTFVHjW8H6UmfnzLYEGdCi" +
  "sn3fZoMq6hQ4ohnzNgEXRpqKdhumZYah+hxdU8URSjF7xT9TmbUdefv+rNxJbUZ+K7I17NPg8prQdnfM3QKBgQD0gKWrteCgEZ93ZoI9GNhObGHtbz3albm0" +
  "d42HJhEOr++l0QNzHMmGNCzDBO0TFKu+EcfbjwJmDCA7S0GFTR4+dhwU5dGPzbpffdytr6PUsfdmmUZZvXsCaH4/uSPMlMu+kP3fP6XEDtcu6wDM15JLNUS2" +
  "OO0hwo/btxbqoVf0YwKBgQDYxxOBpNZaaQ3rXGsF8CDImux7SxKxqLhVPJI91aQb2UMCUtXqcY4zw1SR36KxpmthJAD1JJPaECCVi2y39wqPaTVltu22AmZI" +
  "+QfKnxyj22f4Nc55Ga3k6IsYoGQ9xOUSv/WKUfV7p4klvVLkRUWjh38GcHd0MrJgd0A0uCKowQKBgDfTuABBAw0JeRPWQB6bMaiWbrW8FK94SHLAaXxWYMat" +
  "vVZrJxJ9nDYca6wLz+Xvbldzz+J+ANo0IpfnUwqQ1TsF1NugrfzbyJZNMrolxI6oJAk1Li8HaLLgEROTvmzT/MGCcbUr3zmo+dEor4IWJr0taIcC8IIo3pgY" +
  "cg8Yz/BpAoGBANudGTb6RjblFY1T3r30uTIpITM1lOFAMR+jqDTw4WoNRd8w2lpt0bZ7skydd1jMWMIA/QIxl5+5IcdKnjixExysC8B4k8hAjtQPCQ27PgjE" +
  "M/1M7oYdTw3WrBga020MZK99lwdfMRmJfrbYQG/QtiJHubIDG2H6CJ5jYjZCMGuL";

/** Where AWS KMS's envelope has what: heads are of one length, as long as key and content are. */
const ENCRYPTED_KEY = { start: 131, end: 387 };
const IV = { start: 415, end: 431 };
const CONTENT = { start: 435, end: -10 };

export async function recipient(platform: Platform): Promise<string> {
  const kms = await createKms({
    root: ephemeralRootKey(),
    store: memoryStore(),
    clock: () => NOW,
    nitroRoots: [bytesOf(ROOT)],
    ...moduleOf(platform),
  });
  const Recipient = {
    KeyEncryptionAlgorithm: "RSAES_OAEP_SHA_256",
    AttestationDocument: bytesOf(DOCUMENT),
  } as const;
  const { KeyMetadata } = await kms.createKey({});
  const answer = await kms.generateDataKey({ KeyId: KeyMetadata?.KeyId, KeySpec: "AES_256", Recipient });
  same("plaintext", answer.Plaintext, undefined);
  const { Plaintext } = await kms.decrypt({ CiphertextBlob: answer.CiphertextBlob });
  const opened = await open(answer.CiphertextForRecipient ?? new Uint8Array());
  same("data key", opened.join(), Plaintext?.join());
  Recipient.AttestationDocument[100] = (Recipient.AttestationDocument[100] ?? 0) ^ 1;
  const refusal = await kms.generateRandom({ NumberOfBytes: 1, Recipient }).catch((error: unknown) => error);
  same("refusal", (refusal as Error).name, "ValidationException");
  await kms.close();
  return "GenerateDataKey";
}

async function open(envelope: Uint8Array): Promise<Uint8Array> {
  const part = ({ start, end }: { readonly start: number; readonly end: number }) =>
    envelope.slice(start, end);
  const algorithm = { name: "RSA-OAEP", hash: "SHA-256" };
  const key = await crypto.subtle.importKey("pkcs8", bytesOf(PRIVATE_KEY), algorithm, false, ["decrypt"]);
  const contentKey = await crypto.subtle.decrypt({ name: "RSA-OAEP" }, key, part(ENCRYPTED_KEY));
  const cipher = await crypto.subtle.importKey("raw", contentKey, "AES-CBC", false, ["decrypt"]);
  return new Uint8Array(
    await crypto.subtle.decrypt({ name: "AES-CBC", iv: part(IV) }, cipher, part(CONTENT)),
  );
}

function bytesOf(base64: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}
