// The official Node client, unmodified but for the two base URLs. Each step asserts, then prints its name.
// Run by tests/contract/test_node_client.py, which serves the console and does a worker's work meanwhile.
"use strict";

const assert = require("node:assert/strict");
const http = require("node:http");
const querystring = require("node:querystring");
const twilio = require("twilio");

const { BASE_URL, ACCOUNT_SID, AUTH_TOKEN, SERVICES } = process.env;

function clientFor(sid, token, options) {
  const client = twilio(sid, token, options);
  client.api.baseUrl = client.messaging.baseUrl = BASE_URL;
  return client;
}

const client = clientFor(ACCOUNT_SID, AUTH_TOKEN);

async function settled(sid) {
  for (let tries = 0; tries < 200; tries += 1) {
    const message = await client.messages(sid).fetch();
    if (["delivered", "undelivered", "failed"].includes(message.status)) return message;
    await new Promise((done) => setTimeout(done, 50));
  }
  throw new Error(`${sid} does not come to rest`);
}

// An application that awaits callbacks: keeps what it was sent, with the headers.
function receiver() {
  const told = [];
  const server = http.createServer((request, response) => {
    let body = "";
    request.on("data", (part) => (body += part));
    request.on("end", () => {
      told.push({ path: request.url, params: { ...querystring.parse(body) }, headers: request.headers });
      response.writeHead(204).end();
    });
  });
  return new Promise((ready) => {
    server.listen(0, "127.0.0.1", () => {
      ready({ told, server, url: `http://127.0.0.1:${server.address().port}` });
    });
  });
}

const steps = {
  async "getting started"() {
    const service = await client.messaging.v1.services.create({ friendlyName: "Reminders" });
    assert.match(service.sid, /^MG[0-9a-f]{32}$/);
    assert.ok(service.dateCreated instanceof Date && !Number.isNaN(service.dateCreated.getTime()));
    assert.equal(Object.keys(service.links).length, 8);
    const number = await client.incomingPhoneNumbers.create({ phoneNumber: "+14155550100" });
    assert.equal(number.capabilities.sms, true);
    const pooled = await client.messaging.v1.services(service.sid).phoneNumbers.create({ phoneNumberSid: number.sid });
    assert.deepEqual(pooled.capabilities, ["MMS", "SMS", "Voice"]);
    const made = await client.messages.create({ messagingServiceSid: service.sid, to: "+14155550123", body: "Hello" });
    assert.deepEqual([made.status, made.from, made.numSegments, made.dateSent], ["accepted", null, "0", null]);
    const message = await settled(made.sid);
    assert.deepEqual([message.status, message.from, message.price], ["delivered", "+14155550100", "-0.00750"]);
    assert.ok(message.dateSent instanceof Date);
    const changed = await client.messaging.v1.services(service.sid).update({ stickySender: false });
    assert.equal(changed.stickySender, false);
    const listed = await client.messages.list({ to: "+14155550123", dateSent: new Date() });
    assert.deepEqual(listed.map((one) => one.sid), [made.sid]);
  },

  async "paging in both directions"() {
    const services = await client.messaging.v1.services.list();
    assert.equal(services.length, Number(SERVICES) + 1);
    assert.equal(new Set(services.map((one) => one.sid)).size, services.length);
    const limited = await client.messaging.v1.services.list({ limit: 75, pageSize: 20 });
    assert.deepEqual(limited.map((one) => one.sid), services.slice(0, 75).map((one) => one.sid));
    assert.equal((await client.messaging.v1.services.list({ limit: 1500 })).length, services.length);
    const first = await client.messaging.v1.services.page({ pageSize: 50 });
    const second = await first.nextPage();
    const third = await second.nextPage();
    assert.equal(third.instances.length, services.length - 100);
    assert.equal(await third.nextPage(), undefined);
    const back = await second.previousPage();
    assert.deepEqual(back.instances.map((one) => one.sid), first.instances.map((one) => one.sid));
    let seen = 0;
    await new Promise((done, fail) => {
      client.messaging.v1.services.each({ pageSize: 30, callback: () => (seen += 1), done: (e) => (e ? fail(e) : done()) });
    });
    assert.equal(seen, services.length);
    const messages = await client.messages.list({ pageSize: 1 });
    assert.ok(messages.length >= 1);
  },

  async "errors"() {
    const missing = `MG${"0".repeat(32)}`;
    const cases = [
      [() => client.messaging.v1.services(missing).fetch(), 404, 20404],
      [() => client.messages.create({ to: "+14155550123", body: "x" }), 400, 21603],
      [() => client.messages.create({ to: "x", body: "x", messagingServiceSid: missing }), 400, 21211],
      [() => client.messaging.v1.services.create({ friendlyName: "" }), 400, 20002],
      [() => clientFor(ACCOUNT_SID, "0".repeat(32)).messages.list(), 401, 20003],
    ];
    for (const [call, status, code] of cases) {
      await assert.rejects(call, (error) => {
        assert.equal(error.constructor.name, "RestException");
        assert.deepEqual([error.status, error.code], [status, code]);
        assert.ok(error.moreInfo.startsWith(`${BASE_URL}/docs/errors/`), error.moreInfo);
        return true;
      });
    }
  },

  async "an API key"() {
    const made = await client.newKeys.create({ friendlyName: "CI" });
    const byKey = clientFor(made.sid, made.secret, { accountSid: ACCOUNT_SID });
    assert.equal((await byKey.messaging.v1.services.create({ friendlyName: "By key" })).accountSid, ACCOUNT_SID);
    assert.equal(await client.keys(made.sid).remove(), true);
    await assert.rejects(() => byKey.messages.list(), { status: 401 });
  },

  async "webhook validation"() {
    const { told, server, url } = await receiver();
    const callback = `${url}/status?tenant=a%20b&x=1`;
    const [service] = await client.messaging.v1.services.list({ limit: 200 }).then((all) =>
      all.filter((one) => one.friendlyName === "Reminders"),
    );
    const made = await client.messages.create({
      messagingServiceSid: service.sid,
      to: "+14155550124",
      body: "Grüße",
      statusCallback: callback,
    });
    await settled(made.sid);
    for (let tries = 0; tries < 200 && told.length < 3; tries += 1) await new Promise((done) => setTimeout(done, 50));
    server.close();
    assert.deepEqual(told.map((one) => one.params.MessageStatus), ["queued", "sent", "delivered"]);
    for (const { path, params, headers } of told) {
      const signature = headers["x-twilio-signature"];
      assert.ok(twilio.validateRequest(AUTH_TOKEN, signature, url + path, params));
      assert.ok(!twilio.validateRequest("0".repeat(32), signature, url + path, params));
      assert.ok(!twilio.validateRequest(AUTH_TOKEN, signature, url + path, { ...params, MessageStatus: "read" }));
      assert.equal(params.MessageSid, made.sid);
    }
  },
};

(async () => {
  for (const [name, step] of Object.entries(steps)) {
    await step();
    console.log(`ok ${name}`);
  }
})().catch((error) => {
  console.error(error);
  process.exit(1);
});
