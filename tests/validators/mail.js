// What mailauth and mailparser say of each message file: an array in JSON on standard output.
// Usage: node mail.js DNS.json FILE...   where DNS.json is {"name": {"TXT": ["value", ...]}}

const { readFileSync } = require("node:fs");
const { authenticate } = require("mailauth");
const { simpleParser } = require("mailparser");

const [records, ...files] = process.argv.slice(2);
const zone = JSON.parse(readFileSync(records, "utf-8"));

async function resolver(name, type) {
  const found = zone[name.toLowerCase()]?.[type];
  if (!found) throw Object.assign(new Error("no such record"), { code: "ENOTFOUND" });
  return type === "TXT" ? found.map((value) => [value]) : found;
}

async function report(file) {
  const wire = readFileSync(file);
  const envelope = { ip: "192.0.2.25", helo: "mail.guides.example", mta: "mx.example.org" };
  const { dkim, dmarc } = await authenticate(wire, { ...envelope, trustReceived: false, resolver });
  const parsed = await simpleParser(wire, { skipImageLinks: true });
  return {
    dkim: dkim.results.map((each) => ({ ...each.status, domain: each.signingDomain, selector: each.selector })),
    dmarc: dmarc?.status?.result ?? null,
    subject: parsed.subject,
    to: [parsed.to].flat()[0]?.value[0],
    text: parsed.text,
    files: parsed.attachments.map(({ filename, size }) => ({ filename, size })),
  };
}

Promise.all(files.map(report)).then((all) => console.log(JSON.stringify(all)));
