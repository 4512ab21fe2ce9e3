import { runMatrix, portablePeers } from "./aead/matrix.ts";
import { makeMessages } from "./aead/messages.ts";
import { preparedPeer } from "./aead/operation-runs.ts";
import { measure } from "./measure.ts";
const MIB=1<<20;
const which=process.argv.slice(2);
const task={ bytes: MIB, direction: "seal", keyUse: "reused" } as const;
const messages=await makeMessages(task);
const small={ bytes: 32, direction: "seal", keyUse: "fresh" } as const;
if(process.env.SMALL){const m=await makeMessages(small);const ps=[];for(const p of portablePeers().filter(p=>which.includes(p.engine)))ps.push(await preparedPeer(p,small,m));await measure({id:'s',bytes:32,rounds:3,time:30},ps)}
const peers=[];
for(const p of portablePeers().filter(p=>which.length===0||which.includes(p.engine))) peers.push(await preparedPeer(p,task,messages));
const out=await measure({id:'x',bytes:MIB,rounds:5,time:30},peers);
for(const m of out.measurements) console.log(m.engine, m.mb_per_s.toFixed(1));
