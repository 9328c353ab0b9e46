// GET /tickets/<show>: one of the seats, each of which is asked for with a statement of its own.
const http = require("node:http");
const { metrics, SpanKind, SpanStatusCode, trace } = require("@opentelemetry/api");
const { logs, SeverityNumber } = require("@opentelemetry/api-logs");

const SEATS = 12;
const tracer = trace.getTracer("tickets");
const waits = metrics.getMeter("tickets").createHistogram("tickets.wait", { unit: "ms" });
const log = logs.getLogger("tickets");

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

async function seat(number) {
  const attributes = {
    "db.system.name": "postgresql",
    "db.query.text": "SELECT state FROM seats WHERE number = $1",
    "code.file.path": __filename,
    "code.line.number": 17,
  };
  const options = { kind: SpanKind.CLIENT, attributes };
  return tracer.startActiveSpan("SELECT seats", options, async (span) => {
    await pause(2);
    span.end();
    return number;
  });
}

async function tickets(show) {
  const started = performance.now();
  for (let number = 1; number <= SEATS; number++) await seat(number);
  waits.record(performance.now() - started, { show });
  if (show === "closed") throw new Error("The show is closed");
  log.emit({ severityNumber: SeverityNumber.INFO, severityText: "INFO", body: `${SEATS} seats for ${show}` });
  return { show, seats: SEATS };
}

const server = http.createServer(async (request, response) => {
  try {
    const body = await tickets(request.url.split("/").pop());
    response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(body));
  } catch (error) {
    trace.getActiveSpan()?.recordException(error);
    trace.getActiveSpan()?.setStatus({ code: SpanStatusCode.ERROR, message: error.message });
    log.emit({ severityNumber: SeverityNumber.ERROR, severityText: "ERROR", body: error.message });
    response.writeHead(500).end();
  }
});

server.listen(Number(process.env.PORT ?? 0), "127.0.0.1", () => console.log(server.address().port));
