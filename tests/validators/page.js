// Says what is wrong in the pages of the addresses given, each light and dark, as JSON: what
// axe-core finds, a page that is wider than the screen of a phone, and a request to elsewhere.
// Environment: PUPPETEER_EXECUTABLE_PATH names the browser.
const fs = require("node:fs");
const puppeteer = require("puppeteer-core");

const NARROW = 320;
const axe = fs.readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");

async function violations(page, address, scheme) {
  const found = [];
  const say = (rule, text, nodes) => found.push({ address, scheme, rule, text, nodes });
  const watch = (request) => {
    if (new URL(request.url()).origin !== new URL(address).origin) say("foreign", "loads", [request.url()]);
  };
  page.on("request", watch);
  await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: scheme }]);
  await page.goto(address, { waitUntil: "load" });
  page.off("request", watch);
  const width = await page.evaluate(() => document.documentElement.scrollWidth);
  if (width > NARROW) say("reflow", `is ${width} pixels wide`, []);
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() => axe.run(document));
  for (const each of violations) say(each.id, each.help, each.nodes.map((node) => node.html));
  return found;
}

async function main() {
  const browser = await puppeteer.launch({
    executablePath: process.env.PUPPETEER_EXECUTABLE_PATH, args: ["--no-sandbox"],
  });
  try {
    const page = await browser.newPage();
    await page.setViewport({ width: NARROW, height: 640 });
    await page.setBypassCSP(true); // for axe alone; what the policy forbids is tested elsewhere
    const found = [];
    for (const address of process.argv.slice(2))
      for (const scheme of ["light", "dark"]) found.push(...(await violations(page, address, scheme)));
    process.stdout.write(JSON.stringify(found));
  } finally {
    await browser.close();
  }
}

main().catch((error) => { console.error(error); process.exitCode = 1; });
