"""How each official client library is pointed at this install, ready to paste. Never a secret: its variable's name.

Python and Node have a base URL for each of the two APIs. The others build the host into every address and take an HTTP
client in their constructor: it sends each request here instead.
"""

from msgconsole.console.snippets import EXAMPLE_TO, Snippet

PHP = """<?php
// composer require twilio/sdk
require "vendor/autoload.php";

class Here extends Twilio\\Http\\CurlClient
{{
    public function request(string $method, string $url, ...$rest): Twilio\\Http\\Response
    {{
        $url = preg_replace('#^https://[^/]+#', '{base}', $url);
        return parent::request($method, $url, ...$rest);
    }}
}}

$client = new Twilio\\Rest\\Client(getenv("ACCOUNT_SID"), getenv("AUTH_TOKEN"), null, null, new Here());
$message = $client->messages->create("{to}", ["messagingServiceSid" => "{service}", "body" => "Hello"]);
echo $message->sid, " ", $message->status, PHP_EOL;"""

RUBY = """# gem install twilio-ruby
require "twilio-ruby"

class Here < Twilio::HTTP::Client
  def request(host, port, method, url, *rest)
    super("{origin}", {port}, method, url.sub(%r{{\\Ahttps://[^/]+}}, "{base}"), *rest)
  end
end

client = Twilio::REST::Client.new(ENV["ACCOUNT_SID"], ENV["AUTH_TOKEN"], nil, nil, Here.new)
message = client.messages.create(messaging_service_sid: "{service}", to: "{to}", body: "Hello")
puts message.sid, message.status"""

JAVA = """// com.twilio.sdk:twilio, from Maven Central
import com.twilio.Twilio;
import com.twilio.http.NetworkHttpClient;
import com.twilio.http.TwilioRestClient;
import com.twilio.rest.api.v2010.account.Message;
import com.twilio.type.PhoneNumber;
import org.apache.http.HttpHost;
import org.apache.http.HttpRequestInterceptor;
import org.apache.http.conn.routing.HttpRoute;
import org.apache.http.impl.client.HttpClientBuilder;

public class Send {{
    public static void main(String[] args) {{
        HttpHost here = new HttpHost("{host}", {port}, "{scheme}");
        HttpRequestInterceptor named = (request, context) -> request.setHeader("Host", here.toHostString());
        NetworkHttpClient http = new NetworkHttpClient(
            HttpClientBuilder.create()
                .setRoutePlanner((target, request, context) -> new HttpRoute(here))
                .addInterceptorFirst(named));
        Twilio.setRestClient(
            new TwilioRestClient.Builder(System.getenv("ACCOUNT_SID"), System.getenv("AUTH_TOKEN"))
                .httpClient(http).build());
        Message message = Message.creator(new PhoneNumber("{to}"), "{service}", "Hello").create();
        System.out.println(message.getSid() + " " + message.getStatus());
    }}
}}"""

CSHARP = """// dotnet add package Twilio
using Twilio;
using Twilio.Clients;
using Twilio.Http;
using Twilio.Rest.Api.V2010.Account;

var http = new System.Net.Http.HttpClient(new Here());
var client = new TwilioRestClient(
    Environment.GetEnvironmentVariable("ACCOUNT_SID"),
    Environment.GetEnvironmentVariable("AUTH_TOKEN"),
    httpClient: new SystemNetHttpClient(http));
var message = MessageResource.Create(
    to: new Twilio.Types.PhoneNumber("{to}"), messagingServiceSid: "{service}", body: "Hello", client: client);
Console.WriteLine($"{{message.Sid}} {{message.Status}}");

class Here : HttpClientHandler
{{
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken token)
    {{
        request.RequestUri = new Uri(new Uri("{base}"), request.RequestUri!.PathAndQuery);
        return base.SendAsync(request, token);
    }}
}}"""

GO = """// go get github.com/twilio/twilio-go
package main

import (
	"fmt"
	"net/http"
	"net/url"
	"os"

	"github.com/twilio/twilio-go"
	"github.com/twilio/twilio-go/client"
	openapi "github.com/twilio/twilio-go/rest/api/v2010"
)

type here struct{{ base *url.URL }}

func (h here) RoundTrip(request *http.Request) (*http.Response, error) {{
	request = request.Clone(request.Context())
	request.URL.Scheme, request.URL.Host, request.Host = h.base.Scheme, h.base.Host, h.base.Host
	return http.DefaultTransport.RoundTrip(request)
}}

func main() {{
	base, _ := url.Parse("{base}")
	sid, token := os.Getenv("ACCOUNT_SID"), os.Getenv("AUTH_TOKEN")
	web := &client.Client{{
		Credentials: client.NewCredentials(sid, token),
		HTTPClient:  &http.Client{{Transport: here{{base}}}},
	}}
	web.SetAccountSid(sid)
	rest := twilio.NewRestClientWithParams(twilio.ClientParams{{Client: web}})
	params := (&openapi.CreateMessageParams{{}}).SetTo("{to}").SetMessagingServiceSid("{service}").SetBody("Hello")
	message, err := rest.Api.CreateMessage(params)
	if err != nil {{
		panic(err)
	}}
	fmt.Println(*message.Sid, *message.Status)
}}"""

# A key is no account: most libraries take their first argument for one unless a third names it.
WITH_KEY = (
    ("curl", 'curl -u "$KEY_SID:$KEY_SECRET" …'),
    ("Python", 'client = Client(os.environ["KEY_SID"], os.environ["KEY_SECRET"], os.environ["ACCOUNT_SID"])'),
    (
        "Node",
        'const client = require("twilio")(process.env.KEY_SID, process.env.KEY_SECRET, '
        "{ accountSid: process.env.ACCOUNT_SID });",
    ),
    (
        "PHP",
        '$client = new Twilio\\Rest\\Client(getenv("KEY_SID"), getenv("KEY_SECRET"), getenv("ACCOUNT_SID"), '
        "null, new Here());",
    ),
    ("Ruby", 'client = Twilio::REST::Client.new(ENV["KEY_SID"], ENV["KEY_SECRET"], ENV["ACCOUNT_SID"], nil, Here.new)'),
    (
        "Java",
        'new TwilioRestClient.Builder(System.getenv("KEY_SID"), System.getenv("KEY_SECRET"))'
        '.accountSid(System.getenv("ACCOUNT_SID")).httpClient(http).build()',
    ),
    (
        "C#",
        'new TwilioRestClient(Environment.GetEnvironmentVariable("KEY_SID"), '
        'Environment.GetEnvironmentVariable("KEY_SECRET"), '
        'accountSid: Environment.GetEnvironmentVariable("ACCOUNT_SID"), httpClient: new SystemNetHttpClient(http))',
    ),
    (
        "Go",
        'Credentials: client.NewCredentials(os.Getenv("KEY_SID"), os.Getenv("KEY_SECRET")), '
        'and web.SetAccountSid(os.Getenv("ACCOUNT_SID"))',
    ),
)

RECIPES = (
    ("code-php", "PHP: an HTTP client that sends every request here", PHP),
    ("code-ruby", "Ruby: an HTTP client that sends every request here", RUBY),
    ("code-java", "Java: a route planner that leads here", JAVA),
    ("code-csharp", "C#: a message handler that sends every request here", CSHARP),
    ("code-go", "Go: a transport that sends every request here", GO),
)


def for_service(*, base: str, service: str) -> list[Snippet]:
    """Recipes with the install's address and a Service's SID filled in. ``base``: scheme, host and perhaps a port."""
    scheme, _, place = base.partition("://")
    host, _, port = place.rpartition(":") if place.rpartition(":")[2].isdigit() else (place, "", "")
    values = {
        "base": base,
        "service": service,
        "to": EXAMPLE_TO,
        "scheme": scheme,
        "host": host,
        "origin": f"{scheme}://{host}",
        "port": port or ("443" if scheme == "https" else "80"),
    }
    return [Snippet(id, label, code.format(**values)) for id, label, code in RECIPES]
