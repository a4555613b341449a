using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Reflection;
using System.Text;
using System.Text.Json.Nodes;
using AssetCompute.Client.Authentication;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace AssetCompute.Client.Tests.Authentication;

/// <summary>The client never shows secrets, whatever fails and whatever the responses repeat.</summary>
public sealed partial class RedactionTests
{
    private const int Cases = 300;
    private static readonly string[] ImsFailures =
        ["none", "secret refused", "other error", "echo", "server error", "html", "cut off", "no lifetime", "no token", "throttled", "broken", "throws"];

    private static readonly string[] ServiceFailures =
        ["none", "refused for good", "not entitled", "invalid", "server error", "throttled", "redirect", "html", "broken", "throws"];

    [Fact]
    public async Task NoTextThatTheClientShows_HoldsASecretATokenOrASignature()
    {
        Gen<Case> cases =
            from secret in SecretText()
            from second in SecretText()
            from token in Gen.Choose(0, int.MaxValue)
            from ims in Gen.Frequency((1, Gen.Constant("none")), (1, Gen.Elements(ImsFailures)))
            from service in Gen.Elements(ServiceFailures)
            from jwt in Gen.Frequency((3, Gen.Constant(false)), (1, Gen.Constant(true)))
            select new Case(secret, second, TokenOf(token), ims, service, jwt);

        foreach (Case @case in cases.Sample(Cases, 50))
        {
            var shown = new ConcurrentQueue<string>();
            string[] hidden = await RunAsync(@case, shown);
            foreach (string text in shown)
            {
                foreach (string secret in hidden)
                {
                    Assert.False(text.Contains(secret, StringComparison.Ordinal), $"{@case}\nshows '{secret}' in:\n{text}");
                }
            }

            Assert.NotEmpty(shown);
        }
    }

    [Fact]
    public void TheTextOfWhatHoldsAUrl_HoldsNoSignature()
    {
        const string hidden = "Sig-Nature-4711-Value";
        string url = $"https://someone:{hidden}@storage.example/in.psd?sv=1&sig={hidden}#{hidden}";
        var rendition = new Rendition
        {
            Name = "out.png",
            Target = new RenditionTarget([url, url], maxPartSize: 10),
            Watermark = new Watermark { Image = url },
            Files = [new ArchiveFile { Url = url, Path = "in.psd" }],
        };
        var request = new ProcessRequest
        {
            Source = new AssetSource { Url = url, Headers = new Dictionary<string, string> { ["Authorization"] = hidden } },
            Renditions = [rendition, new Rendition { Target = new RenditionTarget(url) }],
        };
        var created = new RenditionCreated { RequestId = "r", Source = request.Source, Rendition = rendition };
        var failed = new RenditionFailed { RequestId = "r", Source = request.Source, Rendition = rendition };
        object[] shown =
        [
            request, request.Source, request.Source with { Url = $"data:image/png;base64,{hidden}" }, rendition, rendition.Target!, rendition.Watermark!, rendition.Files![0],
            request.Renditions[1], request.Renditions[1].Target!, created, failed,
            new RenditionJobResult { RequestId = "r", Request = request, Renditions = [created, failed] },
            new JournalEntry(JournalPosition.Oldest, Encoding.UTF8.GetBytes($$"""{"type":"other","secret":"{{hidden}}"}""")),
            new AccessToken(hidden, DateTimeOffset.MaxValue), new AssetComputeOptions { ClientSecrets = { hidden }, PrivateKeyPassphrase = hidden },
        ];

        Assert.All(shown, item => Assert.DoesNotContain(hidden, item.ToString(), StringComparison.Ordinal));
        var illegal = Assert.Throws<ArgumentException>(() => new AccessToken(hidden + "\n", default));
        Assert.DoesNotContain(hidden, illegal.ToString(), StringComparison.Ordinal);
    }

    /// <summary>Generates secrets, with characters that forms, URLs and JSON encode.</summary>
    private static Gen<string> SecretText() =>
        from length in Gen.Choose(8, 40)
        from characters in Gen.ArrayOf(Gen.Elements("abcXYZ0189-_.~ %&=+/\"\\'<>#?üß€".ToCharArray()), length)
        select "s" + new string(characters) + "e";

    private static string TokenOf(int number)
    {
        string payload = $$"""{"id":"{{number}}","client_id":"client-a","created_at":"1767225600000","expires_in":"86400000"}""";
        return "eyJhbGciOiJSUzI1NiJ9." + Convert.ToBase64String(Encoding.UTF8.GetBytes(payload)).TrimEnd('=') + ".c2lnbmF0dXJlLW9mLXRoZS10b2tlbg";
    }

    private static async Task<string[]> RunAsync(Case @case, ConcurrentQueue<string> shown)
    {
        using var listener = Listen(shown);
        string directory = Directory.CreateTempSubdirectory("redaction").FullName;
        var jwts = new ConcurrentQueue<string>();
        const string signature = "Sig-Nature-4711-Value";
        try
        {
            string file = Path.Combine(directory, "credentials.json");
            if (@case.Jwt)
            {
                JsonObject credentials = CredentialSamples.ServiceCredentials();
                credentials["integration"]!["technicalAccount"]!["clientSecret"] = @case.Secret;
                await File.WriteAllTextAsync(file, credentials.ToJsonString(), TestContext.Current.CancellationToken);
            }

            var services = new ServiceCollection();
            services.AddLogging(logging => logging.SetMinimumLevel(LogLevel.Trace).AddProvider(new Log(shown)));
            AssetComputeOptions? options = null;
            IAssetComputeBuilder builder = services.AddAssetCompute(configured =>
            {
                options = configured;
                configured.Retry.MaxRetryAttempts = 0;
                configured.Throttling.Enabled = false;
                if (@case.Jwt)
                {
                    configured.CredentialsFile = file;
                    return;
                }

                configured.OrganizationId = "ABC@AdobeOrg";
                configured.ClientId = "client-a";
                configured.ClientSecrets.Add(@case.Secret);
                configured.ClientSecrets.Add(@case.SecondSecret);
            });
            builder.ImsHttpClient.ConfigurePrimaryHttpMessageHandler(() => new Answering(request => Ims(@case, request, jwts)));
            builder.ServiceHttpClient.ConfigurePrimaryHttpMessageHandler(() => new Answering(request => Task.FromResult(Service(@case, request))));
            await using ServiceProvider provider = services.BuildServiceProvider();
            var request = new ProcessRequest
            {
                Source = new AssetSource { Url = $"https://storage.example/in.psd?sv=1&sig={signature}" },
                Renditions = [new Rendition { Format = "png", Target = new Uri($"https://storage.example/out.png?sig={signature}") }],
            };
            shown.Enqueue(request.ToString());
            shown.Enqueue(request.Source.ToString()!);
            shown.Enqueue(request.Renditions[0].ToString());
            await Show(() => provider.GetRequiredService<IAssetComputeClient>().ProcessAsync(request, TestContext.Current.CancellationToken), shown);
            await Show(async () => await provider.GetRequiredKeyedService<IAccessTokenProvider>("").GetTokenAsync(null, TestContext.Current.CancellationToken), shown);
            CredentialsReader reader = provider.GetRequiredService<CredentialsReader>();
            await Show(() => Task.FromResult(reader.Read("", provider.GetRequiredService<IOptionsMonitor<AssetComputeOptions>>().Get(""))), shown);
            shown.Enqueue(options!.ToString()!);
            string[] key = [.. CredentialSamples.PrivateKey.Split('\n').Where(line => line.Length > 40 && !line.StartsWith('-'))];
            return [@case.Secret, @case.SecondSecret, @case.Token, signature, .. jwts, .. key];
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    /// <summary>Records what the call returns or throws, as text and property by property.</summary>
    private static async Task Show<T>(Func<Task<T>> call, ConcurrentQueue<string> shown)
    {
        object? result;
        try
        {
            result = await call();
        }
        catch (Exception exception)
        {
            result = exception;
        }

        shown.Enqueue(result?.ToString() ?? "");
        for (var exception = result as Exception; exception is not null; exception = exception.InnerException)
        {
            foreach (PropertyInfo property in exception.GetType().GetProperties())
            {
                shown.Enqueue(property.GetValue(exception)?.ToString() ?? "");
            }

            foreach (object? value in exception.Data.Values)
            {
                shown.Enqueue(value?.ToString() ?? "");
            }
        }

        if (result?.GetType().GetCustomAttribute<DebuggerDisplayAttribute>() is { } display)
        {
            Assert.Equal("{ToString(),nq}", display.Value);
        }
    }

    private static ActivityListener Listen(ConcurrentQueue<string> shown)
    {
        var listener = new ActivityListener
        {
            ShouldListenTo = static source => source.Name.StartsWith("AssetCompute", StringComparison.Ordinal),
            Sample = static (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = activity =>
            {
                shown.Enqueue(activity.DisplayName + activity.StatusDescription);
                foreach (KeyValuePair<string, object?> tag in activity.TagObjects)
                {
                    shown.Enqueue($"{tag.Key}={tag.Value}");
                }
            },
        };
        ActivitySource.AddActivityListener(listener);
        return listener;
    }

    private static async Task<HttpResponseMessage> Ims(Case @case, HttpRequestMessage request, ConcurrentQueue<string> jwts)
    {
        string body = await request.Content!.ReadAsStringAsync();
        Dictionary<string, string> form = body.Split('&').Select(pair => pair.Split('=')).ToDictionary(pair => pair[0], pair => WebUtility.UrlDecode(pair[1]));
        if (form.TryGetValue("jwt_token", out string? jwt))
        {
            jwts.Enqueue(jwt);
        }

        // The worst case is an identity service that repeats everything, decoded and as received.
        string everything = string.Join(" | ", form.Values) + " | " + body + " | " + Uri.EscapeDataString(@case.Secret);
        string granted = Json(("access_token", @case.Token), ("token_type", "bearer"), ("expires_in", "86399"));
        return @case.Ims switch
        {
            "secret refused" => Answer(400, Json(("error", "invalid_client"), ("error_description", "invalid client_secret parameter"))),
            "other error" => Answer(401, Json(("error", "invalid_client"), ("error_description", everything))),
            "echo" => Answer(400, Json(("error", everything), ("error_description", everything)), @case.Jwt ? null : ("X-Debug-Id", Uri.EscapeDataString(form["client_secret"]))),
            "server error" => Answer(503, everything),
            "html" => Answer(200, $"<html>{everything}</html>"),
            "cut off" => Answer(200, granted[..^12]),
            "no lifetime" => Answer(200, Json(("access_token", "opaque-" + @case.Token))),
            "no token" => Answer(200, Json(("token", @case.Token), ("echo", everything))),
            "throttled" => Answer(429, everything, ("Retry-After", "120")),
            "broken" => throw new HttpRequestException("The connection was reset."),
            "throws" => throw new TimeoutException(),
            _ => Answer(200, granted),
        };
    }

    private static HttpResponseMessage Service(Case @case, HttpRequestMessage request)
    {
        string echo = $"{request.Headers.NonValidated["Authorization"]} for https://storage.example/in.psd?sig=Sig-Nature-4711-Value";
        return @case.Service switch
        {
            "refused for good" => Answer(401, Json(("error_code", "401013"), ("message", echo))),
            "not entitled" => Answer(403, Json(("error_code", "403003"), ("message", echo)), ("X-Request-Id", "r-1")),
            "invalid" => Answer(400, Json(("message", echo), ("requestId", "r-1"))),
            "server error" => Answer(500, echo),
            "throttled" => Answer(429, echo, ("Retry-After", "3")),
            "redirect" => Answer(307, "", ("Location", $"https://elsewhere.example/?token={@case.Token}")),
            "html" => Answer(200, $"<html>{echo}</html>"),
            "broken" => throw new HttpRequestException("The connection was reset."),
            "throws" => throw new TimeoutException(),
            _ => Answer(200, """{"ok":true,"requestId":"r-1"}"""),
        };
    }

    private static string Json(params (string Name, string Value)[] fields) =>
        new JsonObject(fields.Select(field => KeyValuePair.Create(field.Name, (JsonNode?)field.Value))).ToJsonString();

    private static HttpResponseMessage Answer(int status, string body, (string Name, string Value)? header = null)
    {
        HttpResponseMessage response = FakeIms.Json((HttpStatusCode)status, body);
        if (header is { } set)
        {
            response.Headers.TryAddWithoutValidation(set.Name, set.Value);
        }

        return response;
    }

    private sealed record Case(string Secret, string SecondSecret, string Token, string Ims, string Service, bool Jwt);

    private sealed class Answering(Func<HttpRequestMessage, Task<HttpResponseMessage>> answer) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) => answer(request);
    }
}
