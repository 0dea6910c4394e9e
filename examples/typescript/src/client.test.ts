// Calls the real program over real connections, by both protocols.
import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { create, toJsonString } from "@bufbuild/protobuf";
import { Code, ConnectError, type Transport } from "@connectrpc/connect";
import { createConnectTransport, createGrpcTransport, createGrpcWebTransport } from "@connectrpc/connect-node";
import { depeche } from "./client.js";
import { ArticleSchema, OffsetEncoding } from "./gen/depeche/v1/article_pb.js";
import { ExtractionSchema } from "./gen/depeche/v1/extraction_pb.js";
import { EventType } from "./gen/depeche/v1/ontology_pb.js";
import { type StreamEventsRequest, StreamEventsRequestSchema } from "./gen/depeche/v1/service_pb.js";
import { BadRequestSchema } from "./gen/google/rpc/error_details_pb.js";

const program = process.env.DEPECHE ?? "../../bin/depeche";
const text = "Deux soldats ont été tués samedi à Gao, a annoncé l'armée malienne.";
const article = create(ArticleSchema, {
  id: "1",
  body: { case: "text", value: text },
  published: { case: "publishDate", value: { year: 2021, month: 3, day: 14 } },
});

let server: ChildProcess;
let baseUrl: string;

before(async () => {
  server = spawn(program, ["serve", "--listen", "127.0.0.1:0", "--http", "127.0.0.1:0", "--drain-delay", "0s"], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  for await (const line of createInterface({ input: server.stderr! })) {
    const entry = JSON.parse(line) as { what?: string; address?: string };
    if (entry.what === "http") {
      baseUrl = `http://${entry.address}`;
      break;
    }
  }
  assert.ok(baseUrl, "the server did not start");
});

after(async () => {
  const exit = once(server, "exit");
  server.stderr!.destroy();
  server.kill("SIGTERM");
  await exit;
});

const transports: Record<string, () => Transport> = {
  "Connect in JSON over HTTP/1.1": () => createConnectTransport({ baseUrl, httpVersion: "1.1" }),
  "Connect in binary over HTTP/2": () => createConnectTransport({ baseUrl, httpVersion: "2", useBinaryFormat: true }),
  "gRPC-Web over HTTP/1.1": () => createGrpcWebTransport({ baseUrl, httpVersion: "1.1" }),
  "gRPC-Web over HTTP/2": () => createGrpcWebTransport({ baseUrl, httpVersion: "2" }),
  "gRPC over HTTP/2": () => createGrpcTransport({ baseUrl }),
};

/** The Extraction of the first protocol, which all others must give. */
let first: string | undefined;

for (const [name, transport] of Object.entries(transports)) {
  test(`${name}: one article`, async () => {
    const { extraction } = await depeche(transport()).extractEvents({ article, options: { offsetEncoding: OffsetEncoding.UTF16 } });
    assert.ok(extraction);
    assert.ok(extraction.events.some((event) => event.type === EventType.KILLING), "two soldiers were killed");
    for (const event of extraction.events) {
      for (const { trigger } of event.mentions) {
        assert.equal(text.slice(Number(trigger!.begin), Number(trigger!.end)), trigger!.text);
      }
    }
    const json = toJsonString(ExtractionSchema, extraction);
    first ??= json;
    assert.equal(json, first);
  });

  test(`${name}: an error and its field`, async () => {
    await assert.rejects(depeche(transport()).extractEvents({ article: { id: "x" } }), (err) => {
      assert.ok(err instanceof ConnectError);
      assert.equal(err.code, Code.InvalidArgument);
      const [request] = err.findDetails(BadRequestSchema);
      assert.deepEqual(request?.fieldViolations.map((violation) => violation.field), ["article.body"]);
      return true;
    });
  });

  test(`${name}: what the server is`, async () => {
    const client = depeche(transport());
    assert.deepEqual((await client.describeEngine({})).languages, ["fr"]);
    assert.ok((await client.describeOntology({})).types.length > 50);
  });

  if (name.endsWith("HTTP/2")) {
    test(`${name}: a stream, an article after each outcome`, async () => {
      const articles = 5n;
      let answered = () => {};
      async function* requests(): AsyncIterable<StreamEventsRequest> {
        yield create(StreamEventsRequestSchema, { message: { case: "open", value: { ordered: true } } });
        for (let sequence = 1n; sequence <= articles; sequence++) {
          const outcome = new Promise<void>((resolve) => (answered = resolve));
          yield create(StreamEventsRequestSchema, { message: { case: "batch", value: { articles: [{ sequence, article }] } } });
          await outcome;
        }
      }
      let count = 0n;
      for await (const { outcomes } of depeche(transport()).streamEvents(requests())) {
        for (const { sequence, result } of outcomes) {
          assert.equal(sequence, ++count);
          assert.equal(result.case, "extraction");
        }
        answered();
      }
      assert.equal(count, articles);
    });
  }
}

test("the same by JSON and fetch", async () => {
  const response = await fetch(`${baseUrl}/v1/articles:stream`, {
    method: "POST",
    headers: { "Content-Type": "application/x-ndjson" },
    body: [JSON.stringify({ id: "1", text }), "ceci n'est pas un article"].join("\n"),
  });
  assert.equal(response.status, 200);
  const outcomes = (await response.text()).trimEnd().split("\n").map((line) => JSON.parse(line));
  const of = (sequence: string) => outcomes.find((outcome) => outcome.sequence === sequence);
  assert.equal(of("1").extraction.articleId, "1");
  assert.equal(of("2").error.details[0].reason, "MALFORMED_JSON");
});
