// A vault over HTTP: PUT /name seals the body and keeps it in Deno KV, GET /name opens it. The keys are in Deno KV too.
import { createKms, denoKvStore, rootKeyFromText } from "kmslite/deno";

const path = Deno.env.get("VAULT") ?? "vault.kv";
const kv = await Deno.openKv(path);
const kms = await createKms({
  // 64 hexadecimal digits, kept where the database is not: openssl rand -hex 32
  root: rootKeyFromText(Deno.env.get("KMSLITE_ROOT_KEY") ?? ""),
  store: denoKvStore(await Deno.openKv(path)),
});

const KeyId = (await keyOfAlias("alias/vault")) ?? (await newKey("alias/vault"));

Deno.serve({ hostname: "127.0.0.1", port: Number(Deno.env.get("PORT") ?? 8000) }, async (request) => {
  const name = new URL(request.url).pathname.slice(1);
  const EncryptionContext = { name };
  if (request.method === "PUT") {
    const Plaintext = new Uint8Array(await request.arrayBuffer());
    const { CiphertextBlob } = await kms.encrypt({ KeyId, Plaintext, EncryptionContext });
    await kv.set(["vault", name], CiphertextBlob);
    return new Response(null, { status: 204 });
  }
  const { value } = await kv.get<Uint8Array>(["vault", name]);
  if (value === null) return new Response("not found\n", { status: 404 });
  const { Plaintext } = await kms.decrypt({ CiphertextBlob: value, EncryptionContext });
  return new Response(Plaintext);
});

async function keyOfAlias(alias: string): Promise<string | undefined> {
  const { Aliases = [] } = await kms.listAliases({});
  return Aliases.find(({ AliasName }) => AliasName === alias)?.TargetKeyId;
}

async function newKey(alias: string): Promise<string | undefined> {
  const { KeyMetadata } = await kms.createKey({ Description: "vault" });
  await kms.createAlias({ AliasName: alias, TargetKeyId: KeyMetadata?.KeyId });
  return KeyMetadata?.KeyId;
}
