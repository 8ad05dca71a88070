/** Opens the page in a real browser and uses it: `node browser.mjs <address of the server> <bundle of page.tsx>`. */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import sparticuz from "@sparticuz/chromium";
import { chromium } from "playwright-core";

const [address, bundle] = process.argv.slice(2);
const html = '<!doctype html><meta charset="utf-8"><body></body><script src="/page.js"></script>';
const site = createServer((request, response) => {
  const isScript = request.url === "/page.js";
  response.writeHead(200, { "Content-Type": isScript ? "text/javascript" : "text/html" });
  response.end(isScript ? readFileSync(bundle) : html);
});
await new Promise((resolve) => site.listen(0, "127.0.0.1", resolve));

const browser = await chromium.launch({
  executablePath: await sparticuz.executablePath(),
  args: [...sparticuz.args, "--no-sandbox"],
  headless: true,
});
const page = await browser.newPage();
const complaints = [];
page.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
page.on("pageerror", (error) => complaints.push(String(error)));
page.setDefaultTimeout(20_000);

const text = (selector) => page.textContent(selector);
const until = (selector, expected) =>
  page
    .waitForFunction(([s, e]) => document.querySelector(s)?.textContent === e, [selector, expected])
    .catch(async () => {
      assert.fail(`${selector} shows "${await text(selector)}", not "${expected}"; ${complaints.join()}`);
    });
const click = (selector) => page.evaluate((s) => document.querySelector(s).click(), selector);
const cells = () => page.evaluate(() => [...document.querySelectorAll(".cell")].map((cell) => cell.textContent));
const allCells = (value) =>
  page.waitForFunction((v) => [...document.querySelectorAll(".cell")].every((cell) => cell.textContent === v), value);

try {
  await page.goto(`http://127.0.0.1:${site.address().port}/`);
  await page.evaluate((to) => window.start(to), address);

  // Twelve queries, one message, nothing dropped again by StrictMode.
  await allCells("0");
  await until("#line", "connected true 0");
  await until("#fit", "current 0");
  let frames = await page.evaluate(() => window.sent);
  assert.deepEqual(
    frames.map((frame) => frame.type),
    ["connect", "modifyQuerySet"],
  );
  assert.equal(frames[1].add.length, 12);

  // No moment at which two cells differ, while transitions stream in and cells are added concurrently.
  await page.evaluate(() => (window.seen.length = 0));
  for (let i = 0; i < 20; i++) {
    await click("#bump");
    if (i % 4 === 0) await click("#more");
  }
  await allCells("20");
  const seen = await page.evaluate(() => window.seen);
  const mixed = seen
    .map((values) => new Set(values.filter((value) => value !== "pending")))
    .filter((values) => values.size > 1);
  assert.deepEqual(
    mixed.map((values) => [...values]),
    [],
  );
  assert.ok(seen.length >= 5, `only ${seen.length} looks`);
  assert.equal((await cells()).length, 17);

  // The promise of a mutation resolves with its effect in view.
  const shown = await page.evaluate(async () => {
    const { client } = window;
    const cell = document.querySelector(".cell");
    document.querySelector("#bump").click();
    while (cell.textContent !== "21") await new Promise((resolve) => setTimeout(resolve, 1));
    return client.connectionState.status;
  });
  assert.equal(shown, "connected");

  // An optimistic update is on the screen in the task of the click, and gives way without a moment of both or neither.
  const numbers = await page.evaluate(async () => {
    window.seen.length = 0;
    const cell = document.querySelector(".cell");
    const numbers = [Number(cell.textContent)];
    for (let i = 0; i < 30; i++) {
      document.querySelector("#bump-now").click();
      await null; // React renders in a microtask
      numbers.push(Number(cell.textContent));
      if (i % 3 === 0) await new Promise((resolve) => setTimeout(resolve, 2));
    }
    while (Number(await window.client.query(window.api.cells.read, { index: 0 })) < 51) {
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    return numbers;
  });
  assert.deepEqual(
    numbers,
    Array.from({ length: 31 }, (_, i) => 21 + i),
  );
  await allCells("51");
  const counted = await page.evaluate(() => window.seen);
  assert.ok(counted.every((values) => new Set(values).size === 1));
  const looks = counted.map(([value]) => Number(value));
  assert.deepEqual(
    looks,
    looks.toSorted((a, b) => a - b),
  );

  // skipped → pending → success; other arguments: pending again, or the old ones, marked as stale.
  await until("#cards", "skipped - false false");
  await until("#free", "skipped undefined");
  await click("#column-a");
  await until("#cards", "success  false false");
  await until("#free", "success 3");
  await click("#add");
  await until("#cards", "success card false false");
  const states = await page.evaluate(async () => {
    const found = [];
    const cards = document.querySelector("#cards");
    new MutationObserver(() => found.push(cards.textContent)).observe(cards, { characterData: true, subtree: true });
    const go = async (id, last) => {
      document.querySelector(id).click();
      while (cards.textContent !== last) await new Promise((resolve) => setTimeout(resolve, 1));
    };
    await go("#column-b", "success  false false");
    document.querySelector("#keep").click();
    await go("#column-a", "success card false false");
    await go("#column-skip", "skipped - false false");
    await go("#column-a", "success card false false");
    return found;
  });
  assert.deepEqual(states, [
    "pending - true false",
    "success  false false",
    "pending  true true",
    "success card false false",
    "skipped - false false",
    "pending - true false",
    "success card false false",
  ]);

  // One that is refused goes with the rejection of its call.
  await click("#add");
  await click("#add");
  await until("#cards", "success card,card,card false false");
  const refused = await page.evaluate(async () => {
    const found = [];
    const [cards, said] = ["#cards", "#said"].map((id) => document.querySelector(id));
    const look = () => found.push(`${cards.textContent} ${said.textContent}`);
    const watching = new MutationObserver(look);
    for (const node of [cards, said]) watching.observe(node, { childList: true, characterData: true, subtree: true });
    document.querySelector("#add-now").click();
    while (!said.textContent) await new Promise((resolve) => setTimeout(resolve, 1));
    watching.disconnect();
    return found;
  });
  assert.deepEqual(refused.slice(0, 1), ["success card,card,card,new? false false "]);
  assert.deepEqual(refused.at(-1), "success card,card,card false false column_full");
  assert.ok(refused.length <= 3, refused.join("; "));

  // An error is a state, and goes by itself.
  await until("#free", "column_full The column a has no place left.");
  await click("#shout");
  await until("#said", "HEY");

  // The line drops: everything stays on the screen, comes back by itself, and is current again.
  await page.evaluate(() => {
    window.sent.length = 0;
    window.seen.length = 0;
    window.sockets.at(-1).close();
  });
  await until("#line", "reconnecting false 1");
  assert.ok((await cells()).every((value) => value === "51"));
  await click("#bump");
  await click("#bump-now");
  assert.ok((await cells()).every((value) => value === "52"));
  await until("#line", "connected true 0");
  await allCells("53");
  frames = await page.evaluate(() => window.sent);
  assert.deepEqual(
    frames.map((frame) => frame.type),
    ["connect", "modifyQuerySet", "mutation", "mutation"],
  );
  assert.equal(frames[1].add.length, 19);
  const during = await page.evaluate(() => window.seen);
  assert.ok(during.every((values) => new Set(values).size === 1));

  // A page that goes away watches nothing any more.
  await page.evaluate(() => {
    window.sent.length = 0;
    window.stop();
  });
  await page.waitForFunction(() => window.sent.length > 0);
  frames = await page.evaluate(() => window.sent);
  assert.deepEqual(
    frames.map((frame) => [frame.type, frame.add.length, frame.remove.length]),
    [["modifyQuerySet", 0, 19]],
  );
  assert.deepEqual(complaints, []);
  console.log("ok");
} finally {
  await browser.close();
  site.close();
  site.closeAllConnections();
}
