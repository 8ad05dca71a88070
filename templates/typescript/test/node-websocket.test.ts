import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import { test } from "node:test";
import { NodeWebSocket } from "../src/node-websocket.js";
import { FrameReader, writeFrame } from "../src/websocket-frames.js";

/** A frame as servers send it: not masked. */
function frame(opcode: number, payload: string | Buffer = "", isLast = true): Buffer {
  const bytes = Buffer.from(payload);
  const header =
    bytes.length < 126
      ? Buffer.from([bytes.length])
      : bytes.length < 65536
        ? Buffer.from([126, bytes.length >> 8, bytes.length & 255])
        : Buffer.concat([Buffer.from([127]), Buffer.from(bytes.length.toString(16).padStart(16, "0"), "hex")]);
  return Buffer.concat([Buffer.from([(isLast ? 0x80 : 0) | opcode]), header, bytes]);
}

/** What a client sent, unmasked: opcode and payload of each frame. */
function frames(bytes: Buffer): [number, string][] {
  const found: [number, string][] = [];
  while (bytes.length) {
    let length = bytes[1]! & 0x7f;
    let at = 2;
    assert.ok(bytes[1]! & 0x80, "a client masks");
    if (length === 126) [length, at] = [bytes.readUInt16BE(2), 4];
    else if (length === 127) [length, at] = [Number(bytes.readBigUInt64BE(2)), 10];
    const mask = bytes.subarray(at, at + 4);
    const payload = bytes.subarray(at + 4, at + 4 + length).map((byte, i) => byte ^ mask[i & 3]!);
    found.push([bytes[0]! & 0x0f, Buffer.from(payload).toString("latin1")]);
    bytes = bytes.subarray(at + 4 + length);
  }
  return found;
}

interface Server {
  readonly url: string;
  readonly stream: Promise<Duplex>;
  received(): [number, string][];
}

async function serve(use: (server: Server) => Promise<void>, accept = (key: string) => key): Promise<void> {
  let received = Buffer.alloc(0);
  const server = createServer((_, response) => response.writeHead(403).end());
  const stream = new Promise<Duplex>((resolve) => {
    server.on("upgrade", (request, socket) => {
      const key = String(request.headers["sec-websocket-key"]) + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
      const accepted = accept(createHash("sha1").update(key).digest("base64"));
      socket.write(
        `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accepted}\r\n\r\n`,
      );
      socket.on("data", (chunk: Buffer) => (received = Buffer.concat([received, chunk])));
      socket.on("error", () => undefined);
      resolve(socket);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `ws://127.0.0.1:${(server.address() as AddressInfo).port}/api/sync`;
  try {
    await use({ url, stream, received: () => frames(received) });
  } finally {
    server.closeAllConnections();
    server.close();
    void stream.then((socket) => socket.destroy());
  }
}

/** Everything a socket tells, in order. */
function listen(socket: NodeWebSocket): { events: string[]; until(count: number): Promise<string[]> } {
  const events: string[] = [];
  socket.onopen = () => events.push("open");
  socket.onmessage = ({ data }: { data: string }) => events.push(`message ${data.length > 50 ? data.length : data}`);
  socket.onclose = ({ code, reason }: { code: number; reason: string }) => events.push(`close ${code} ${reason}`);
  return {
    events,
    async until(count) {
      for (let i = 0; events.length < count && i < 400; i++) await new Promise((resolve) => setTimeout(resolve, 5));
      return events;
    },
  };
}

test("text goes both ways, masked on the way out, in sizes of all three lengths", () =>
  serve(async (server) => {
    const socket = new NodeWebSocket(server.url);
    const heard = listen(socket);
    const stream = await server.stream;
    await heard.until(1);
    const texts = ["", "ä€😀", "x".repeat(126), "x".repeat(70_000)];
    for (const text of texts) socket.send(text);
    for (const text of texts) stream.write(frame(1, text));
    assert.deepEqual(await heard.until(5), ["open", "message ", "message ä€😀", "message 126", "message 70000"]);
    for (let i = 0; i < 100 && server.received().length < 4; i++)
      await new Promise((resolve) => setTimeout(resolve, 5));
    assert.deepEqual(
      server.received().map(([opcode, text]) => [opcode, text.length]),
      [
        [1, 0],
        [1, 9],
        [1, 126],
        [1, 70_000],
      ],
    );
    socket.close();
  }));

test("a message in pieces is put together, with pings in between answered", () =>
  serve(async (server) => {
    const heard = listen(new NodeWebSocket(server.url));
    const stream = await server.stream;
    const bytes = Buffer.concat([
      frame(1, Buffer.from("€").subarray(0, 1), false),
      frame(9, "p"),
      frame(0, Buffer.from("€").subarray(1)),
    ]);
    for (const byte of bytes) {
      stream.write(Buffer.from([byte]));
      await new Promise((resolve) => setImmediate(resolve));
    }
    assert.deepEqual(await heard.until(2), ["open", "message €"]);
    assert.deepEqual(server.received(), [[10, "p"]]);
  }));

test("a message that comes with the handshake is heard after the opening", () =>
  serve(async (server) => {
    const heard = listen(new NodeWebSocket(server.url));
    (await server.stream).write(Buffer.concat([frame(1, "a"), frame(1, "b")]));
    assert.deepEqual(await heard.until(3), ["open", "message a", "message b"]);
  }));

test("the server's close is answered, its code told", () =>
  serve(async (server) => {
    const heard = listen(new NodeWebSocket(server.url));
    (await server.stream).write(
      frame(8, Buffer.concat([Buffer.from([4426 >> 8, 4426 & 255]), Buffer.from("too old")])),
    );
    assert.deepEqual(await heard.until(2), ["open", "close 4426 too old"]);
    assert.deepEqual(server.received(), [[8, Buffer.from([4426 >> 8, 4426 & 255]).toString("latin1")]]);
  }));

test("our close is sent, and the server's answer waited for", () =>
  serve(async (server) => {
    const socket = new NodeWebSocket(server.url);
    const heard = listen(socket);
    const stream = await server.stream;
    await heard.until(1);
    socket.close(1000, "bye");
    socket.send("not sent any more");
    for (let i = 0; i < 100 && !server.received().length; i++) await new Promise((resolve) => setTimeout(resolve, 5));
    assert.deepEqual(server.received(), [[8, "\u0003\u00e8bye"]]);
    stream.write(frame(8, Buffer.from([3, 232])));
    assert.deepEqual(await heard.until(2), ["open", "close 1000 "]);
  }));

test("a connection that breaks, is refused, or does not exist ends with code 1006", async () => {
  await serve(async (server) => {
    const heard = listen(new NodeWebSocket(server.url));
    (await server.stream).destroy();
    assert.deepEqual((await heard.until(2)).at(-1)!.slice(0, 10), "close 1006");
  });
  await serve(
    async (server) => {
      const heard = listen(new NodeWebSocket(server.url));
      assert.deepEqual(await heard.until(1), ["close 1006 the server speaks no WebSocket"]);
    },
    () => "wrong",
  );
  const refused = createServer((_, response) => response.writeHead(403).end());
  refused.on("upgrade", (_, socket) => socket.end("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n"));
  await new Promise<void>((resolve) => refused.listen(0, "127.0.0.1", resolve));
  const port = (refused.address() as AddressInfo).port;
  assert.deepEqual(await listen(new NodeWebSocket(`ws://127.0.0.1:${port}`)).until(1), [
    "close 1006 the server answered 403 to the handshake",
  ]);
  await new Promise((resolve) => refused.close(resolve));
  assert.match((await listen(new NodeWebSocket(`ws://127.0.0.1:${port}`)).until(1))[0]!, /^close 1006 .*ECONNREFUSED/);
});

test("a socket that is closed before it is open stays closed", () =>
  serve(async (server) => {
    const socket = new NodeWebSocket(server.url);
    const heard = listen(socket);
    socket.close();
    await new Promise((resolve) => setTimeout(resolve, 50));
    assert.deepEqual(heard.events, ["close 1006 closed before it was open"]);
  }));

test("a server that breaks the protocol is told so", async () => {
  const mistakes: [string, Buffer, number][] = [
    ["a reserved bit", Buffer.from([0xc1, 0]), 1002],
    ["a masked frame", Buffer.from([0x81, 0x80, 0, 0, 0, 0]), 1002],
    ["a continuation of nothing", frame(0, "x"), 1002],
    ["a message inside a message", Buffer.concat([frame(1, "x", false), frame(1, "x")]), 1002],
    ["a ping in pieces", frame(9, "x", false), 1002],
    ["a ping that is too long", frame(9, "x".repeat(126)), 1002],
    ["half a close code", frame(8, "x"), 1002],
    ["bytes", frame(2, "x"), 1003],
    ["text that is no UTF-8", frame(1, Buffer.from([0xff])), 1007],
    ["an endless message", Buffer.from([0x81, 127, 0, 1, 0, 0, 0, 0, 0, 0]), 1009],
  ];
  for (const [what, bytes, code] of mistakes) {
    await serve(async (server) => {
      const heard = listen(new NodeWebSocket(server.url));
      (await server.stream).write(bytes);
      await heard.until(2);
      assert.equal(heard.events.at(-1)!.slice(0, 10), "close 1006", what);
      for (let i = 0; !server.received().length && i < 400; i++) await new Promise((resolve) => setTimeout(resolve, 5));
      const [close] = server.received();
      assert.ok(close && close[0] === 8, what);
      assert.equal(close[1].charCodeAt(0) * 256 + close[1].charCodeAt(1), code, what);
    });
  }
});

test("frames survive being cut anywhere", () => {
  const mask = randomBytes(4);
  assert.deepEqual(frames(Buffer.from(writeFrame(1, Buffer.from("hello"), mask))), [[1, "hello"]]);
  const bytes = Buffer.concat([
    frame(1, "one"),
    frame(9, "two"),
    frame(1, "x".repeat(300)),
    frame(8, Buffer.from([3, 232])),
  ]);
  for (let cut = 0; cut <= bytes.length; cut++) {
    const reader = new FrameReader();
    const messages = [...reader.read(bytes.subarray(0, cut)), ...reader.read(bytes.subarray(cut))];
    assert.deepEqual(
      messages.map(({ opcode, text }) => [opcode, text.length]),
      [
        [1, 3],
        [9, 0],
        [1, 300],
        [8, 0],
      ],
    );
  }
});
