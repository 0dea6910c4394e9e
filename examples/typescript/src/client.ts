// A client of depeche by Connect or gRPC-Web, made from the contract.
import { createClient, type Client, type Transport } from "@connectrpc/connect";
import { ExtractionService } from "./gen/depeche/v1/service_pb.js";

export type Depeche = Client<typeof ExtractionService>;

/** A client over a transport of @connectrpc/connect-node, or in a browser of @connectrpc/connect-web. */
export function depeche(transport: Transport): Depeche {
  return createClient(ExtractionService, transport);
}
