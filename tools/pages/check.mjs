// Opens pages in headless Chromium and runs the rules of axe-core on them. See README.md beside it.
import { createRequire } from "node:module";
import { homedir } from "node:os";
import { basename, join, resolve } from "node:path";
import { mkdirSync, readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const tools = process.env.TABSAFE_PAGES_TOOLS ?? join(homedir(), ".cache/tabsafe/pages");
const require = createRequire(join(resolve(tools), "package.json"));
const { chromium } = require("playwright-core");
const axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");

const args = process.argv.slice(2);
const at = args.indexOf("--shots");
const shots = at < 0 ? null : args.splice(at, 2)[1];
if (shots) mkdirSync(shots, { recursive: true });

const looks = [
  { name: "wide", width: 1280, colorScheme: "light", media: "screen" },
  { name: "wide-dark", width: 1280, colorScheme: "dark", media: "screen" },
  { name: "narrow", width: 360, colorScheme: "light", media: "screen" },
  { name: "narrow-dark", width: 360, colorScheme: "dark", media: "screen" },
  { name: "print", width: 794, colorScheme: "light", media: "print" },
].filter((look) => !process.env.LOOKS || process.env.LOOKS.split(",").includes(look.name));

// What a page must not do: reach for anything but itself.
const asked = [];
// What breaks a rule.
const broken = [];

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync"],
});
// What does not work without a mouse.
async function byKeyboard(address) {
  const page = await (await browser.newContext({ viewport: { width: 1280, height: 900 }, bypassCSP: true })).newPage();
  const faults = [];
  await page.goto(address);
  await page.keyboard.press("Tab");
  const first = await page.evaluate(() => document.activeElement?.className);
  if (first !== "skip") faults.push(`the first stop is "${first}" and not the link that skips the head`);
  // the sign in a cell leads to its reasons, which open and take the focus
  const sign = page.locator('td a[href^="#case-"]').first();
  if (await sign.count()) {
    const target = (await sign.getAttribute("href")).slice(1);
    await sign.focus();
    await page.keyboard.press("Enter");
    await page.waitForTimeout(200);
    const state = await page.evaluate((id) => {
      const there = document.getElementById(id);
      const box = there.getBoundingClientRect();
      const banner = document.querySelector(".confidential")?.getBoundingClientRect().bottom ?? 0;
      return { seen: there.checkVisibility(), focus: document.activeElement === there, below: box.top >= banner };
    }, target);
    for (const [what, holds] of Object.entries(state)) {
      if (!holds) faults.push(`the sign of a cell leads to #${target}, but not so that it is "${what}"`);
    }
  }
  await page.close();
  return faults;
}

for (const file of args) {
  const name = basename(file).replace(/\.html?$/, "");
  const address = pathToFileURL(resolve(file)).href;
  for (const look of looks) {
    const context = await browser.newContext({
      viewport: { width: look.width, height: 900 },
      colorScheme: look.colorScheme,
      // the page forbids every script; the check needs one
      bypassCSP: true,
    });
    const page = await context.newPage();
    page.on("request", (r) => { if (r.url() !== address) asked.push(`${name} asks for ${r.url()}`); });
    await page.goto(address);
    await page.emulateMedia({ media: look.media, colorScheme: look.colorScheme });
    // a page must not be wider than the window: only tables may be, within themselves
    const over = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    if (over > 0 && look.media === "screen") broken.push(`${name} (${look.name}): ${over} pixels wider than the window`);
    if (shots) await page.screenshot({ path: join(shots, `${name}-${look.name}.png`), fullPage: true });
    // once as it is opened, once with groups and the first cells opened
    for (const open of [false, true]) {
      await page.evaluate((open) => document.querySelectorAll("details.group, details.case, details.list").forEach((d, i) => { d.open = open && (d.className === "group" || i < 8); }), open);
      if (open && look.media === "print") continue;
      if (open && shots && look.name === "wide") {
        await page.screenshot({ path: join(shots, `${name}-${look.name}-open.png`), fullPage: true });
      }
      await page.evaluate(axe);
      const found = await page.evaluate(() => axe.run(document, { resultTypes: ["violations", "incomplete"] }));
      for (const rule of found.violations) {
        const where = rule.nodes.slice(0, 3).map((n) => n.html.slice(0, 120)).join("\n    ");
        broken.push(`${name} (${look.name}): ${rule.id}, ${rule.help} (${rule.nodes.length})\n    ${where}`);
      }
      if (process.env.VERBOSE) {
        for (const rule of found.incomplete) {
          console.log(`to look at: ${name} (${look.name}): ${rule.id} (${rule.nodes.length}) ${rule.nodes[0].html.slice(0, 120)}`);
        }
      }
    }
    await context.close();
  }
  broken.push(...(await byKeyboard(address)).map((fault) => `${name}: ${fault}`));
  if (shots) {
    const page = await (await browser.newContext()).newPage();
    await page.goto(address);
    await page.pdf({ path: join(shots, `${name}.pdf`), preferCSSPageSize: true, printBackground: false });
  }
}
await browser.close();
const faults = [...new Set([...asked, ...broken])];
console.log(faults.length === 0 ? `${args.length} pages: no rule is broken` : faults.join("\n"));
process.exit(faults.length === 0 ? 0 : 1);
