const { HttpInstrumentation } = require("@opentelemetry/instrumentation-http");
const { NodeSDK } = require("@opentelemetry/sdk-node");

const sdk = new NodeSDK({ instrumentations: [new HttpInstrumentation()] });
sdk.start();

process.once("SIGTERM", async () => {
  await sdk.shutdown(); // what is not sent yet
  process.exit(0);
});
